import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { ConnectionEventSchema } from "../../../../lambdas/live-connections/connection-event.ts";
import { clientConfig } from "../../../../local/aws-environment.ts";
import type { Invocation } from "../../../../local/web-sockets/invoke-function.ts";
import { DURATION_MS, IDLE_MS, NEW_CONNECTIONS_PER_SECOND } from "../../../../local/web-sockets/quotas.ts";
import { startWebSockets, type WebSockets } from "../../../../local/web-sockets/start-web-sockets.ts";

interface Seen {
  readonly requestContext: Record<string, unknown> & { readonly connectionId: string; readonly eventType: string };
  readonly headers?: Record<string, string>;
  readonly queryStringParameters?: Record<string, string>;
  readonly body?: string;
}

let webSockets: WebSockets;
let door: Server;
let events: Seen[];
let answer: (event: Seen, isWanted?: () => boolean) => Promise<number | undefined>;
let isAllowed: boolean;
let nowMs: number;
const clients: WebSocket[] = [];

beforeEach(async () => {
  [events, answer, isAllowed, nowMs] = [[], async () => 200, true, 1_000];
  const invoke = ({ event, isWanted }: Invocation): Promise<number | undefined> => {
    events.push(event as Seen);
    return answer(event as Seen, isWanted);
  };
  webSockets = await startWebSockets({
    api: { apiId: "ws1", stage: "live" },
    routes: {
      selection: "$request.body.action",
      functions: new Map(["$connect", "$default", "$disconnect"].map((route) => [route, "arn:of:function"])),
    },
    invoke,
    mayManage: async () => isAllowed,
    now: () => nowMs,
  });
  door = createServer();
  door.on("upgrade", (incoming, socket, head) => webSockets.open({ incoming, socket, head }));
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
});
afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients.splice(0)) client.terminate();
  await webSockets.stop();
  door.closeAllConnections();
  door.close();
});

const connect = (query = ""): WebSocket => {
  const client = new WebSocket(`ws://127.0.0.1:${(door.address() as AddressInfo).port}/live${query}`, {
    headers: { "X-Some": "thing" },
  });
  client.on("error", () => {});
  clients.push(client);
  return client;
};
const opened = async (): Promise<{ client: WebSocket; id: string }> => {
  const client = connect();
  await once(client, "open");
  return {
    client,
    id:
      events.findLast(({ requestContext: { eventType } }) => eventType === "CONNECT")?.requestContext.connectionId ??
      "",
  };
};
const refusal = async (client: WebSocket): Promise<number | undefined> => {
  const [, response] = await once(client, "unexpected-response");
  return response.statusCode;
};
const manage = (method: string, id: string, body?: string): Promise<Response> =>
  fetch(`${webSockets.connectionsUrl}/@connections/${encodeURIComponent(id)}`, { method, ...(body ? { body } : {}) });
const eventOf = async (type: string): Promise<Seen> =>
  vi.waitUntil(() => events.find(({ requestContext }) => requestContext.eventType === type));

describe("a handshake", () => {
  it("opens when the function of $connect answers 2xx, which gets headers as they were sent and the query", async () => {
    const client = connect("?ticket=a%2Fb");
    await once(client, "open");
    expect(events).toMatchObject([
      {
        requestContext: { routeKey: "$connect", eventType: "CONNECT", stage: "live", apiId: "ws1", connectedAt: nowMs },
        headers: { "X-Some": "thing" },
        queryStringParameters: { ticket: "a/b" },
      },
    ]);
    expect(ConnectionEventSchema.safeParse(events[0]).success).toBe(true);
  });

  it("is refused with the status that the function answers; a function that fails is a 502", async () => {
    answer = async () => 403;
    expect(await refusal(connect())).toBe(403);
    answer = async () => undefined;
    expect(await refusal(connect())).toBe(502);
  });

  it("is not open for messages before its function has answered", async () => {
    let early: Promise<Response> | undefined;
    answer = async ({ requestContext }) => {
      early = manage("POST", requestContext.connectionId, "too early");
      return (await early).status === 410 ? 200 : 500;
    };
    await once(connect(), "open");
    expect((await early)?.status).toBe(410);
  });

  it("is not wanted any more once its client has gone, and is closed again if its function has run", async () => {
    let isStillWanted = true;
    answer = async ({ requestContext }, isWanted) => {
      if (requestContext.eventType !== "CONNECT") return 200;
      client.terminate();
      isStillWanted = await vi.waitUntil(() => isWanted?.() === false).then(() => false);
      return 200;
    };
    const client = connect();
    expect((await eventOf("DISCONNECT")).requestContext.connectionId).toBe(events[0]?.requestContext.connectionId);
    expect(isStillWanted).toBe(false);
  });

  it("is refused beyond the quota of new connections a second", async () => {
    answer = async () => 403;
    for (let n = 0; n < NEW_CONNECTIONS_PER_SECOND; n += 50) {
      await Promise.all(Array.from({ length: 50 }, () => refusal(connect())));
    }
    expect(await refusal(connect())).toBe(429);
    nowMs += 2;
    expect(await refusal(connect())).toBe(403);
  });
});

describe("a message", () => {
  it("goes to its route's function as text", async () => {
    const { client, id } = await opened();
    client.send('{"action":"ping"}');
    expect(await eventOf("MESSAGE")).toMatchObject({
      requestContext: { routeKey: "$default", connectionId: id, messageId: expect.any(String) },
      body: '{"action":"ping"}',
      isBase64Encoded: false,
    });
  });

  it("whose function fails is answered as API Gateway answers it", async () => {
    const { client, id } = await opened();
    answer = async () => undefined;
    client.send("{}");
    const [data] = await once(client, "message");
    expect(JSON.parse(String(data))).toEqual({
      ...{ message: "Internal server error", connectionId: id, requestId: expect.any(String) },
    });
  });

  it.each([
    ["a frame over 32 KB", 1009, (client: WebSocket) => client.send("x".repeat(32 * 1_024 + 1))],
    ["binary data", 1003, (client: WebSocket) => client.send(Buffer.from([1]))],
    [
      "a message over 128 KB in small frames",
      1009,
      (client: WebSocket) => {
        for (let n = 0; n < 5; n += 1) client.send("x".repeat(30 * 1_024), { fin: n === 4 });
      },
    ],
  ])("that is %s closes with %i", async (_, code, send) => {
    const { client } = await opened();
    send(client);
    const [closed] = await once(client, "close");
    expect(closed).toBe(code);
    expect(events.map(({ requestContext }) => requestContext.eventType)).not.toContain("MESSAGE");
    await eventOf("DISCONNECT");
  });

  it("of 32 KB, in one frame, arrives", async () => {
    const { client } = await opened();
    client.send("x".repeat(32 * 1_024));
    expect((await eventOf("MESSAGE")).body).toHaveLength(32 * 1_024);
  });
});

describe("functions", () => {
  it("write to connections, also long messages, and by the client of the SDK", async () => {
    const { client, id } = await opened();
    const texts: string[] = [];
    client.on("message", (data) => texts.push(String(data)));
    const sdk = new ApiGatewayManagementApiClient(clientConfig(webSockets.connectionsUrl));
    await sdk.send(new PostToConnectionCommand({ ConnectionId: id, Data: Buffer.from("hello") }));
    sdk.destroy();
    const long = "é".repeat(50_000);
    expect((await manage("POST", id, long)).status).toBe(200);
    await vi.waitUntil(() => texts.length === 2);
    expect(texts).toEqual(["hello", long]);
    expect((await manage("POST", id, "x".repeat(128 * 1_024 + 1))).status).toBe(413);
  });

  it("read and close connections; what is gone is a 410", async () => {
    const { client, id } = await opened();
    expect(await (await manage("GET", id)).json()).toMatchObject({ connectedAt: "1970-01-01T00:00:01.000Z" });
    expect((await manage("DELETE", id)).status).toBe(204);
    await once(client, "close");
    await eventOf("DISCONNECT");
    for (const method of ["GET", "POST", "DELETE"]) {
      const gone = await manage(method, id, method === "POST" ? "x" : undefined);
      expect([gone.status, gone.headers.get("x-amzn-errortype")]).toEqual([410, "GoneException"]);
    }
  });

  it("that have no right get 403, and nothing arrives", async () => {
    const { client, id } = await opened();
    const onMessage = vi.fn();
    client.on("message", onMessage);
    isAllowed = false;
    expect((await manage("POST", id, "x")).status).toBe(403);
    isAllowed = true;
    await manage("DELETE", id);
    await once(client, "close");
    expect(onMessage).not.toHaveBeenCalled();
  });
});

describe("a connection", () => {
  it("whose client reads nothing is limited after a megabyte, which holds up nobody and may be closed", async () => {
    const slow = await opened();
    const quick = await opened();
    slow.client.pause();
    const arrived = vi.fn();
    quick.client.on("message", arrived);
    let [sent, status] = [0, 200];
    for (; status === 200; sent += 1) ({ status } = await manage("POST", slow.id, "x".repeat(100_000)));
    expect(status).toBe(429);
    expect(sent).toBeLessThan(200);
    await manage("POST", quick.id, "still here");
    await vi.waitUntil(() => arrived.mock.calls.length === 1);
    expect((await manage("DELETE", slow.id)).status).toBe(204);
    expect((await manage("POST", slow.id, "x")).status).toBe(410);
    slow.client.resume();
    expect((await eventOf("DISCONNECT")).requestContext.connectionId).toBe(slow.id);
  });

  it.each([
    ["is silent for ten minutes", IDLE_MS, 0],
    ["is two hours old, however much it sends", DURATION_MS, IDLE_MS / 2],
  ])("that %s is closed", async (_, afterMs, everyMs) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { client, id } = await opened();
    const closed = once(client, "close");
    const beats = everyMs ? Math.floor((afterMs - 1) / everyMs) : 0;
    for (let n = 0; n < beats; n += 1) {
      vi.advanceTimersByTime(everyMs);
      expect((await manage("POST", id, "beat")).status).toBe(200);
    }
    vi.advanceTimersByTime(afterMs - beats * everyMs - 1);
    expect((await manage("GET", id)).status).toBe(200);
    vi.advanceTimersByTime(1);
    expect((await closed)[0]).toBe(1001);
  });
});
