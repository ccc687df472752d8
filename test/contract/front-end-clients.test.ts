import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { QueryClient } from "@tanstack/query-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ShopProduct } from "../../lambdas/common/core/shop/shop-product.ts";
import { createApp } from "../../lambdas/shop-api/app.ts";
import { silentLog } from "../helpers/silent.ts";
import { Browser } from "../helpers/worlds/browser.ts";
import { CATALOG, LiveWorld } from "../helpers/worlds/live-world.ts";
import { captionBody, ShopWorld, shopRecord, thumbnailsBody } from "../helpers/worlds/shop-world.ts";

/*
 * The clients of docs/live.md, as they stand there, against the functions of live updates and of the shop in memory.
 */

const API = "https://api.invalid/api/v1";
const SELLER = "anna";
const SOCKET = "wss://live.invalid/live";
const NOON = Date.UTC(2026, 10, 29, 12);

type Stop = () => void;
interface Clients {
  readonly watchCatalog: (options: Record<string, unknown>) => Stop;
  readonly watchSeller: (options: Record<string, unknown>) => Stop;
  readonly productsOf: (apiUrl: string, seller: string) => { queryKey: string[] };
  readonly followSeller: (options: Record<string, unknown>) => Promise<Stop>;
}

const document = readFileSync(join(import.meta.dirname, "../../docs/live.md"), "utf8");
const blocks = [...document.matchAll(/```js\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
const code = blocks.join("\n");

let live: LiveWorld;
let shop: ShopWorld;
let browser: Browser;
let clients: Clients;
/** Paths that were read, without their query. */
let read: string[];
/** Status of the catalog that polls are answered. */
let status: Record<string, unknown>;
/** The token that the API takes. */
let goodToken: string;
let stop: Stop | undefined;

const answer = (body: unknown): Response => Response.json(body);

const pageFetch = async (address: string, init?: RequestInit): Promise<Response> => {
  const { pathname } = new URL(address);
  const path = pathname.replace("/api/v1", "");
  read.push(path);
  if (browser.isOffline && path === "/config") throw new TypeError("the network is away");
  if (path === "/config") return answer({ web_socket_url: SOCKET });
  if (path === "/live/tickets" || path.startsWith("/catalogs/")) {
    const isKnown = new Headers(init?.headers).get("authorization") === `Bearer ${goodToken}`;
    if (!isKnown) return Response.json({ message: "Unauthorized" }, { status: 401 });
  }
  if (path === "/live/tickets") {
    expect(init).toMatchObject({ method: "POST" });
    return answer(await live.tickets.issue("user-1", Date.now()));
  }
  if (path.startsWith("/catalogs/")) return answer(status);
  shop.nowMs = Date.now();
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const app = createApp({ clock, newId: () => "id-00000001", logger: silentLog, products: shop.shopProducts });
  return app.request(address, init);
};

/** Makes a product, and pushes it as the stream does. */
const make = async (video: string): Promise<ShopProduct> => {
  shop.nowMs = Date.now();
  await shop.assemble([shopRecord("1", captionBody(video)), shopRecord("2", thumbnailsBody(video))]);
  const product = await shop.shopProducts.get({ seller_handle: SELLER, video_id: video });
  if (!product) throw new Error(`${video} was not made`);
  await live.broadcastProducts(0, [product]);
  return product;
};

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
  live = new LiveWorld();
  live.nowMs = NOON;
  shop = new ShopWorld();
  browser = new Browser(live);
  read = [];
  goodToken = "token-1";
  clients = new Function(
    "fetch",
    "WebSocket",
    `${code.replaceAll("export const", "const")}
    return { watchCatalog, watchSeller, productsOf, followSeller };`,
  )(pageFetch, browser.WebSocket);
});
afterEach(() => {
  stop?.();
  stop = undefined;
  expect(vi.getTimerCount(), "timers that the client leaves behind").toBe(0);
  expect(browser.uncaught).toEqual([]);
  vi.useRealTimers();
});

describe("the client for products of a seller", () => {
  const start = async (): Promise<string[]> => {
    const shown: string[] = [];
    stop = clients.watchSeller({
      ...{ apiUrl: API, socketUrl: SOCKET, seller: SELLER, since: new Date(NOON - 5_000).toISOString() },
      onProducts: (products: ShopProduct[]) => shown.push(...products.map(({ video_id }) => video_id)),
    });
    await vi.advanceTimersByTimeAsync(0);
    return shown;
  };

  it("shows what is pushed at once, each product once, also when reads and later pushes bring it again", async () => {
    const shown = await start();
    const product = await make("v1");
    expect(shown).toEqual(["v1"]);
    await live.broadcastProducts(1, [product]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(read.filter((path) => path.startsWith("/shop/")).length).toBeGreaterThan(0);
    expect(shown).toEqual(["v1"]);
  });

  it("ignores messages of types that it does not know", async () => {
    const shown = await start();
    const before = read.length;
    browser.hear({ type: "product_update", product: { seller_handle: SELLER, video_id: "v9" } });
    await vi.advanceTimersByTimeAsync(0);
    expect([shown, read.length]).toEqual([[], before]);
    await make("v1");
    expect(shown).toEqual(["v1"]);
  });

  it("reads with since while it is disconnected, and subscribes again", async () => {
    const shown = await start();
    browser.isOffline = true;
    browser.drop();
    await make("v1");
    await make("v2");
    await vi.advanceTimersByTimeAsync(15_000);
    expect(shown.toSorted()).toEqual(["v1", "v2"]);
    const tries = browser.opened.length;
    browser.isOffline = false;
    await vi.advanceTimersByTimeAsync(40_000);
    expect(browser.opened.length).toBeGreaterThan(tries);
    await make("v3");
    expect(shown).toHaveLength(3);
  });

  it("shows at once after a reconnect what was missed over it", async () => {
    const shown = await start();
    browser.isOffline = true;
    browser.drop();
    await make("v1");
    // Older than the list holds back, and before the next poll is due.
    vi.setSystemTime(Date.now() + 6_000);
    browser.isOffline = false;
    const before = read.length;
    while (browser.opened.length < 2) await vi.advanceTimersToNextTimerAsync();
    await vi.advanceTimersByTimeAsync(0);
    expect(Date.now() - NOON, "it has not polled yet").toBeLessThan(11_000);
    expect(read.slice(before)).toEqual([`/shop/${SELLER}/products`]);
    expect(shown).toEqual(["v1"]);
  });

  it("shows soon after a reconnect what was made in its last seconds, which the list still held back", async () => {
    const shown = await start();
    await vi.advanceTimersByTimeAsync(20_000);
    browser.drop();
    await make("v1");
    while (browser.opened.length < 2) await vi.advanceTimersToNextTimerAsync();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(shown).toEqual(["v1"]);
  });

  it("has 30 lines, as the formatter writes them", () => {
    const client = blocks.find((block) => block.includes("export const watchSeller")) ?? "";
    expect(client.trimEnd().split("\n")).toHaveLength(30);
    const root = join(import.meta.dirname, "../..");
    const format = [join(root, "node_modules/@biomejs/biome/bin/biome"), "format", "--stdin-file-path=client.js"];
    expect(execFileSync(process.execPath, format, { cwd: root, input: code, encoding: "utf8" })).toBe(code);
  });

  it("shows a product whose message was lost within a minute or so", async () => {
    const shown = await start();
    live.fault = () => "lost";
    await make("v1").catch(() => undefined);
    live.fault = () => "none";
    expect(shown).toEqual([]);
    await vi.advanceTimersByTimeAsync(70_000);
    expect(shown).toEqual(["v1"]);
  });
});

describe("the TanStack Query example", () => {
  it("loads once by REST, and patches its cache by pushes and by reads with since", async () => {
    await make("v0");
    await vi.advanceTimersByTimeAsync(6_000);
    const client = new QueryClient();
    stop = await clients.followSeller({ client, apiUrl: API, socketUrl: SOCKET, seller: SELLER });
    await vi.advanceTimersByTimeAsync(0);
    const videos = (): string[] => {
      const list = client.getQueryData<{ products: ShopProduct[] }>(clients.productsOf(API, SELLER).queryKey);
      return (list?.products ?? []).map(({ video_id }) => video_id);
    };
    expect(videos()).toEqual(["v0"]);
    await make("v1");
    expect(videos()).toEqual(["v1", "v0"]);
    browser.isOffline = true;
    browser.drop();
    await vi.advanceTimersByTimeAsync(10);
    await make("v2");
    await vi.advanceTimersByTimeAsync(15_000);
    expect(videos()).toEqual(["v2", "v1", "v0"]);
    client.clear();
  });

  it("keeps its list while nobody shows it, and throws nothing where the cache was cleared", async () => {
    // As in a browser; outside of one, queries without observers are kept for ever.
    const client = new QueryClient({ defaultOptions: { queries: { gcTime: 5 * 60_000 } } });
    stop = await clients.followSeller({ client, apiUrl: API, socketUrl: SOCKET, seller: SELLER });
    await vi.advanceTimersByTimeAsync(30 * 60_000);
    await make("v1");
    const { queryKey } = clients.productsOf(API, SELLER);
    expect(client.getQueryData(queryKey)).toMatchObject({ products: [{ video_id: "v1" }] });
    client.clear();
    await make("v2");
    expect(client.getQueryData(queryKey)).toBeUndefined();
  });
});

describe("the client for the progress of a catalog", () => {
  const progress = (sequence: number, enriched: number) => ({
    ...{ tracking_id: `enrich_${CATALOG}_1`, sequence, state: "running" },
    counts: { pending: 20 - enriched, enriched, failed: 0, cancelled: 0 },
  });

  it("shows the snapshot, what is pushed and, while it is disconnected, what it polls, and never anything older", async () => {
    const run = await live.putRun({ sequence: 1, pending: 18, enriched: 2 });
    status = progress(4, 9);
    const shown: number[] = [];
    stop = clients.watchCatalog({
      ...{ apiUrl: API, getToken: () => "token-1", catalogId: CATALOG, onError: () => undefined },
      onProgress: ({ sequence }: { sequence: number }) => shown.push(sequence),
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(shown).toEqual([1]);
    await live.broadcast(0, [{ ...run, sequence: 3 }]);
    await live.broadcast(1, [{ ...run, sequence: 2 }]);
    expect(shown).toEqual([1, 3]);
    browser.isOffline = true;
    browser.drop();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(shown).toEqual([1, 3, 4]);
    browser.isOffline = false;
    await live.putRun({ sequence: 6 });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(shown).toEqual([1, 3, 4, 6]);
    // Each connection has a ticket of its own.
    expect(new Set(browser.opened).size).toBe(browser.opened.length);
  });

  it("outlives its token: it reports what is refused, and is live again with the next token", async () => {
    const run = await live.putRun({ sequence: 1, pending: 18, enriched: 2 });
    status = progress(2, 5);
    let token = goodToken;
    const shown: number[] = [];
    const errors: string[] = [];
    stop = clients.watchCatalog({
      ...{ apiUrl: API, getToken: async () => token, catalogId: CATALOG },
      onProgress: ({ sequence }: { sequence: number }) => shown.push(sequence),
      onError: ({ message }: Error) => errors.push(message),
    });
    await vi.advanceTimersByTimeAsync(0);
    // Tokens live for an hour; after two, API Gateway closes the connection.
    goodToken = "token-2";
    browser.drop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shown).toEqual([1]);
    expect(new Set(errors)).toEqual(
      new Set(["POST /live/tickets answered 401", `GET /catalogs/${CATALOG}/status answered 401`]),
    );
    token = "token-2";
    await vi.advanceTimersByTimeAsync(40_000);
    expect(shown).toEqual([1, 2]);
    const before = errors.length;
    await live.broadcast(0, [{ ...run, sequence: 3 }]);
    expect(shown).toEqual([1, 2, 3]);
    expect(errors).toHaveLength(before);
  });

  it("opens nothing after its end", async () => {
    await live.putRun({ sequence: 1 });
    stop = clients.watchCatalog({
      ...{ apiUrl: API, getToken: () => goodToken, catalogId: CATALOG, onProgress: () => undefined },
    });
    stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(browser.opened).toEqual([]);
  });

  it("shows a catalog without a run to its end, and never what is older than a run", async () => {
    const catalog = await live.putCatalog({ state: "awaiting_upload" });
    const shown: unknown[] = [];
    stop = clients.watchCatalog({
      ...{ apiUrl: API, getToken: () => goodToken, catalogId: CATALOG },
      onProgress: ({ tracking_id, state }: { tracking_id: string; state: string }) => shown.push([tracking_id, state]),
    });
    await vi.advanceTimersByTimeAsync(0);
    await live.broadcast(0, [{ ...catalog, state: "ingest_failed" }]);
    expect(shown).toEqual([
      [null, "awaiting_upload"],
      [null, "ingest_failed"],
    ]);
    const run = await live.putRun({ batch_id: `enrich_${CATALOG}_2`, state: "running" });
    await live.broadcast(0, [run]);
    // From an instance that knows nothing of the run.
    await live.broadcast(1, [{ ...catalog, state: "ready" }]);
    await live.broadcast(1, [{ ...run, batch_id: `enrich_${CATALOG}_1`, sequence: 7 }]);
    expect(shown.slice(2)).toEqual([[run.batch_id, "running"]]);
  });

  it("ignores messages of types that it does not know", async () => {
    await live.putRun({ sequence: 1 });
    const shown: number[] = [];
    stop = clients.watchCatalog({
      ...{ apiUrl: API, getToken: () => goodToken, catalogId: CATALOG },
      onProgress: ({ sequence }: { sequence: number }) => shown.push(sequence),
    });
    await vi.advanceTimersByTimeAsync(0);
    browser.hear({ ...progress(9, 20), type: "product_update", catalog_id: CATALOG });
    expect(shown).toEqual([1]);
  });
});
