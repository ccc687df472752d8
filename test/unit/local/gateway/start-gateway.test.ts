import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Gateway, startGateway } from "../../../../local/gateway/start-gateway.ts";
import type { Upgrade } from "../../../../local/web-sockets/start-web-sockets.ts";

let gateway: Gateway;
let emulator: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
/** Targets of the WebSockets that were handed on; each is refused. */
let upgrades: (string | undefined)[] = [];
const webSockets = {
  open: ({ incoming, socket }: Upgrade): void => {
    upgrades.push(incoming.url);
    socket.end("HTTP/1.1 418 No\r\nconnection: close\r\n\r\n");
  },
};

beforeEach(async () => {
  upgrades = [];
  emulator = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => emulator.listen(0, "127.0.0.1", resolve));
  gateway = await startGateway({ port: 0, instanceId: "instance-1", outputsFile: "/state/<outputs>.json" });
});
afterEach(async () => {
  await gateway.stop();
  emulator.closeAllConnections();
  await new Promise((resolve) => emulator.close(resolve));
});
const open = (): void => {
  const { port } = emulator.address() as AddressInfo;
  gateway.open({ emulatorUrl: `http://127.0.0.1:${port}`, apiId: "api1", webSockets });
};

test("method, path, body and headers reach the API, and its status, headers and body come back", async () => {
  open();
  answer = async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    response.writeHead(202, { "content-type": "application/json", "access-control-allow-origin": "http://x" });
    response.end(
      JSON.stringify({ method: request.method, url: request.url, type: request.headers["content-type"], body }),
    );
  };
  const response = await fetch(`${gateway.url}/api/v1/catalogs?name=a%20b`, {
    method: "POST",
    headers: { "content-type": "text/csv" },
    body: "asin\nB000000001\n",
  });
  expect(response.status).toBe(202);
  expect(response.headers.get("access-control-allow-origin")).toBe("http://x");
  expect(await response.json()).toEqual({
    method: "POST",
    url: "/_aws/execute-api/api1/$default/api/v1/catalogs?name=a%20b",
    type: "text/csv",
    body: "asin\nB000000001\n",
  });
});

test("a preflight request is left to the API", async () => {
  open();
  answer = (request, response) => response.writeHead(request.method === "OPTIONS" ? 204 : 500).end();
  expect((await fetch(`${gateway.url}/api/v1/catalogs`, { method: "OPTIONS" })).status).toBe(204);
});

test("an answer is passed on piece by piece, before it is complete", async () => {
  open();
  let finish: () => void = () => {};
  answer = (_, response) => {
    response.write("first");
    finish = () => response.end("last");
  };
  const response = await fetch(`${gateway.url}/api/v1/stream`);
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("first");
  finish();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("last");
});

test("before the stack is ready the API answers 503 as problem+json, but the page is there", async () => {
  const early = await fetch(`${gateway.url}/api/v1/health`);
  expect(early.status).toBe(503);
  expect(early.headers.get("content-type")).toBe("application/problem+json");
  expect(await early.json()).toMatchObject({ code: "starting", status: 503 });
  const page = await (await fetch(gateway.url)).text();
  expect(page).toContain("/api/v1/docs");
  expect(page).toContain("/state/&lt;outputs>.json");
});

test("an emulator that is gone is a 502 that says what to do", async () => {
  gateway.open({ emulatorUrl: "http://127.0.0.1:1", apiId: "api1", webSockets });
  const response = await fetch(`${gateway.url}/api/v1/health`);
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({
    code: "emulator_unreachable",
    detail: expect.stringContaining("local:stop"),
  });
});

/** @returns the status that a WebSocket is refused with */
const refusedWith = (path: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    const socket = new WebSocket(gateway.url.replace(/^http/, "ws") + path);
    socket.on("error", () => {});
    socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
  });

test("a WebSocket at /live is handed on with its query; before the stack is ready, or elsewhere, it is refused", async () => {
  expect(await refusedWith("/live")).toBe(503);
  open();
  expect(await refusedWith("/live?ticket=t")).toBe(418);
  expect(await refusedWith("/other")).toBe(404);
  expect(upgrades).toEqual(["/live?ticket=t"]);
});

test("anything else is a 404, and the instance tells its id", async () => {
  expect((await fetch(`${gateway.url}/favicon.ico`)).status).toBe(404);
  expect(await (await fetch(`${gateway.url}/_local/instance`)).text()).toBe("instance-1");
});

test("a second gateway takes another port when the wanted one is in use", async () => {
  const port = Number(new URL(gateway.url).port);
  const second = await startGateway({ port, instanceId: "instance-2", outputsFile: "x" });
  try {
    expect(second.url).not.toBe(gateway.url);
    expect(await (await fetch(`${second.url}/_local/instance`)).text()).toBe("instance-2");
    expect(await (await fetch(`${gateway.url}/_local/instance`)).text()).toBe("instance-1");
  } finally {
    await second.stop();
  }
});
