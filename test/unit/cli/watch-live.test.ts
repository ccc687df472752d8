import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type WebSocket as ServerSocket, WebSocketServer } from "ws";
import { CATALOG_ID, type Seen, status } from "./harness/fake-api.ts";
import { type Harness, openHarness } from "./harness/harness.ts";

let harness: Harness;
let server: WebSocketServer;
/** Addresses that connections were opened with. */
let opened: string[];
/** Plays the WebSocket API: what a subscribed connection is sent. */
let onSubscribe: (socket: ServerSocket) => void;

beforeEach(() => {
  opened = [];
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket, request) => {
    opened.push(request.url ?? "");
    socket.on("message", () => onSubscribe(socket));
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await harness.close();
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
});

const push = (socket: ServerSocket, enriched: number, sequence: number, state = "running"): void =>
  socket.send(
    JSON.stringify({
      ...{ type: "catalog_progress", catalog_id: CATALOG_ID, tracking_id: `enrich_${CATALOG_ID}_1`, sequence, state },
      ...{
        counts: { pending: 20 - enriched, enriched, failed: 0, cancelled: 0 },
        updated_at: "2026-08-01T12:00:00.000Z",
      },
    }),
  );

/** Time does not pass: one that waits is woken by what is pushed, or by a connection that ends. */
const sleep = (_: number, signal?: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** @param later status from the second read on */
const open = async (later: ReturnType<typeof status>): Promise<void> => {
  let reads = 0;
  let tickets = 0;
  harness = await openHarness(({ path }: Seen) => {
    if (path.endsWith("/config")) {
      return { status: 200, body: { web_socket_url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/live` } };
    }
    if (path.endsWith("/live/tickets")) {
      tickets += 1;
      return { status: 201, body: { ticket: `ticket-${tickets}`, expires_at: "2026-08-01T12:01:00.000Z" } };
    }
    reads += 1;
    return { status: 200, body: reads === 1 ? status("running", 2, 0) : later };
  });
};
const reads = (): number => harness.calls().filter(({ path }) => path.endsWith("/status")).length;

it("watch shows what is pushed, ignores what is older, and reads the whole status at the end only", async () => {
  onSubscribe = (socket) => {
    push(socket, 2, 1);
    push(socket, 10, 5);
    push(socket, 6, 3);
    setImmediate(() => setImmediate(() => push(socket, 20, 9, "completed")));
  };
  await open(status("completed", 20, 0, { sequence: 9 }));
  const { code, out, err } = await harness.cli(["watch", CATALOG_ID, "--json"], {
    io: { webSocket: globalThis.WebSocket, sleep },
  });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(status("completed", 20, 0, { sequence: 9 }));
  expect(err).not.toContain("6/20");
  expect([reads(), opened]).toEqual([2, ["/live?ticket=ticket-1"]]);
});

it("watch ignores messages of types that it does not know, and what is no JSON", async () => {
  onSubscribe = (socket) => {
    push(socket, 2, 1);
    socket.send("later versions may say more");
    socket.send(JSON.stringify({ type: "product_update", catalog_id: CATALOG_ID, sequence: 99, state: "completed" }));
    setImmediate(() => setImmediate(() => push(socket, 20, 9, "completed")));
  };
  await open(status("completed", 20, 0, { sequence: 9 }));
  const { code } = await harness.cli(["watch", CATALOG_ID, "--json"], {
    io: { webSocket: globalThis.WebSocket, sleep },
  });
  expect([code, reads(), opened]).toEqual([0, 2, ["/live?ticket=ticket-1"]]);
});

it("watch ends as soon as it is pushed that the file was refused", async () => {
  const refused = { ...status("running", 0, 0), tracking_id: null, state: "ingest_failed", sequence: 2 } as const;
  onSubscribe = (socket) =>
    socket.send(
      JSON.stringify({
        ...{ type: "catalog_progress", catalog_id: CATALOG_ID, tracking_id: null, sequence: 2, state: "ingest_failed" },
        ...{ counts: refused.counts, updated_at: "2026-08-01T12:00:00.000Z" },
      }),
    );
  await open({ ...refused, failure: "The file is empty." });
  const { code } = await harness.cli(["watch", CATALOG_ID, "--json"], {
    io: { webSocket: globalThis.WebSocket, sleep },
  });
  expect([code, reads()]).toEqual([1, 2]);
});

it("watch reads the status as soon as the connection breaks, and ends with it", async () => {
  onSubscribe = (socket) => {
    push(socket, 2, 1);
    setImmediate(() => socket.terminate());
  };
  await open(status("completed_with_failures", 19, 1, { sequence: 9 }));
  const { code } = await harness.cli(["watch", CATALOG_ID, "--json"], {
    io: { webSocket: globalThis.WebSocket, sleep },
  });
  expect([code, reads()]).toEqual([1, 2]);
});

it("watch polls where no WebSocket can be opened", async () => {
  await open(status("completed", 20, 0, { sequence: 9 }));
  const { code } = await harness.cli(["watch", CATALOG_ID, "--json"]);
  expect([code, reads(), opened]).toEqual([0, 2, []]);
});

it("watch polls a stage whose WebSocket opens and says nothing", async () => {
  onSubscribe = () => {};
  await open(status("completed", 20, 0, { sequence: 9 }));
  const { code } = await harness.cli(["watch", CATALOG_ID, "--json"], { io: { webSocket: globalThis.WebSocket } });
  expect([code, reads(), opened.length <= 1]).toEqual([0, 2, true]);
});

it("watch polls where every WebSocket is refused", async () => {
  server.options.verifyClient = (_: unknown, done: (isGood: boolean) => void) => done(false);
  await open(status("completed", 20, 0, { sequence: 9 }));
  const { code } = await harness.cli(["watch", CATALOG_ID, "--json"], { io: { webSocket: globalThis.WebSocket } });
  expect([code, reads(), opened]).toEqual([0, 2, []]);
});

it("watch pings every five minutes, because API Gateway ends a connection that is silent for ten", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const heard: string[] = [];
  server.on("connection", (socket) => socket.on("message", (data) => heard.push(JSON.parse(String(data)).action)));
  const passFiveMinutes = (): void => {
    if (heard.length > 1) return;
    vi.advanceTimersByTime(5 * 60_000);
    setImmediate(passFiveMinutes);
  };
  onSubscribe = (socket) => {
    if (heard.length > 0) return push(socket, 20, 9, "completed");
    push(socket, 2, 1);
    setImmediate(passFiveMinutes);
  };
  await open(status("completed", 20, 0, { sequence: 9 }));
  await harness.cli(["watch", CATALOG_ID, "--json"], { io: { webSocket: globalThis.WebSocket, sleep } });
  expect(heard.slice(0, 2)).toEqual(["subscribe_to_catalog", "ping"]);
});
