import { describe, expect, it } from "vitest";
import { ShopProductsAnswerSchema } from "../../../lambdas/common/core/contract/shop/shop-products.ts";
import { createApp } from "../../../lambdas/shop-api/app.ts";
import { silentLog } from "../../helpers/silent.ts";
import { captionBody, ShopWorld, shopRecord, thumbnailsBody } from "../../helpers/worlds/shop-world.ts";

const BASE = "https://api.invalid/api/v1/shop";

const open = () => {
  const world = new ShopWorld();
  /** By how much the clock of the instance that answers differs. */
  const reader = { aheadMs: 0 };
  const clock = { now: () => world.nowMs + reader.aheadMs, sleep: async () => undefined };
  const app = createApp({ clock, newId: () => "id-00000001", logger: silentLog, products: world.shopProducts });
  const list = async (query: Readonly<Record<string, string>> = {}, handle = "anna") => {
    const response = await app.request(`${BASE}/${handle}/products?${new URLSearchParams(query)}`);
    expect(response.status).toBe(200);
    return ShopProductsAnswerSchema.parse(await response.json());
  };
  const make = async (video: string) => {
    await world.assemble([shopRecord("1", captionBody(video)), shopRecord("2", thumbnailsBody(video))]);
  };
  return { world, reader, app, list, make };
};
const videosOf = ({ products }: { products: readonly { video_id: string }[] }) => products.map((one) => one.video_id);

describe("GET /shop/{handle}/products", () => {
  it.each([
    ["one clock", 0, 700],
    ["instances whose clocks differ by almost three seconds", 1_490, 0],
  ])(
    "shows each product exactly once over pages and over calls with `since`, newest first, while others are made, with %s",
    async (_, skewMs, betweenMs) => {
      const { world, reader, list, make } = open();
      // Every other call is answered by the instance that is behind.
      reader.aheadMs = skewMs;
      let made = 0;
      const shown: string[] = [];
      let since: string | undefined;
      for (let round = 0; round < 6; round += 1) {
        // Two in one millisecond, and some between the pages.
        for (let count = 0; count < 3; count += 1) {
          await make(`v${made++}`);
          if (count > 0) world.nowMs += 1_900;
        }
        let lastKey: string | undefined;
        let timestamp = "";
        const ofRound: string[] = [];
        do {
          const page = await list({ limit: "2", ...(since ? { since } : {}), ...(lastKey ? { lastKey } : {}) });
          reader.aheadMs = -reader.aheadMs;
          expect(page.pagination.count).toBe(page.products.length);
          if (timestamp) expect(page.metadata.timestamp).toBe(timestamp);
          timestamp = page.metadata.timestamp;
          ofRound.push(...page.products.map(({ created_at, video_id }) => `${created_at} ${video_id}`));
          const { lastEvaluatedKey, hasMore } = page.pagination;
          expect(lastEvaluatedKey === null).toBe(!hasMore);
          lastKey = lastEvaluatedKey ? JSON.stringify(lastEvaluatedKey) : undefined;
          await make(`v${made++}`);
          world.nowMs += betweenMs;
        } while (lastKey !== undefined);
        expect(ofRound).toEqual([...ofRound].sort().reverse());
        shown.push(...ofRound);
        since = timestamp;
      }
      world.nowMs += 10_000;
      shown.push(...(await list({ limit: "50", since: since ?? "" })).products.map((one) => `- ${one.video_id}`));
      const names = shown.map((one) => one.split(" ")[1]);
      expect(new Set(names).size).toBe(names.length);
      expect(names.length).toBe(made);
    },
  );

  it("answers in the shape of the contract, for a few seconds to be kept, and empty for a seller without products", async () => {
    const { world, app, list, make } = open();
    await make("v1");
    expect(videosOf(await list())).toEqual([]);
    world.nowMs += 5_000;
    const response = await app.request(`${BASE}/anna/products`);
    expect(response.headers.get("cache-control")).toBe("public, max-age=2");
    expect(response.headers.get("vary")).toBe("origin");
    expect(await response.json()).toEqual({
      products: [expect.objectContaining({ video_id: "v1", price: 19.99, created_at: "2026-11-29T12:00:00.000Z" })],
      pagination: { hasMore: false, lastEvaluatedKey: null, count: 1 },
      metadata: { sellerHandle: "anna", since: null, timestamp: "2026-11-29T12:00:00.000Z" },
    });
    expect(await list({}, "nobody")).toMatchObject({ products: [], pagination: { hasMore: false, count: 0 } });
    const ahead = await list({ since: "2026-11-30T00:00:00+01:00" });
    expect(ahead).toMatchObject({ products: [], metadata: { timestamp: "2026-11-29T23:00:00.000Z" } });
  });

  it.each([
    ["a limit above 50", "limit=51"],
    ["a limit of none", "limit=0"],
    ["a time in words", "since=yesterday"],
    ["a time that has no four digits for its year", "since=9999-12-31T23:59:59-14:00"],
    ["a parameter that it does not know", "lastkey=1"],
    ["a key that is no JSON", "lastKey=%7B"],
    ["a key of another seller", key({ seller_handle: "bert" })],
    ["a key with another field", key({ more: 1 })],
    ["a key without its end", key({ until: undefined })],
    ["a key of the future", key({ until: "2026-11-29T12:00:01.000Z" })],
    ["a key of a clock that is too far ahead", key({ until: "2026-11-29T11:59:58.001Z" })],
    ["a key after its end", key({ created_at: "2026-11-29T11:59:00.000Z" })],
    ["a key before `since`", `${key({})}&since=2026-11-29T11:00:00.000Z`],
    ["a time of its key in another form", key({ created_at: "2026-11-29T10:00:00Z" })],
  ])("refuses %s", async (_, query) => {
    const { app } = open();
    const response = await app.request(`${BASE}/anna/products?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });
});

function key(changes: Readonly<Record<string, unknown>>): string {
  const whole = {
    seller_handle: "anna",
    created_at: "2026-11-29T10:00:00.000Z",
    video_id: "v1",
    until: "2026-11-29T11:50:00.000Z",
    ...changes,
  };
  return `lastKey=${encodeURIComponent(JSON.stringify(whole))}`;
}

describe("GET /shop/{handle}/products/{videoId}", () => {
  it("answers the product at once, and 404 for any other", async () => {
    const { app, make } = open();
    await make("v1");
    const found = await app.request(`${BASE}/anna/products/v1`);
    expect(found.status).toBe(200);
    expect(await found.json()).toMatchObject({ seller_handle: "anna", video_id: "v1", thumbnails: { length: 5 } });
    for (const path of ["anna/products/v2", "bert/products/v1", "a%20b/products/v1"]) {
      expect((await app.request(`${BASE}/${path}`)).status).toBe(404);
    }
  });
});
