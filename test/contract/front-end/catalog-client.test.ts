import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CATALOG } from "../../helpers/worlds/live-world.ts";
import { API, ClientPage } from "./client-page.ts";

let page: ClientPage;
beforeEach(() => {
  page = new ClientPage();
});
afterEach(() => page.end());

describe("the client for the progress of a catalog", () => {
  const progress = (sequence: number, enriched: number) => ({
    ...{ tracking_id: `enrich_${CATALOG}_1`, sequence, state: "running" },
    counts: { pending: 20 - enriched, enriched, failed: 0, cancelled: 0 },
  });

  it("shows the snapshot, what is pushed and, while it is disconnected, what it polls, and never anything older", async () => {
    const run = await page.live.putRun({ sequence: 1, pending: 18, enriched: 2 });
    page.status = progress(4, 9);
    const shown: number[] = [];
    page.stop = page.clients.watchCatalog({
      ...{ apiUrl: API, getToken: () => "token-1", catalogId: CATALOG, onError: () => undefined },
      onProgress: ({ sequence }: { sequence: number }) => shown.push(sequence),
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(shown).toEqual([1]);
    await page.live.broadcast(0, [{ ...run, sequence: 3 }]);
    await page.live.broadcast(1, [{ ...run, sequence: 2 }]);
    expect(shown).toEqual([1, 3]);
    page.browser.isOffline = true;
    page.browser.drop();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(shown).toEqual([1, 3, 4]);
    page.browser.isOffline = false;
    await page.live.putRun({ sequence: 6 });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(shown).toEqual([1, 3, 4, 6]);
    // Each connection has a ticket of its own.
    expect(new Set(page.browser.opened).size).toBe(page.browser.opened.length);
  });

  it("outlives its token: it reports what is refused, and is live again with the next token", async () => {
    const run = await page.live.putRun({ sequence: 1, pending: 18, enriched: 2 });
    page.status = progress(2, 5);
    let token = page.goodToken;
    const shown: number[] = [];
    const errors: string[] = [];
    page.stop = page.clients.watchCatalog({
      ...{ apiUrl: API, getToken: async () => token, catalogId: CATALOG },
      onProgress: ({ sequence }: { sequence: number }) => shown.push(sequence),
      onError: ({ message }: Error) => errors.push(message),
    });
    await vi.advanceTimersByTimeAsync(0);
    // Tokens live for an hour; after two, API Gateway closes the connection.
    page.goodToken = "token-2";
    page.browser.drop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shown).toEqual([1]);
    expect(new Set(errors)).toEqual(
      new Set(["POST /live/tickets answered 401", `GET /catalogs/${CATALOG}/status answered 401`]),
    );
    // By chance it is live again before it polls; the snapshot brings the same then.
    await page.live.putRun({ sequence: 2 });
    token = "token-2";
    await vi.advanceTimersByTimeAsync(40_000);
    expect(shown).toEqual([1, 2]);
    const before = errors.length;
    await page.live.broadcast(0, [{ ...run, sequence: 3 }]);
    expect(shown).toEqual([1, 2, 3]);
    expect(errors).toHaveLength(before);
  });

  it("opens nothing after its end", async () => {
    await page.live.putRun({ sequence: 1 });
    page.stop = page.clients.watchCatalog({
      ...{ apiUrl: API, getToken: () => page.goodToken, catalogId: CATALOG, onProgress: () => undefined },
    });
    page.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.browser.opened).toEqual([]);
  });

  it("shows a catalog without a run to its end, and never what is older than a run", async () => {
    const catalog = await page.live.putCatalog({ state: "awaiting_upload" });
    const shown: unknown[] = [];
    page.stop = page.clients.watchCatalog({
      ...{ apiUrl: API, getToken: () => page.goodToken, catalogId: CATALOG },
      onProgress: ({ tracking_id, state }: { tracking_id: string; state: string }) => shown.push([tracking_id, state]),
    });
    await vi.advanceTimersByTimeAsync(0);
    await page.live.broadcast(0, [{ ...catalog, state: "ingest_failed" }]);
    expect(shown).toEqual([
      [null, "awaiting_upload"],
      [null, "ingest_failed"],
    ]);
    const run = await page.live.putRun({ batch_id: `enrich_${CATALOG}_2`, state: "running" });
    await page.live.broadcast(0, [run]);
    // From an instance that knows nothing of the run.
    await page.live.broadcast(1, [{ ...catalog, state: "ready" }]);
    await page.live.broadcast(1, [{ ...run, batch_id: `enrich_${CATALOG}_1`, sequence: 7 }]);
    expect(shown.slice(2)).toEqual([[run.batch_id, "running"]]);
  });

  it("ignores messages of types that it does not know", async () => {
    await page.live.putRun({ sequence: 1 });
    const shown: number[] = [];
    page.stop = page.clients.watchCatalog({
      ...{ apiUrl: API, getToken: () => page.goodToken, catalogId: CATALOG },
      onProgress: ({ sequence }: { sequence: number }) => shown.push(sequence),
    });
    await vi.advanceTimersByTimeAsync(0);
    page.browser.hear({ ...progress(9, 20), type: "product_update", catalog_id: CATALOG });
    expect(shown).toEqual([1]);
  });
});
