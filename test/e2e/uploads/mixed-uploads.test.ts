import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.upstream.begin();
});
afterAll(() => world.deployed.close());

/** What somebody might really send: SKU, product, note. */
const MESSY_ROWS = [
  ["A-1", "b0mixx0001", "lower case"],
  ["A-2", " B0MIXX0002 ", "white space"],
  ["A-3", "B0MIXX0001", "the first one again"],
  ["A-4", "NOT-AN-ASIN", "words"],
  ["A-5", "B0MIXX003", "a character too few"],
  ["A-6", "https://www.amazon.com/Some-Name/dp/B0MIXX0004?th=1", "address"],
  ["A-7", "https://example.com/dp/B0MIXX0005", "another site"],
  ["A-8", "439023483", "a book whose zero a spreadsheet ate"],
  ["A-9", "B0MIXX0006", "two\nlines; and a semicolon"],
  ["A-10", "https://www.amazon.ca/dp/B0MIXX0007", "another shop"],
  ["A-11", "", "no product"],
] as const;
const BAD = ["NOT-AN-ASIN", "B0MIXX003", "https://example.com/dp/B0MIXX0005", "439023483", ""];
const GOOD = [
  { marketplace: "www.amazon.com", asin: "B0MIXX0001", sku: "A-1" },
  { marketplace: "www.amazon.com", asin: "B0MIXX0002", sku: "A-2" },
  { marketplace: "www.amazon.com", asin: "B0MIXX0004", sku: "A-6" },
  { marketplace: "www.amazon.com", asin: "B0MIXX0006", sku: "A-9" },
  { marketplace: "www.amazon.ca", asin: "B0MIXX0007", sku: "A-10" },
];
const objects = MESSY_ROWS.map(([sku, asin, note]) => ({ sku, asin, note }));
const MESSY = {
  "text/csv": `\uFEFFSku;ASIN;Note\r\n${MESSY_ROWS.map(([sku, asin, note]) => `${sku};${asin};"${note}"`).join("\r\n")}\r\n\r\n`,
  "application/json": JSON.stringify({ products: objects }),
  "application/x-ndjson": objects.map((row) => JSON.stringify(row)).join("\n"),
};
const TYPES = Object.keys(MESSY) as (keyof typeof MESSY)[];

describe("a catalog with good and bad rows", () => {
  it.each(TYPES)("as %s is judged row by row, and its good rows are enriched", async (type) => {
    const report = await world.demo.upload(type, MESSY[type], { name: `Messy ${type}` });
    expect(report).toMatchObject({ total_products: 5, duplicates: 1, rejected: { count: 5 } });
    expect(report.rejected.rows.map(({ value }) => value)).toEqual(BAD);
    for (const { reason } of report.rejected.rows) expect(reason.length).toBeGreaterThan(10);
    expect(report.rejected.rows[3]?.reason).toContain("0439023483");

    const catalogId = report.catalog_id ?? "";
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({
      state: "completed",
      totals: { products: 5 },
      counts: { enriched: 5, failed: 0 },
    });
    const products = await world.demo.products(catalogId);
    expect(products.map(({ marketplace, asin, sku }) => ({ marketplace, asin, sku }))).toEqual(GOOD);
    for (const { asin, product } of products) expect(product).toMatchObject({ asin, status: "active" });
    expect(products.at(-1)?.product?.currency).toBe("CAD");
    expect((await world.demo.catalogs()).find(({ catalog_id }) => catalog_id === catalogId)).toMatchObject({
      duplicates: 1,
      rejected: 5,
      marketplaces: [
        { marketplace: "www.amazon.com", products: 4 },
        { marketplace: "www.amazon.ca", products: 1 },
      ],
    });
  });

  it("as CSV names the line of each bad row, also behind a cell with a line break", async () => {
    const { rejected } = await world.demo.upload("text/csv", MESSY["text/csv"], { dry_run: "true" }, 200);
    expect(rejected.rows.map(({ line }) => line)).toEqual([5, 6, 8, 9, 13]);
  });

  it("none of which is good is refused as a whole, with the reasons", async () => {
    const problem = await world.demo.refusal(400, "POST", "/catalogs", {
      headers: { "content-type": "text/csv" },
      body: "asin\nNOPE\nB0SHORT",
    });
    expect(problem.code).toBe("no_valid_products");
    expect(problem.errors?.map(({ field }) => field)).toEqual(["line 2", "line 3"]);
  });
});

describe("an upload", () => {
  it("with dry_run gives the same report and stores nothing", async () => {
    const before = await world.demo.catalogs();
    const csv = csvOf(asinSeries("MDRY", 25));
    const report = await world.demo.upload("text/csv", csv, { dry_run: "true" }, 200);
    expect(report).toMatchObject({ catalog_id: null, tracking_id: null, total_products: 25, total_batches: 2 });
    expect(report.estimate?.calls).toEqual({ "creators-api": 3 });
    expect(await world.demo.catalogs()).toEqual(before);
  });

  it("with enrich=false is kept until POST /enrich starts a run, of which there is only one at a time", async () => {
    await world.upstream.begin({ latency_ms: 4_000 });
    const csv = csvOf(asinSeries("MLAT", 12));
    const { catalog_id, tracking_id } = await world.demo.upload("text/csv", csv, { enrich: "false" }, 201);
    expect(tracking_id).toBeNull();
    const path = `/catalogs/${catalog_id}`;
    expect(await world.demo.status(catalog_id ?? "")).toMatchObject({ state: "ready", counts: { pending: 12 } });
    expect(await world.deployed.batches(catalog_id ?? "")).toEqual([]);

    const started = await world.demo.call("POST", `${path}/enrich`, { query: { batch_size: "6" } });
    expect(started.body).toMatchObject({ catalog_id, total_products: 12, total_batches: 2, batch_size: 6 });
    expect(started.status).toBe(202);
    expect(await world.demo.refusal(409, "POST", `${path}/enrich`)).toMatchObject({ code: "run_active" });
    expect(await world.demo.follow(catalog_id ?? "", { seconds: 60 })).toMatchObject({
      state: "completed",
      counts: { enriched: 12 },
    });
    await world.upstream.begin();
  });

  it("repeated with its Idempotency-Key gets the same answer and has no second effect", async () => {
    const headers = { "content-type": "text/csv", "idempotency-key": randomUUID() };
    const body = csvOf(asinSeries("MIDE", 5));
    const first = await world.demo.call("POST", "/catalogs", { headers, body });
    const second = await world.demo.call("POST", "/catalogs", { headers, body });
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body).toEqual(first.body);
    const names = (await world.demo.catalogs()).map(({ catalog_id }) => catalog_id);
    const { catalog_id } = first.body as { catalog_id: string };
    expect(names.filter((name) => name === catalog_id)).toHaveLength(1);

    const other = { headers, body: `${body}\nB0MIDE9999,SKU-X` };
    expect((await world.demo.refusal(422, "POST", "/catalogs", other)).detail).toMatch(/key/i);
    // The key of one user says nothing about another's.
    expect((await world.other.call("POST", "/catalogs", other)).status).toBe(202);
    await world.demo.follow(catalog_id, { seconds: 60 });
  });

  it("without a sign-in, or with a forged one, is refused", async () => {
    const upload = { headers: { "content-type": "text/csv" }, body: csvOf(asinSeries("MNOB", 1)) };
    expect((await world.nobody.call("POST", "/catalogs", upload)).status).toBe(401);
    expect((await world.nobody.call("GET", "/catalogs")).status).toBe(401);
    const forged = { ...upload, headers: { ...upload.headers, authorization: "Bearer eyJhbGciOiJub25lIn0.e30." } };
    expect((await world.nobody.call("POST", "/catalogs", forged)).status).toBe(401);
  });

  it("that is too large for one request is refused with the way out", async () => {
    const upload = { headers: { "content-type": "text/csv" }, body: `asin\n${"B0MBIG0001\n".repeat(100_000)}` };
    const problem = await world.demo.refusal(413, "POST", "/catalogs", upload);
    expect(problem.detail).toContain("/catalogs/uploads");
    const rows = { headers: { "content-type": "text/csv" }, body: `asin\n${"B0MROW0001\n".repeat(20_001)}` };
    expect((await world.demo.refusal(413, "POST", "/catalogs", rows)).code).toBe("too_many_rows");
  });

  it("of a type that is no list is refused with what to send instead", async () => {
    const type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    const upload = { headers: { "content-type": type }, body: "PK" };
    const problem = await world.demo.refusal(415, "POST", "/catalogs", upload);
    expect(problem).toMatchObject({ code: "unsupported_media_type" });
    expect(problem.detail).toMatch(/CSV/);
  });

  it("with a parameter that does not exist is refused by its name", async () => {
    const upload = { query: { batchsize: "20" }, headers: { "content-type": "text/csv" }, body: "asin\nB0MPAR0001" };
    const problem = await world.demo.refusal(400, "POST", "/catalogs", upload);
    expect(JSON.stringify(problem)).toContain("batchsize");
  });
});
