import { describe, expect, it } from "vitest";
import { signedIn } from "./fake-deps.ts";
import { storedProduct, uploadedCatalog } from "./uploaded-catalog.ts";

describe("what belongs to others", () => {
  it.each(["", "/status", "/batches", "/products", "/rejected"])(
    "does not exist for another user: %s",
    async (path) => {
      const { get, id } = await uploadedCatalog();
      expect((await get(`/${id}${path}`)).status).toBe(200);
      const answer = await get(`/${id}${path}`, "u2");
      expect(answer.status).toBe(404);
      expect(answer.body.code).toBe("not_found");
    },
  );

  it("is not listed", async () => {
    const { get } = await uploadedCatalog();
    expect((await get("")).body.items).toHaveLength(1);
    expect((await get("", "u2")).body).toEqual({ items: [], next_cursor: null });
  });

  it("cannot be enriched by another user", async () => {
    const { app, id } = await uploadedCatalog();
    const answer = await app.request(`/api/v1/catalogs/${id}/enrich`, { method: "POST" }, signedIn("u2"));
    expect(answer.status).toBe(404);
  });
});

it.each(["cat_short", "..%2f..", "cat_IIIIIIIIIIIIIIII", "%00"])("an id of the wrong form is a 404: %s", async (id) => {
  const { get } = await uploadedCatalog();
  expect((await get(`/${id}/status`)).status).toBe(404);
});

it("GET /catalogs/{id} shows the catalog without object keys or owner", async () => {
  const { get, id } = await uploadedCatalog();
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
    const { get, id, tracking } = await uploadedCatalog();
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

  it("says what a run has cost once something of it is counted", async () => {
    const { get, id, world } = await uploadedCatalog();
    expect((await get(`/${id}/status`)).body.cost).toBeUndefined();
    world.runs = world.runs.map((run) => ({ ...run, used_wu: 120, used_event: 45 }));
    expect((await get(`/${id}/status`)).body.cost).toMatchObject({
      usd: "0.000120",
      usd_per_1000_products: null,
      parts: { table_writes: "0.000075", events: "0.000045" },
    });
  });

  it("speaks of a catalog without a run too", async () => {
    const { get, id } = await uploadedCatalog("?enrich=false");
    expect((await get(`/${id}/status`)).body).toMatchObject({
      tracking_id: null,
      state: "ready",
      counts: { pending: 45 },
      estimate: { seconds_left: null },
    });
  });
});

it("GET /catalogs/{id}/batches counts the products of each batch", async () => {
  const { get, id, addBatch } = await uploadedCatalog();
  addBatch(1, 0, 20, "enriched");
  const { body } = await get(`/${id}/batches`);
  expect(body.items).toMatchObject([{ number: 1, products: 20, counts: { enriched: 20, pending: 0 } }]);
});

describe("GET /catalogs/{id}/rejected", () => {
  it("pages through all rows", async () => {
    const { get, id, world } = await uploadedCatalog();
    world.catalogs = world.catalogs.map((row) => ({ ...row, rejects_key: "k" }));
    const first = await get(`/${id}/rejected?limit=2`);
    expect(first.body.items.map((row: { line: number }) => row.line)).toEqual([7, 8]);
    const second = await get(`/${id}/rejected?limit=2&cursor=${first.body.next_cursor}`);
    expect(second.body).toMatchObject({ items: [{ line: 9 }], next_cursor: null });
  });

  it("refuses a cursor of another list", async () => {
    const { get, id } = await uploadedCatalog();
    const { body } = await get(`/${id}/products?limit=1`);
    const answer = await get(`/${id}/rejected?cursor=${body.next_cursor}`);
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_cursor" } });
  });
});

describe("POST /catalogs/{id}/enrich", () => {
  const enrich = (app: Awaited<ReturnType<typeof uploadedCatalog>>["app"], id: string, query = "") =>
    app.request(`/api/v1/catalogs/${id}/enrich${query}`, { method: "POST" }, signedIn("u1"));

  it("answers 409 run_active while a run is open", async () => {
    const { app, id } = await uploadedCatalog();
    const answer = await enrich(app, id);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: "run_active" });
  });

  it("starts a new run when the last is done, with a suffix when both began in one second", async () => {
    const { app, id, world, tracking } = await uploadedCatalog();
    world.runs = world.runs.map((run) => ({ ...run, state: "completed" as const }));
    const answer = await enrich(app, id, "?force=true");
    expect(answer.status).toBe(202);
    const { tracking_id } = await answer.json();
    expect(tracking_id).not.toBe(tracking);
    expect(tracking_id.startsWith(`${tracking}_`)).toBe(true);
    expect(world.dispatched.at(-1)?.batch_id).toBe(tracking_id);
  });

  const done = async (query = "") => {
    const set = await uploadedCatalog();
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
