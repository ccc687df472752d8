import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ShopProduct } from "../../../lambdas/common/core/shop/shop-product.ts";
import { CLIENT_BLOCKS, CLIENT_CODE } from "./client-code.ts";
import { API, ClientPage, NOON, SELLER, SOCKET } from "./client-page.ts";

let page: ClientPage;
beforeEach(() => {
  page = new ClientPage();
});
afterEach(() => page.end());

describe("the client for products of a seller", () => {
  const start = async (): Promise<string[]> => {
    const shown: string[] = [];
    page.stop = page.clients.watchSeller({
      ...{ apiUrl: API, socketUrl: SOCKET, seller: SELLER, since: new Date(NOON - 5_000).toISOString() },
      onProducts: (products: ShopProduct[]) => shown.push(...products.map(({ video_id }) => video_id)),
    });
    await vi.advanceTimersByTimeAsync(0);
    return shown;
  };

  it("shows what is pushed at once, each product once, also when reads and later pushes bring it again", async () => {
    const shown = await start();
    const product = await page.make("v1");
    expect(shown).toEqual(["v1"]);
    await page.live.broadcastProducts(1, [product]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(page.read.filter((path) => path.startsWith("/shop/")).length).toBeGreaterThan(0);
    expect(shown).toEqual(["v1"]);
  });

  it("ignores messages of types that it does not know", async () => {
    const shown = await start();
    const before = page.read.length;
    page.browser.hear({ type: "product_update", product: { seller_handle: SELLER, video_id: "v9" } });
    await vi.advanceTimersByTimeAsync(0);
    expect([shown, page.read.length]).toEqual([[], before]);
    await page.make("v1");
    expect(shown).toEqual(["v1"]);
  });

  it("reads with since while it is disconnected, and subscribes again", async () => {
    const shown = await start();
    page.browser.isOffline = true;
    page.browser.drop();
    await page.make("v1");
    await page.make("v2");
    await vi.advanceTimersByTimeAsync(15_000);
    expect(shown.toSorted()).toEqual(["v1", "v2"]);
    const tries = page.browser.opened.length;
    page.browser.isOffline = false;
    await vi.advanceTimersByTimeAsync(40_000);
    expect(page.browser.opened.length).toBeGreaterThan(tries);
    await page.make("v3");
    expect(shown).toHaveLength(3);
  });

  it("shows at once after a reconnect what was missed over it", async () => {
    const shown = await start();
    page.browser.isOffline = true;
    page.browser.drop();
    await page.make("v1");
    // Older than the list holds back, and before the next poll is due.
    vi.setSystemTime(Date.now() + 6_000);
    page.browser.isOffline = false;
    const before = page.read.length;
    while (page.browser.opened.length < 2) await vi.advanceTimersToNextTimerAsync();
    await vi.advanceTimersByTimeAsync(0);
    expect(Date.now() - NOON, "it has not polled yet").toBeLessThan(11_000);
    expect(page.read.slice(before)).toEqual([`/shop/${SELLER}/products`]);
    expect(shown).toEqual(["v1"]);
  });

  it("shows soon after a reconnect what was made in its last seconds, which the list still held back", async () => {
    const shown = await start();
    await vi.advanceTimersByTimeAsync(20_000);
    page.browser.drop();
    await page.make("v1");
    while (page.browser.opened.length < 2) await vi.advanceTimersToNextTimerAsync();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(shown).toEqual(["v1"]);
  });

  it("has 30 lines, as the formatter writes them", () => {
    const client = CLIENT_BLOCKS.find((block) => block.includes("export const watchSeller")) ?? "";
    expect(client.trimEnd().split("\n")).toHaveLength(30);
    const root = join(import.meta.dirname, "../../..");
    const format = [join(root, "node_modules/@biomejs/biome/bin/biome"), "format", "--stdin-file-path=client.js"];
    expect(execFileSync(process.execPath, format, { cwd: root, input: CLIENT_CODE, encoding: "utf8" })).toBe(
      CLIENT_CODE,
    );
  });

  it("shows a product whose message was lost within a minute or so", async () => {
    const shown = await start();
    page.live.fault = () => "lost";
    await page.make("v1").catch(() => undefined);
    page.live.fault = () => "none";
    expect(shown).toEqual([]);
    await vi.advanceTimersByTimeAsync(70_000);
    expect(shown).toEqual(["v1"]);
  });
});
