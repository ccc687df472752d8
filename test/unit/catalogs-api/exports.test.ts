import { describe, expect, it } from "vitest";
import { createApp } from "../../../lambdas/catalogs-api/app.ts";
import type { Export } from "../../../lambdas/common/core/contract/exports/export.ts";
import { aCatalog } from "../../helpers/rows.ts";
import { fakeDeps, signedIn } from "./fake-deps.ts";
import { fakeExports } from "./fake-exports.ts";

const CATALOG = "cat_0123456789abcdef";

const setUp = (changes: Parameters<typeof aCatalog>[0] = {}) => {
  const { deps, world } = fakeDeps();
  const exports = fakeExports();
  world.catalogs.push(
    aCatalog({
      catalog_id: CATALOG,
      user_id: "ann",
      name: "spring.csv",
      tracking_id: "enrich_1",
      rows: { total: 9, valid: 5, duplicates: 3, rejected: 1, blank: 2, repaired: 0 },
      ...changes,
    }),
  );
  const app = createApp({ ...deps, exports });
  const call = async (method: string, path: string, user: string, body?: unknown, headers = {}) => {
    const response = await app.request(
      `/api/v1${path}`,
      {
        method,
        headers: { "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      signedIn(user),
    );
    return { status: response.status, body: await response.json() };
  };
  return { exports, world, call };
};

const ask = async (world: ReturnType<typeof setUp>, body: unknown = { format: "csv" }): Promise<Export> => {
  const answer = await world.call("POST", `/catalogs/${CATALOG}/exports`, "ann", body);
  expect(answer.status).toBe(202);
  return answer.body;
};

describe("asking for an export", () => {
  it("stores it with the catalog's newest run, sends the worker a message and answers 202", async () => {
    const world = setUp();
    const view = await ask(world, { format: "csv", state: "failed" });
    expect(view).toMatchObject({
      catalog_id: CATALOG,
      format: "csv",
      row_state: "failed",
      state: "queued",
      rows_written: 0,
      total_rows: 9,
      file_name: "spring-failed-2026-08-01.csv",
      download_url: null,
      expires_at: null,
      failure: null,
    });
    expect(world.exports.jobs.get(view.export_id)).toMatchObject({
      user_id: "ann",
      tracking_id: "enrich_1",
      object_key: `exports/${view.export_id}/export.csv`,
    });
    expect(world.exports.sent).toEqual([
      expect.objectContaining({ version: 1, export_id: view.export_id, user_id: "ann" }),
    ]);
  });

  it("for a public site in the query is the same as in the body", async () => {
    const world = setUp();
    const path = `/catalogs/${CATALOG}/exports`;
    const { status, body } = await world.call("POST", `${path}?public=true`, "ann", { format: "csv" });
    expect(status).toBe(202);
    expect(world.exports.jobs.get(body.export_id)?.public).toBe(true);
    const other = await ask(world, { format: "csv", public: true });
    expect(world.exports.jobs.get(other.export_id)?.public).toBe(true);
  });

  it("twice with one Idempotency-Key makes one export", async () => {
    const world = setUp();
    const headers = { "idempotency-key": "k-1" };
    const path = `/catalogs/${CATALOG}/exports`;
    const first = await world.call("POST", path, "ann", { format: "jsonl" }, headers);
    const second = await world.call("POST", path, "ann", { format: "jsonl" }, headers);
    expect(second).toEqual(first);
    expect(world.exports.jobs.size).toBe(1);
  });

  it.each(["awaiting_upload", "ingesting", "ingest_failed"] as const)(
    "of a catalog that is %s is a 409",
    async (state) => {
      const world = setUp({ state, rows_key: null, tracking_id: null });
      const answer = await world.call("POST", `/catalogs/${CATALOG}/exports`, "ann", { format: "csv" });
      expect(answer).toMatchObject({ status: 409, body: { code: "catalog_not_ready" } });
      expect(world.exports.jobs.size).toBe(0);
    },
  );

  it.each([{}, { format: "xlsx" }, { format: "csv", state: "done" }, { format: "csv", colour: "red" }])(
    "with the body %j is a 400 that names the field",
    async (body) => {
      const answer = await setUp().call("POST", `/catalogs/${CATALOG}/exports`, "ann", body);
      expect(answer.status).toBe(400);
      expect(answer.body.errors.length).toBeGreaterThan(0);
    },
  );

  it("of somebody else's catalog is a 404", async () => {
    const world = setUp();
    expect((await world.call("POST", `/catalogs/${CATALOG}/exports`, "bob", { format: "csv" })).status).toBe(404);
  });
});

describe("reading an export", () => {
  it("gives an address for an hour once it is ready, and none before", async () => {
    const world = setUp();
    const { export_id } = await ask(world);
    expect((await world.call("GET", `/exports/${export_id}`, "ann")).body).toMatchObject({
      state: "queued",
      download_url: null,
    });
    const job = world.exports.jobs.get(export_id);
    if (!job) throw new Error("the export was not stored");
    world.exports.jobs.set(export_id, { ...job, state: "ready", rows_read: 9, rows_written: 9 });
    expect(await world.call("GET", `/exports/${export_id}`, "ann")).toMatchObject({
      status: 200,
      body: {
        state: "ready",
        rows_written: 9,
        download_url: `https://bucket.example/exports/${export_id}/export.csv?expires=3600`,
        expires_at: "2026-08-01T13:00:00.000Z",
      },
    });
  });

  it("gives no address that outlives a licence, and answers 410 once one has ended", async () => {
    const world = setUp();
    const { export_id } = await ask(world);
    const job = world.exports.jobs.get(export_id);
    if (!job) throw new Error("the export was not stored");
    world.exports.jobs.set(export_id, { ...job, state: "ready", valid_until: "2026-08-01T12:20:00.900Z" });
    expect((await world.call("GET", `/exports/${export_id}`, "ann")).body).toMatchObject({
      download_url: expect.stringContaining("expires=1200"),
      expires_at: "2026-08-01T12:20:00.000Z",
      valid_until: "2026-08-01T12:20:00.900Z",
    });
    world.exports.jobs.set(export_id, { ...job, state: "ready", valid_until: "2026-08-01T12:00:00.999Z" });
    expect(await world.call("GET", `/exports/${export_id}`, "ann")).toMatchObject({
      status: 410,
      body: { code: "export_expired", detail: expect.stringContaining("POST /catalogs") },
    });
    // Of others it is still no export at all.
    expect((await world.call("GET", `/exports/${export_id}`, "bob")).status).toBe(404);
  });

  it("says why it failed", async () => {
    const world = setUp();
    const { export_id } = await ask(world);
    const job = world.exports.jobs.get(export_id);
    if (!job) throw new Error("the export was not stored");
    world.exports.jobs.set(export_id, { ...job, state: "failed", failure: "ask again" });
    expect((await world.call("GET", `/exports/${export_id}`, "ann")).body).toMatchObject({ failure: "ask again" });
  });

  it("is a 404 for others, for a deleted catalog, for one that is forgotten and for what is no id", async () => {
    const world = setUp();
    const { export_id } = await ask(world);
    expect((await world.call("GET", `/exports/${export_id}`, "bob")).status).toBe(404);
    expect((await world.call("GET", "/exports/exp_zzzzzzzzzzzzzzzz", "ann")).status).toBe(404);
    expect((await world.call("GET", "/exports/1", "ann")).status).toBe(404);
    world.world.catalogs = world.world.catalogs.map((row) => ({ ...row, deleted_at: row.created_at }));
    expect((await world.call("GET", `/exports/${export_id}`, "ann")).status).toBe(404);
    world.world.catalogs = world.world.catalogs.map((row) => ({ ...row, deleted_at: null }));
    world.world.nowMs += 31 * 86_400_000;
    expect((await world.call("GET", `/exports/${export_id}`, "ann")).status).toBe(404);
  });
});
