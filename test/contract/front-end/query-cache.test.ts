import { QueryClient } from "@tanstack/query-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ShopProduct } from "../../../lambdas/common/core/shop/shop-product.ts";
import { API, ClientPage, SELLER, SOCKET } from "./client-page.ts";

let page: ClientPage;
beforeEach(() => {
  page = new ClientPage();
});
afterEach(() => page.end());

describe("the TanStack Query example", () => {
  it("loads once by REST, and patches its cache by pushes and by reads with since", async () => {
    await page.make("v0");
    await vi.advanceTimersByTimeAsync(6_000);
    const client = new QueryClient();
    page.stop = await page.clients.followSeller({ client, apiUrl: API, socketUrl: SOCKET, seller: SELLER });
    await vi.advanceTimersByTimeAsync(0);
    const videos = (): string[] => {
      const list = client.getQueryData<{ products: ShopProduct[] }>(page.clients.productsOf(API, SELLER).queryKey);
      return (list?.products ?? []).map(({ video_id }) => video_id);
    };
    expect(videos()).toEqual(["v0"]);
    await page.make("v1");
    expect(videos()).toEqual(["v1", "v0"]);
    page.browser.isOffline = true;
    page.browser.drop();
    await vi.advanceTimersByTimeAsync(10);
    await page.make("v2");
    await vi.advanceTimersByTimeAsync(15_000);
    expect(videos()).toEqual(["v2", "v1", "v0"]);
    client.clear();
  });

  it("keeps its list while nobody shows it, and throws nothing where the cache was cleared", async () => {
    // As in a browser; outside of one, queries without observers are kept for ever.
    const client = new QueryClient({ defaultOptions: { queries: { gcTime: 5 * 60_000 } } });
    page.stop = await page.clients.followSeller({ client, apiUrl: API, socketUrl: SOCKET, seller: SELLER });
    await vi.advanceTimersByTimeAsync(30 * 60_000);
    await page.make("v1");
    const { queryKey } = page.clients.productsOf(API, SELLER);
    expect(client.getQueryData(queryKey)).toMatchObject({ products: [{ video_id: "v1" }] });
    client.clear();
    await page.make("v2");
    expect(client.getQueryData(queryKey)).toBeUndefined();
  });
});
