import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { LargeUploads } from "../../helpers/e2e/large-upload.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text));

let world: World;
let uploads: LargeUploads;
beforeAll(async () => {
  world = await openWorld();
  await world.upstream.begin();
  uploads = new LargeUploads(world.demo, inject("outputs"));
});
afterAll(() => {
  uploads.close();
  world.deployed.close();
});

describe("a file of 30,000 rows", () => {
  const VALID = 28_500;
  // Every 20th row repeats the first product.
  const rows = Array.from({ length: 30_000 }, (_, index) => {
    const asin = `B0L${String(index % 20 === 19 ? 0 : index).padStart(7, "0")}`;
    return `${asin},SKU-${index},"A title, with a comma, number ${index}"`;
  });
  const file = bytes(["asin,sku,title", ...rows, "NOT-AN-ASIN,SKU-X,bad"].join("\r\n"));
  let catalogId = "";

  it("is ready with exact counts soon after it was put, and says how far it is until then", async () => {
    const address = await uploads.request({
      name: "Large",
      file_name: "large.csv",
      content_type: "text/csv",
      content_length: file.byteLength,
      enrich: false,
    });
    catalogId = address.catalog_id;
    expect(address.upload_headers).toEqual({ "content-type": "text/csv", "content-length": String(file.byteLength) });
    const url = new URL(address.upload_url);
    expect(url.searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;content-type;host");
    expect(url.searchParams.get("X-Amz-Expires")).toBe("3600");
    expect(await world.demo.status(catalogId)).toMatchObject({
      state: "awaiting_upload",
      totals: { products: 0 },
      ingest: { bytes_read: 0, bytes: file.byteLength },
    });
    await world.demo.refusal(409, "POST", `/catalogs/${catalogId}/enrich`);

    await uploads.put(address, file);
    expect(await uploads.read(catalogId, 60)).toMatchObject({
      state: "ready",
      tracking_id: null,
      totals: { products: VALID },
      counts: { pending: VALID },
    });
    const { body } = await world.demo.call("GET", `/catalogs/${catalogId}`);
    expect(body).toMatchObject({
      name: "Large",
      state: "ready",
      total_products: VALID,
      duplicates: 1_500,
      rejected: 1,
      columns: ["asin", "sku", "title"],
      failure: null,
    });
    const { body: rejected } = await world.demo.call("GET", `/catalogs/${catalogId}/rejected`);
    expect(rejected).toMatchObject({ items: [{ line: 30_002, value: "NOT-AN-ASIN" }] });
  });

  it("is not read again when its event comes again", async () => {
    const before = await uploads.row(catalogId);
    const { url } = world.deployed.queue("ingest");
    await world.deployed.send(url, JSON.stringify({ version: 1, catalog_id: catalogId }));
    await waitFor(
      "the queue to drain",
      () => world.deployed.waiting(url),
      (count) => count === 0,
      30,
    );
    expect(await uploads.row(catalogId)).toEqual(before);
  });

  it("is a stranger's affair to nobody else", async () => {
    await world.other.refusal(404, "GET", `/catalogs/${catalogId}/status`);
  });
});

describe("a file with enrichment", () => {
  it("of mixed shops in UTF-16 begins its run by itself and ends enriched", async () => {
    const asins = asinSeries("UTFX", 24);
    const lines = asins.map((asin, index) => `${asin}\t${index % 3 === 0 ? "amazon.ca" : ""}\tÄpfel ${index}`);
    const text = Buffer.from(`\uFEFFASIN\tmarketplace\tnote\n${lines.join("\n")}`, "utf16le");
    const id = await uploads.send(Uint8Array.from(text), { file_name: "mixed.tsv", name: "UTF-16" });
    expect(await uploads.read(id, 60)).toMatchObject({ totals: { products: 24 } });
    expect(await world.demo.follow(id, { seconds: 60 })).toMatchObject({
      state: "completed",
      counts: { enriched: 24, failed: 0, pending: 0 },
    });
    const { body } = await world.demo.call("GET", `/catalogs/${id}`);
    expect(body).toMatchObject({
      marketplaces: [
        { marketplace: "www.amazon.ca", products: 8 },
        { marketplace: "www.amazon.com", products: 16 },
      ],
    });
  });

  it("keeps the options of its request for the run", async () => {
    const id = await uploads.send(bytes(csvOf(asinSeries("OPTX", 12))), { batch_size: 6, fallback: false });
    await uploads.read(id, 60);
    expect(await world.demo.follow(id, { seconds: 60 })).toMatchObject({
      state: "completed",
      totals: { products: 12, batches: 2 },
    });
  });
});

describe("a dry run of a large file", () => {
  const judge = async (content: Uint8Array<ArrayBuffer>) => {
    const request = { file_name: "dry.csv", content_length: content.byteLength, dry_run: true };
    const { id, put } = await uploads.requestDryRun(request);
    expect((await world.demo.call("GET", `/catalogs/dry-runs/${id}`)).body).toMatchObject({ state: "awaiting_upload" });
    await put(content);
    const read = async () => (await world.demo.call("GET", `/catalogs/dry-runs/${id}`)).body as { state: string };
    const body = await waitFor("the judgement", read, ({ state }) => state !== "awaiting_upload", 60);
    return { id, body };
  };

  it("reports and estimates as a small one does, and stores no catalog", async () => {
    const before = (await world.demo.catalogs()).length;
    const asins = asinSeries("DRYX", 2_000);
    const { id, body } = await judge(bytes(`${csvOf(asins)}\nnope,1\n${asins[0]},2`));
    const small = await world.demo.upload(
      "text/csv",
      `${csvOf(asins)}\nnope,1\n${asins[0]},2`,
      { dry_run: "true" },
      200,
    );
    expect(body).toMatchObject({
      state: "judged",
      failure: null,
      report: {
        catalog_id: null,
        total_products: 2_000,
        duplicates: 1,
        rejected: { count: 1, rows: [{ line: 2_002, value: "nope" }] },
        estimate: { calls: small.estimate?.calls, fresh: 0 },
      },
    });
    expect((await world.demo.catalogs()).length).toBe(before);
    await uploads.nothingStays(id);
    await world.other.refusal(404, "GET", `/catalogs/dry-runs/${id}`);
  });

  it("says why a file cannot be judged", async () => {
    const { id, body } = await judge(bytes("colour\nred\n"));
    await uploads.nothingStays(id);
    expect(body).toMatchObject({ state: "failed", report: null, failure: expect.stringContaining("asin") });
  });
});

describe("a repeated request for an address", () => {
  it("with the same Idempotency-Key gives the same catalog and a fresh address", async () => {
    const ask = (content_length: number) => ({
      body: JSON.stringify({ file_name: "once.csv", content_length }),
      headers: { "content-type": "application/json", "idempotency-key": key },
    });
    const key = randomUUID();
    const [first, second] = [
      await world.demo.call("POST", "/catalogs/uploads", ask(5)),
      await world.demo.call("POST", "/catalogs/uploads", ask(5)),
    ].map(({ status, body }) => ({ status, ...(body as { catalog_id: string }) }));
    expect(first?.status).toBe(201);
    expect(second?.catalog_id).toBe(first?.catalog_id);
    await world.demo.refusal(422, "POST", "/catalogs/uploads", ask(6));
  });
});
