import { describe, expect, it } from "vitest";
import { createApp } from "../../../lambdas/catalogs-api/app.ts";
import { sourceStatus } from "../../helpers/source-status.ts";
import { fakeDeps, signedIn } from "./fake-deps.ts";

const CSV = "asin,sku\nB07CXG6C9W,A\nB000000001,B\nb07cxg6c9w,C\nnonsense,D\n";
const post = (
  app: ReturnType<typeof createApp>,
  query: string,
  body: BodyInit = CSV,
  headers: Record<string, string> = { "content-type": "text/csv" },
  user = "u1",
) => app.request(`/api/v1/catalogs${query}`, { method: "POST", body, headers }, signedIn(user));

describe("POST /catalogs", () => {
  it("stores the catalog with its run, sends the first batches and answers 202 with the report", async () => {
    const { deps, world } = fakeDeps();
    const response = await post(createApp(deps), "?name=Mine");
    expect(response.status).toBe(202);
    const answer = await response.json();
    expect(answer).toMatchObject({
      message: "Enrichment queued successfully",
      total_products: 2,
      total_batches: 1,
      batch_size: 20,
      duplicates: 1,
      rejected: { count: 1, rows: [{ line: 5, value: "nonsense" }] },
      estimate: { calls: { "creators-api": 1 }, fresh: 0, keepa_tokens: 0 },
    });
    expect(answer.catalog_id).toMatch(/^cat_[0-9a-hjkmnp-tv-z]{16}$/);
    expect(answer.tracking_id).toBe(`enrich_${answer.catalog_id}_${Math.floor(world.nowMs / 1000)}`);
    expect(world.catalogs).toMatchObject([{ name: "Mine", user_id: "u1", tracking_id: answer.tracking_id }]);
    expect(world.dispatched.map((run) => run.batch_id)).toEqual([answer.tracking_id]);
  });

  it("stores without a run on enrich=false and answers 201", async () => {
    const { deps, world } = fakeDeps();
    world.statuses = [];
    const response = await post(createApp(deps), "?enrich=false");
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ tracking_id: null, estimate: null, total_products: 2 });
    expect(world.catalogs).toHaveLength(1);
    expect(world.runs).toHaveLength(0);
  });

  it("judges without storing on dry_run=true and answers 200 with the same report", async () => {
    const { deps, world } = fakeDeps();
    const response = await post(createApp(deps), "?dry_run=true");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      catalog_id: null,
      tracking_id: null,
      total_products: 2,
      duplicates: 1,
    });
    expect(world.catalogs).toHaveLength(0);
    expect(world.dispatched).toHaveLength(0);
  });

  it("takes JSON with products and JSON with asins, and the name inside", async () => {
    const { deps, world } = fakeDeps();
    const app = createApp(deps);
    const json = { "content-type": "application/json" };
    const first = await post(
      app,
      "",
      JSON.stringify({ name: "In", marketplace: "amazon.de", products: [{ asin: "B07CXG6C9W" }] }),
      json,
    );
    expect(first.status).toBe(202);
    expect(world.catalogs[0]).toMatchObject({ name: "In", marketplace: "www.amazon.de" });
    const second = await post(app, "", JSON.stringify({ asins: ["B07CXG6C9W"] }), json);
    expect(second.status).toBe(202);
    expect(world.catalogs[1]).toMatchObject({ marketplace: "www.amazon.com" });
  });

  it("answers 400 with the rejected rows and stores nothing when no row is usable", async () => {
    const { deps, world } = fakeDeps();
    const response = await post(createApp(deps), "", "asin\nx1\nx2\n");
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      code: "no_valid_products",
      errors: [{ field: "line 2" }, { field: "line 3" }],
      rejected: {
        count: 2,
        rows: [
          { line: 2, value: "x1" },
          { line: 3, value: "x2" },
        ],
      },
    });
    expect(world.catalogs).toHaveLength(0);
  });

  it("answers 409 no_source_configured when no source has credentials, before anything is stored", async () => {
    const { deps, world } = fakeDeps();
    world.statuses = [sourceStatus({ id: "creators-api", state: null })];
    const response = await post(createApp(deps), "");
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: "no_source_configured" });
    expect(world.catalogs).toHaveLength(0);
  });

  it("asks only the wished source when fallback is off", async () => {
    const { deps, world } = fakeDeps();
    world.statuses = [sourceStatus({ id: "creators-api" }), sourceStatus({ id: "keepa", state: null })];
    const response = await post(createApp(deps), "?provider=keepa&fallback=false");
    expect(response.status).toBe(409);
    const withFallback = await post(createApp(deps), "?provider=keepa");
    expect(withFallback.status).toBe(202);
    expect(world.runs[0]?.options).toMatchObject({ provider: "keepa", fallback: true });
  });

  it("refuses a source that the stage does not have, naming those it has", async () => {
    const response = await post(createApp(fakeDeps().deps), "?provider=sp-api");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ field: "provider", problem: "enabled are: creators-api, keepa" }],
    });
  });

  it("refuses to keep products fresh on a stage that keeps none so, and says how to change that", async () => {
    const { deps, world } = fakeDeps();
    const app = createApp({ ...deps, dailyRefresh: false });
    for (const query of ["?refresh=daily", "?refresh=daily&dry_run=true"]) {
      const response = await post(app, query);
      expect([response.status, await response.json()]).toMatchObject([
        409,
        { code: "refresh_off", detail: expect.stringContaining('"daily_refresh": true') },
      ]);
    }
    expect(world.catalogs).toEqual([]);
    expect((await post(app, "?refresh=off")).status).toBe(202);
    const [catalog] = world.catalogs;
    const again = await app.request(
      `/api/v1/catalogs/${catalog?.catalog_id}/enrich?refresh=daily`,
      { method: "POST" },
      signedIn("user-1"),
    );
    expect([again.status, await again.json()]).toMatchObject([409, { code: "refresh_off" }]);
  });

  it("keeps every option of the query in the run", async () => {
    const { deps, world } = fakeDeps();
    await post(createApp(deps), "?batch_size=5&force=true&include=variations&refresh=daily&fallback=false");
    expect(world.runs[0]?.options).toEqual({
      provider: null,
      fallback: false,
      force: true,
      include_variations: true,
      refresh_daily: true,
      batch_size: 5,
    });
  });

  it.each([
    ["?dryrun=true", "dryrun", /unknown query parameter: known are name, marketplace/],
    ["?batch_size=51", "batch_size", /5 to 50, or auto/],
    ["?batch_size=4", "batch_size", /5 to 50, or auto/],
    ["?dry_run=yes", "dry_run", /true or false/],
    ["?marketplace=amazon.xx", "marketplace", /unknown marketplace/],
  ])("refuses the query %s with the field and the fix", async (query, field, problem) => {
    const response = await post(createApp(fakeDeps().deps), query);
    expect(response.status).toBe(400);
    const { errors } = await response.json();
    expect(errors).toEqual([{ field, problem: expect.stringMatching(problem) }]);
  });

  it("reads the columns and the encoding that the query names, and reports and keeps how the file was read", async () => {
    const { deps, world } = fakeDeps();
    const app = createApp(deps);
    const body = Buffer.from("Fee report\nArtikel;Land;Größe\nB07CXG6C9W;DE;L\n", "latin1");
    const response = await post(app, "?asin_column=artikel&encoding=latin1&enrich=false", body, {
      "content-type": "application/csv",
    });
    expect(response.status).toBe(201);
    const { catalog_id, notes } = await response.json();
    expect(notes).toEqual([expect.stringMatching(/^1 line .* above the header/)]);
    expect(world.catalogs[0]).toMatchObject({ columns: ["Artikel", "Land", "Größe"], notes });
    const view = await app.request(`/api/v1/catalogs/${catalog_id}`, {}, signedIn("u1"));
    expect((await view.json()).notes).toEqual(notes);
    const run = await app.request(`/api/v1/catalogs/${catalog_id}/enrich`, { method: "POST" }, signedIn("u1"));
    expect((await run.json()).notes).toEqual(notes);
  });

  it.each([
    ["?asin_column=EAN", /column is named "EAN".*"asin", "sku"/],
    ["?encoding=koi8-r", /windows-1252, shift_jis/],
    ["?sku_column=", /sku_column|Too small/],
  ])("refuses a reading choice that does not fit: %s", async (query, words) => {
    const response = await post(createApp(fakeDeps().deps), query);
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json()).replaceAll("\\", "")).toMatch(words);
  });

  it("takes batch_size=auto", async () => {
    const response = await post(createApp(fakeDeps().deps), "?batch_size=auto");
    expect(await response.json()).toMatchObject({ batch_size: 15 });
  });

  it("answers 415 to a form and to a spreadsheet", async () => {
    const app = createApp(fakeDeps().deps);
    const form = await post(app, "", CSV, { "content-type": "application/x-www-form-urlencoded" });
    expect(form.status).toBe(415);
    const sheet = await post(app, "", CSV, {
      "content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    });
    expect(sheet.status).toBe(415);
    expect((await sheet.json()).detail).toMatch(/CSV/);
  });

  it("answers 413 above 1 MB and names the way for larger files", async () => {
    const response = await post(createApp(fakeDeps().deps), "", `asin\n${"x".repeat(1_048_576)}`);
    expect(response.status).toBe(413);
    expect((await response.json()).detail).toContain("/catalogs/uploads");
  });

  it("answers a repeat with the same Idempotency-Key as the first, without a second run", async () => {
    const { deps, world } = fakeDeps();
    const app = createApp(deps);
    const headers = { "content-type": "text/csv", "idempotency-key": "k1" };
    const first = await (await post(app, "", CSV, headers)).json();
    const again = await post(app, "", CSV, headers);
    expect(again.status).toBe(202);
    expect(await again.json()).toEqual(first);
    expect(world.runs).toHaveLength(1);
  });

  it("refuses an Idempotency-Key that is too long", async () => {
    const headers = { "content-type": "text/csv", "idempotency-key": "k".repeat(256) };
    expect((await post(createApp(fakeDeps().deps), "", CSV, headers)).status).toBe(400);
  });

  it("stands by the upload when the first batches cannot be sent, and logs why", async () => {
    const { deps, world } = fakeDeps();
    world.dispatchFails = true;
    expect((await post(createApp(deps), "")).status).toBe(202);
    expect(world.logs.find(({ level }) => level === "error")?.extra).toMatchObject({
      error: expect.stringMatching(/^Error: queue is away\n +at /),
    });
  });

  it("answers 401 without verified claims, even with an Authorization header", async () => {
    const response = await createApp(fakeDeps().deps).request("/api/v1/catalogs", {
      method: "POST",
      body: CSV,
      headers: { "content-type": "text/csv", authorization: "Bearer e30.e30." },
    });
    expect(response.status).toBe(401);
  });
});

describe("a shop that is switched off", () => {
  it("is refused as the shop of an upload, large or small", async () => {
    const { deps, world } = fakeDeps();
    world.shops = { disabled: new Set(["www.amazon.de"]), partnerTags: {} };
    const app = createApp(deps);
    const headers = { "content-type": "application/json" };
    const file = { file_name: "a.csv", content_type: "text/csv", content_length: 10, marketplace: "DE" };
    const init = { method: "POST", headers, body: JSON.stringify(file) };
    for (const response of [
      await post(app, "?marketplace=DE"),
      await app.request("/api/v1/catalogs/uploads", init, signedIn("u1")),
    ]) {
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ code: "marketplace_disabled" });
    }
    expect((await post(app, "?marketplace=FR")).status).toBe(202);
  });
});
