import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createUpstreamFetch } from "../../../../../lambdas/common/platform/upstream-http/upstream-fetch.ts";
import { patient } from "../../../../helpers/source-context.ts";

let server: Server | undefined;
const sockets = new Set<Socket>();
let connections = 0;

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  connections = 0;
  server?.close();
});

const listen = async (answer: RequestListener): Promise<string> => {
  server = createServer(answer);
  server.on("connection", (socket) => {
    connections += 1;
    sockets.add(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const bodyOf = async (request: AsyncIterable<unknown>): Promise<string> => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
};

describe("a request that is opened", () => {
  it("has its connection, and reaches the server only when it is sent", async () => {
    const seen: string[] = [];
    const url = await listen(async (request, response) => {
      seen.push(await bodyOf(request));
      response.end("answer");
    });
    const { connections: upstream } = createUpstreamFetch("Enrichline/test");
    const request = await upstream?.open(url, { method: "POST", body: "words", signal: patient() });
    expect(connections).toBe(1);
    expect(seen).toEqual([]);
    expect(request?.isOpen()).toBe(true);
    const response = await request?.send();
    expect(await response?.text()).toBe("answer");
    expect(seen).toEqual(["words"]);
  });

  it("uses the connection that was opened for it, and leaves it to the next one", async () => {
    const url = await listen((_request, response) => response.end("answer"));
    const fetch = createUpstreamFetch("Enrichline/test");
    await fetch.connections?.connect(url, patient());
    await fetch.connections?.connect(url, patient());
    for (let call = 0; call < 3; call += 1) await (await fetch(url)).text();
    expect(connections).toBe(1);
  });

  it("says that its connection was closed while it waited, and fails when it is sent all the same", async () => {
    const url = await listen((_request, response) => response.end("answer"));
    const { connections: upstream } = createUpstreamFetch("Enrichline/test");
    const request = await upstream?.open(url, { signal: patient() });
    const closed = [...sockets].map((socket) => once(socket, "close"));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
    await expect.poll(() => request?.isOpen()).toBe(false);
    await expect(request?.send()).rejects.toThrow();
  });

  it("is dropped when its call is given up", async () => {
    const url = await listen((_request, response) => response.end("answer"));
    const { connections: upstream } = createUpstreamFetch("Enrichline/test");
    const given = new AbortController();
    const request = await upstream?.open(url, { signal: given.signal });
    given.abort(new Error("the slot was missed"));
    await expect.poll(() => request?.isOpen()).toBe(false);
  });
});

describe("the fetch of the functions", () => {
  it("sends what fetch would: method, headers, text and forms with their length", async () => {
    const seen: { method?: string | undefined; headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
    const url = await listen(async (request, response) => {
      seen.push({ method: request.method, headers: request.headers, body: await bodyOf(request) });
      response.end();
    });
    const fetch = createUpstreamFetch("Enrichline/test");
    await (await fetch(`${url}/a?b=c`, { method: "POST", headers: { "x-own": "1" }, body: "wörter" })).text();
    await (await fetch(url, { method: "POST", body: new URLSearchParams({ grant: "a b" }) })).text();
    expect(seen[0]).toMatchObject({ method: "POST", body: "wörter", headers: { "x-own": "1", "content-length": "7" } });
    expect(seen[1]).toMatchObject({
      body: "grant=a+b",
      headers: { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" },
    });
    await expect(fetch(url, { method: "POST", body: new Blob(["x"]) })).rejects.toThrow(TypeError);
  });

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ] as const)("decodes %s, and gives status and headers as they came", async (encoding, encode) => {
    const url = await listen((_request, response) => {
      response.writeHead(429, { "content-encoding": encoding, "retry-after": "7" });
      response.end(encode("slower"));
    });
    const response = await createUpstreamFetch("Enrichline/test")(url);
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await response.text()).toBe("slower");
  });

  it("names itself, whatever its caller would be called", async () => {
    let seen: string | undefined;
    const url = await listen((request, response) => {
      seen = request.headers["user-agent"];
      response.end("answer");
    });
    await createUpstreamFetch("Enrichline/test (+ops@shop.example)")(url, { headers: { "User-Agent": "Mozilla/5.0" } });
    expect(seen).toBe("Enrichline/test (+ops@shop.example)");
  });

  it("fails when the body is cut, and when the address cannot be reached", async () => {
    const url = await listen((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    const fetch = createUpstreamFetch("Enrichline/test");
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
    server?.close();
    await once(server as Server, "close");
    await expect(fetch(url)).rejects.toThrow();
    await expect(fetch.connections?.connect(url, patient())).rejects.toThrow();
  });

  it("follows no redirect", async () => {
    const url = await listen((_request, response) => response.writeHead(302, { location: "/elsewhere" }).end());
    const response = await createUpstreamFetch("Enrichline/test")(url);
    expect([response.status, response.headers.get("location")]).toEqual([302, "/elsewhere"]);
    await response.text();
  });
});
