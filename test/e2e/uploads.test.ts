import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { CatalogRow } from "../../lambdas/common/core/catalogs/catalog-row.ts";
import { layoutOf } from "../../local/layout.ts";
import { FunctionLog } from "../helpers/chaos/faults/function-log.ts";
import { FunctionWorkers } from "../helpers/chaos/faults/function-workers.ts";
import { asinSeries, csvOf } from "../helpers/e2e/asins.ts";
import { LargeUploads } from "../helpers/e2e/large-upload.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";
import { waitFor } from "../helpers/e2e/wait-for.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text));
const iso = (ms: number): string => new Date(ms).toISOString();
/** Pause between looks for a moment that must not be missed. */
const CHECK_AT_ONCE_MS = 25;
const HOUR_MS = 3_600_000;

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
    const address = await uploads.order({
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

  it("keeps the options of its order for the run", async () => {
    const id = await uploads.send(bytes(csvOf(asinSeries("OPTX", 12))), { batch_size: 6, fallback: false });
    await uploads.read(id, 60);
    expect(await world.demo.follow(id, { seconds: 60 })).toMatchObject({
      state: "completed",
      totals: { products: 12, batches: 2 },
    });
  });
});

describe("the same content while its run is open", () => {
  const csv = csvOf(asinSeries("DUPX", 30));

  it("is refused in a request and by file, naming the other catalog, unless forced", async () => {
    await world.upstream.set({ outage: true });
    try {
      const first = await world.demo.start(csv, { name: "First one" });
      const problem = await world.demo.refusal(409, "POST", "/catalogs", {
        body: csv,
        headers: { "content-type": "text/csv" },
      });
      expect(problem).toMatchObject({ code: "duplicate_upload" });
      expect(problem.detail).toContain(`"First one" (${first})`);
      expect(problem.detail).toContain("force=true");

      const second = await uploads.send(bytes(csv));
      expect(await uploads.read(second, 60)).toMatchObject({
        state: "ingest_failed",
        failure: expect.stringContaining(first),
      });
      await uploads.nothingStays(second);

      const forced = await uploads.send(bytes(csv), { force: true });
      expect((await uploads.read(forced, 60)).tracking_id).toMatch(/^enrich_/);
      // Another user's products are another user's affair.
      await world.other.start(csv, { name: "Mine" });
    } finally {
      await world.upstream.set({ outage: null });
    }
  });
});

describe("a file that is no catalog", () => {
  it.each([
    ["a spreadsheet by its name", 415, { file_name: "list.xlsx", content_length: 10 }, "save the sheet as CSV"],
    ["an archive by its name", 415, { file_name: "list.zip", content_length: 10 }, "Unpack it"],
    ["a picture by its type", 415, { file_name: "list", content_type: "image/png", content_length: 10 }, "Send CSV"],
    ["3 GB", 413, { file_name: "list.csv", content_length: 3 * 1024 ** 3 }, "Split the file"],
    ["nothing", 400, { file_name: "list.csv", content_length: 0 }, "The file is empty"],
    ["of no known length", 400, { file_name: "list.csv" }, "breaks a rule"],
  ])("%s is refused before a byte is sent", async (_, status, body, words) => {
    const before = (await world.demo.catalogs()).length;
    expect((await uploads.refusal(status, body)).detail).toContain(words);
    expect((await world.demo.catalogs()).length).toBe(before);
  });

  it.each([
    [
      "a workbook under a false name",
      Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.from("[Content_Types].xml")]),
      "save the sheet as CSV",
    ],
    ["a packed file", gzipSync("asin\nB0ABCDEF01"), "compressed by gzip"],
    ["white space only", Buffer.from(" \n\n \n"), "The file is empty"],
    ["a header without a usable column", Buffer.from("colour,size\nred,1\nblue,2"), "asin"],
    ["rows without one product", Buffer.from("asin\nnope\nnothing"), "line 2"],
    [
      "a quote that is open for over 1 MB",
      Buffer.from(`asin,title\nB0ABCDEF01,"${"word ".repeat(250_000)}`),
      "never closed",
    ],
  ])("%s ends as ingest_failed with the reason and the fix, and leaves nothing", async (_, content, words) => {
    const id = await uploads.send(Uint8Array.from(content));
    const status = await uploads.read(id, 60);
    expect(status.state).toBe("ingest_failed");
    expect(status.failure).toContain(words);
    const { body } = await world.demo.call("GET", `/catalogs/${id}`);
    expect(body).toMatchObject({ state: "ingest_failed", failure: status.failure });
    await uploads.nothingStays(id);
  });
});

describe("a reading that died", () => {
  it("because its process was killed is begun again from the file, and counts every row once", async () => {
    const rows = Array.from(
      { length: 600_000 },
      (_, n) => `B0K${String(n).padStart(7, "0")},SKU-${n},a title of some length`,
    );
    const content = bytes(["asin,sku,title", ...rows].join("\n"));
    const id = await uploads.send(content, { file_name: "killed.csv", enrich: false });
    const workers = new FunctionWorkers(layoutOf(inject("stateDir")));
    const firstAttempt = { state: "ingesting", ingest: { attempt: 1 } };
    // The row says it at the start of the attempt. So however fast the machine is, nearly all of the file is before it.
    const hasBegun = ({ state }: CatalogRow) => state !== "awaiting_upload";
    await waitFor("the reading to begin", () => uploads.row(id), hasBegun, 60, CHECK_AT_ONCE_MS);
    // Stopped where it is, so that it does not finish while it is looked at.
    expect(await workers.signal("IngestCatalog", "SIGSTOP")).toBeGreaterThan(0);
    expect(await uploads.row(id)).toMatchObject(firstAttempt);
    expect(await workers.signal("IngestCatalog", "SIGKILL")).toBeGreaterThan(0);

    const { ingest, state } = await uploads.row(id);
    expect({ state, ingest }).toMatchObject(firstAttempt);
    // What 90 seconds do: the lease of the dead one ends.
    const past = iso(Date.now() - 1_000);
    await uploads.change(id, { ingest: { ...ingest, lease_until: past }, due_at: past });
    await world.deployed.invoke("reconcile");
    expect(await uploads.read(id, 120)).toMatchObject({ state: "ready", totals: { products: 600_000 } });
    const row = await uploads.row(id);
    expect(row.ingest?.attempt).toBeGreaterThan(1);
    expect(row.rows_key).toBe(`catalogs/${id}/${row.ingest?.attempt}/rows.ndjson`);
  });

  it("is begun again when its lease has ended, and only then", async () => {
    const asins = asinSeries("DEAD", 40);
    const content = bytes(csvOf(asins));
    const address = await uploads.order({
      file_name: "died.csv",
      content_length: content.byteLength,
      enrich: false,
    });
    const id = address.catalog_id;
    // As the process leaves it when it is killed in the middle of its first attempt.
    const leaseUntil = iso(Date.now() + 60_000);
    await uploads.change(id, {
      state: "ingesting",
      ingest: { attempt: 1, lease_until: leaseUntil, bytes_read: 100 },
      due_at: leaseUntil,
    });
    await uploads.leave(`catalogs/${id}/1/products/1.ndjson`);
    await uploads.put(address, content);
    await world.deployed.invoke("reconcile");
    const { url } = world.deployed.queue("ingest");
    await waitFor(
      "the event to be taken",
      () => world.deployed.waiting(url),
      (count) => count === 0,
      30,
    );
    expect(await uploads.row(id)).toMatchObject({ state: "ingesting", ingest: { attempt: 1 } });

    const past = iso(Date.now() - 1_000);
    await uploads.change(id, { ingest: { attempt: 1, lease_until: past, bytes_read: 100 }, due_at: past });
    await world.deployed.invoke("reconcile");
    expect(await uploads.read(id, 60)).toMatchObject({ state: "ready", totals: { products: 40 } });
    expect(await uploads.row(id)).toMatchObject({ ingest: { attempt: 2, bytes_read: content.byteLength } });
    const isOfTheSecond = (key: string) => key.startsWith(`catalogs/${id}/2/`);
    const look = () => uploads.objects(id);
    // What the first attempt left goes once the second has committed.
    const objects = await waitFor("the first attempt's objects to go", look, (keys) => keys.every(isOfTheSecond), 30);
    expect(objects.length).toBeGreaterThan(0);
    // The file of a catalog that is ready stays for its seven days.
    expect(await uploads.hasFile(id)).toBe(true);
  });

  it("twelve times is given up in words that help", async () => {
    const { catalog_id } = await uploads.order({ file_name: "x.csv", content_length: 5 });
    await uploads.leave(`catalogs/${catalog_id}/12/rows.ndjson`);
    const past = iso(Date.now() - 1_000);
    await uploads.change(catalog_id, {
      state: "ingesting",
      ingest: { attempt: 12, lease_until: past, bytes_read: 0 },
      due_at: past,
    });
    await world.deployed.invoke("reconcile");
    expect(await world.demo.status(catalog_id)).toMatchObject({
      state: "ingest_failed",
      failure: expect.stringMatching(/12 attempts.*Upload it again.*correlation id/),
    });
    await uploads.nothingStays(catalog_id);
  });
});

describe("a file whose user has as many others being read as may be", () => {
  it("waits for its turn without a failed delivery, and is read then", async () => {
    const content = bytes(csvOf(asinSeries("TURN", 10)));
    const address = await uploads.order({ file_name: "t.csv", content_length: content.byteLength, enrich: false });
    const { catalog_id, user_id } = await uploads.row(address.catalog_id);
    const freeSlots = await uploads.takeSlots(user_id, 2, Date.now() + HOUR_MS);
    await uploads.put(address, content);
    const log = new FunctionLog(layoutOf(inject("stateDir")));
    await waitFor(
      "its turn to be refused",
      async () => log.said("as many files of this user as may be are being read, this one waits", { catalog_id }),
      (times) => times > 0,
      30,
    );
    // Another one's file overtakes it meanwhile.
    const others = new LargeUploads(world.other, inject("outputs"));
    const other = await others.send(bytes(csvOf(asinSeries("TURO", 10))), { enrich: false });
    expect(await others.read(other, 60)).toMatchObject({ state: "ready" });
    others.close();
    expect(await world.demo.status(catalog_id)).toMatchObject({ state: "awaiting_upload" });
    await freeSlots();
    expect(await uploads.read(catalog_id, 60)).toMatchObject({ state: "ready", totals: { products: 10 } });
    expect((await uploads.row(catalog_id)).ingest?.attempt).toBe(1);
  });
});

describe("a file that never comes", () => {
  it("ends its catalog after 24 h", async () => {
    const { catalog_id } = await uploads.order({ file_name: "x.csv", content_length: 5 });
    const past = iso(Date.now() - 1_000);
    await uploads.change(catalog_id, { created_at: iso(Date.now() - 24 * HOUR_MS - 1_000), due_at: past });
    await world.deployed.invoke("reconcile");
    expect(await world.demo.status(catalog_id)).toMatchObject({
      state: "ingest_failed",
      failure: expect.stringContaining("within 24 h"),
      ingest: null,
    });
  });

  it("is looked for again in an hour when its address has ended, and goes on being awaited", async () => {
    const { catalog_id } = await uploads.order({ file_name: "x.csv", content_length: 5 });
    await uploads.change(catalog_id, { due_at: iso(Date.now() - 1_000) });
    const from = Date.now();
    await world.deployed.invoke("reconcile");
    const looked = Date.now();
    const { url } = world.deployed.queue("ingest");
    await waitFor(
      "the look",
      () => world.deployed.waiting(url),
      (count) => count === 0,
      30,
    );
    const row = await uploads.row(catalog_id);
    expect(row.state).toBe("awaiting_upload");
    expect(Date.parse(row.due_at ?? "")).toBeGreaterThanOrEqual(from + HOUR_MS);
    expect(Date.parse(row.due_at ?? "")).toBeLessThanOrEqual(looked + HOUR_MS);
  });
});

describe("a file whose event is lost", () => {
  it("is read at a later look of reconcile, even when its 24 h are over, and not removed unread", async () => {
    const content = bytes(csvOf(asinSeries("LOST", 30)));
    const address = await uploads.order({ file_name: "l.csv", content_length: content.byteLength, enrich: false });
    const id = address.catalog_id;
    // To a reader that finds this state its event says nothing.
    await uploads.change(id, { state: "ready" });
    await uploads.put(address, content);
    const log = new FunctionLog(layoutOf(inject("stateDir")));
    await waitFor(
      "the event to be taken",
      async () => log.said("nothing to read for this message", { catalog_id: id }),
      (times) => times > 0,
      30,
    );
    const created_at = iso(Date.now() - 25 * HOUR_MS);
    await uploads.change(id, { state: "awaiting_upload", created_at, due_at: iso(Date.now() - 1_000) });
    await world.deployed.invoke("reconcile");
    expect(await uploads.read(id, 60)).toMatchObject({ state: "ready", totals: { products: 30 } });
    expect(await uploads.hasFile(id)).toBe(true);
  });
});

describe("a dry run of a large file", () => {
  const judge = async (content: Uint8Array<ArrayBuffer>) => {
    const order = { file_name: "dry.csv", content_length: content.byteLength, dry_run: true };
    const { id, put } = await uploads.requestDryRun(order);
    expect((await world.demo.call("GET", `/catalogs/dry-runs/${id}`)).body).toMatchObject({ state: "awaiting_upload" });
    await put(content);
    const look = async () => (await world.demo.call("GET", `/catalogs/dry-runs/${id}`)).body as { state: string };
    const body = await waitFor("the judgement", look, ({ state }) => state !== "awaiting_upload", 60);
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

describe("a repeated order", () => {
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
