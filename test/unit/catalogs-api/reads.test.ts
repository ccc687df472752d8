import { describe, expect, it } from "vitest";
import { createApp } from "../../../lambdas/catalogs-api/app.ts";
import { PRODUCT_FIELDS, type Product, ProductSchema } from "../../../lambdas/common/core/products/product.ts";
import { fakeDeps, signedIn } from "./fake-deps.ts";

const NOW = "2026-08-01T12:00:00.000Z";
const storedProduct = (asin: string, current_price: string | null, overall: number): Product =>
  ProductSchema.parse({
    ...Object.fromEntries(PRODUCT_FIELDS.map((field) => [field, null])),
    current_price,
    product_id: `www.amazon.com#${asin}`,
    asin,
    marketplace: "www.amazon.com",
    status: "active",
    missing: [],
    provenance: {},
    quality: { overall, completeness: 1, accuracy: 1, freshness: 1, reasons: [] },
    stale: false,
    expired_at: null,
    simulated: false,
    last_refresh_at: NOW,
    last_available_at: null,
    created_at: NOW,
    updated_at: NOW,
  });

const setUp = async (query = "", rows = 45) => {
  const { deps, world } = fakeDeps();
  const app = createApp(deps);
  const csv = `asin\n${Array.from({ length: rows }, (_, index) => `B0${String(index).padStart(8, "0")}`).join("\n")}\nbad\n`;
  const response = await app.request(
    `/api/v1/catalogs${query}`,
    { method: "POST", body: csv, headers: { "content-type": "text/csv" } },
    signedIn("u1"),
  );
  const { catalog_id: id, tracking_id: tracking } = await response.json();
  const get = async (path: string, user = "u1") => {
    const answer = await app.request(`/api/v1/catalogs${path}`, {}, signedIn(user));
    return { status: answer.status, body: await answer.json() };
  };
  const addBatch = (number: number, from: number, count: number, state: "enriched" | "failed" | "pending") => {
    world.batches.push({
      catalog_id: id,
      batch_id: `${tracking}#${String(number).padStart(7, "0")}`,
      row_type: "batch",
      tracking_id: tracking,
      number,
      owner_id: "u1",
      marketplace: "www.amazon.com",
      correlation_id: "correlation",
      state: "running",
      items: Array.from({ length: count }, (_, index) => ({
        asin: `B0${String(from + index).padStart(8, "0")}`,
        sku: `S${from + index}`,
        state,
        attempts: 0,
        ...(state === "failed" ? { error_code: "NotFound" } : {}),
        ...(state === "enriched" ? { source: "creators-api" as const } : {}),
      })),
      generation: 1,
      version: 0,
      resends: 0,
      updated_at: "2026-08-01T12:00:00.000Z",
    });
  };
  return { deps, app, world, id, tracking, get, addBatch };
};

describe("what belongs to others", () => {
  it.each(["", "/status", "/batches", "/products", "/rejected"])(
    "does not exist for another user: %s",
    async (path) => {
      const { get, id } = await setUp();
      expect((await get(`/${id}${path}`)).status).toBe(200);
      const answer = await get(`/${id}${path}`, "u2");
      expect(answer.status).toBe(404);
      expect(answer.body.code).toBe("not_found");
    },
  );

  it("is not listed", async () => {
    const { get } = await setUp();
    expect((await get("")).body.items).toHaveLength(1);
    expect((await get("", "u2")).body).toEqual({ items: [], next_cursor: null });
  });

  it("cannot be enriched by another user", async () => {
    const { app, id } = await setUp();
    const answer = await app.request(`/api/v1/catalogs/${id}/enrich`, { method: "POST" }, signedIn("u2"));
    expect(answer.status).toBe(404);
  });
});

it.each(["cat_short", "..%2f..", "cat_IIIIIIIIIIIIIIII", "%00"])("an id of the wrong form is a 404: %s", async (id) => {
  const { get } = await setUp();
  expect((await get(`/${id}/status`)).status).toBe(404);
});

it("GET /catalogs/{id} shows the catalog without object keys or owner", async () => {
  const { get, id } = await setUp();
  const { body } = await get(`/${id}`);
  expect(body).toMatchObject({
    catalog_id: id,
    state: "queued",
    total_products: 45,
    rejected: 1,
    counts: { pending: 45 },
  });
  expect(JSON.stringify(body)).not.toMatch(/_key|user_id|u1/);
});

describe("GET /catalogs/{id}/status", () => {
  it("counts every product at every moment and says how long it takes", async () => {
    const { get, id, tracking } = await setUp();
    const { body } = await get(`/${id}/status`);
    expect(body).toMatchObject({
      catalog_id: id,
      tracking_id: tracking,
      state: "queued",
      totals: { products: 45, batches: 3 },
      counts: { pending: 45, enriched: 0, failed: 0, cancelled: 0 },
    });
    expect(body.estimate.seconds_left).toBe(6);
  });

  it("speaks of a catalog without a run too", async () => {
    const { get, id } = await setUp("?enrich=false");
    expect((await get(`/${id}/status`)).body).toMatchObject({
      tracking_id: null,
      state: "ready",
      counts: { pending: 45 },
      estimate: { seconds_left: null },
    });
  });
});

it("GET /catalogs/{id}/batches counts the products of each batch", async () => {
  const { get, id, addBatch } = await setUp();
  addBatch(1, 0, 20, "enriched");
  const { body } = await get(`/${id}/batches`);
  expect(body.items).toMatchObject([{ number: 1, products: 20, counts: { enriched: 20, pending: 0 } }]);
});

describe("GET /catalogs/{id}/rejected", () => {
  it("pages through all rows", async () => {
    const { get, id, world } = await setUp();
    world.catalogs = world.catalogs.map((row) => ({ ...row, rejects_key: "k" }));
    const first = await get(`/${id}/rejected?limit=2`);
    expect(first.body.items.map((row: { line: number }) => row.line)).toEqual([7, 8]);
    const second = await get(`/${id}/rejected?limit=2&cursor=${first.body.next_cursor}`);
    expect(second.body).toMatchObject({ items: [{ line: 9 }], next_cursor: null });
  });

  it("refuses a cursor of another list", async () => {
    const { get, id } = await setUp();
    const { body } = await get(`/${id}/products?limit=1`);
    const answer = await get(`/${id}/rejected?cursor=${body.next_cursor}`);
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_cursor" } });
  });
});

describe("POST /catalogs/{id}/enrich", () => {
  const enrich = (app: Awaited<ReturnType<typeof setUp>>["app"], id: string, query = "") =>
    app.request(`/api/v1/catalogs/${id}/enrich${query}`, { method: "POST" }, signedIn("u1"));

  it("answers 409 run_active while a run is open", async () => {
    const { app, id } = await setUp();
    const answer = await enrich(app, id);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: "run_active" });
  });

  it("starts a new run when the last is done, with a suffix when both began in one second", async () => {
    const { app, id, world, tracking } = await setUp();
    world.runs = world.runs.map((run) => ({ ...run, state: "completed" as const }));
    const answer = await enrich(app, id, "?force=true");
    expect(answer.status).toBe(202);
    const { tracking_id } = await answer.json();
    expect(tracking_id).not.toBe(tracking);
    expect(tracking_id.startsWith(`${tracking}_`)).toBe(true);
    expect(world.dispatched.at(-1)?.batch_id).toBe(tracking_id);
  });

  const done = async (query = "") => {
    const set = await setUp();
    set.world.runs = set.world.runs.map((run) => ({ ...run, state: "completed" as const }));
    for (let n = 0; n < 45; n += 1) {
      const product = storedProduct(`B0${String(n).padStart(8, "0")}`, "1.00", 1);
      set.world.products.set(product.product_id, product);
    }
    return { ...set, body: async () => (await enrich(set.app, set.id, query)).json() };
  };

  it("estimates as an upload does: no call for what is fresh, every call when it is forced", async () => {
    const { estimate } = await (await done()).body();
    expect(estimate).toMatchObject({ fresh: 45 });
    expect(estimate.calls["creators-api"] ?? 0).toBe(0);
    const forced = await (await done("?force=true")).body();
    expect(forced.estimate).toMatchObject({ fresh: 0, calls: { "creators-api": 5 } });
  });

  it("shows the first rejected rows, as the upload did", async () => {
    const { world, body } = await done();
    world.catalogs = world.catalogs.map((row) => ({ ...row, rejects_key: "k", rows: { ...row.rows, rejected: 3 } }));
    const { rejected } = await body();
    expect(rejected.count).toBe(3);
    expect(rejected.rows.map((row: { line: number }) => row.line)).toEqual([7, 8, 9]);
  });
});
