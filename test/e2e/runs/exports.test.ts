import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { EXIT } from "../../../cli/cli-error.ts";
import { processIo } from "../../../cli/output/io.ts";
import { runCli } from "../../../cli/program.ts";
import { ExportStore } from "../../../lambdas/common/adapters/dynamodb/operations/export-store.ts";
import { ExportObjects } from "../../../lambdas/common/adapters/s3/exports/export-objects.ts";
import type { CatalogProduct } from "../../../lambdas/common/core/contract/catalogs/products.ts";
import { type Export, ExportSchema } from "../../../lambdas/common/core/contract/exports/export.ts";
import { UploadAddressSchema } from "../../../lambdas/common/core/contract/uploads/upload-address.ts";
import { newExportJob } from "../../../lambdas/common/core/exports/export-job.ts";
import { UploadGoneError } from "../../../lambdas/common/core/exports/upload-gone-error.ts";
import { clientConfig } from "../../../local/aws-environment.ts";
import type { Api } from "../../helpers/e2e/api.ts";
import { asinSeries } from "../../helpers/e2e/asins.ts";
import { LargeUploads } from "../../helpers/e2e/large-upload.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.deployed.close());

const [first = "", second = "", third = "", gone = "", last = ""] = asinSeries("XPRT", 5);
/** Semicolons, own columns in an own order, a clash with ours, formulas, quotes, a line break, short and long rows. */
const UPLOAD = [
  "shelf;Title;ASIN;=note",
  `A1;mine;${first};=SUM(1,2)`,
  `A2;"say ""hi""; twice";${second};"two\nlines"`,
  `A3;;nonsense;@x`,
  `A4;again;${first.toLowerCase()};-5`,
  `A5;nobody has it;${gone};+49 30`,
  `A6;short;${third}`,
  `A7;long;${last};ok;surplus`,
].join("\n");

const body = (value: unknown) => ({
  body: JSON.stringify(value),
  headers: { "content-type": "application/json" },
});

/** Asks for an export and waits until it can be fetched. */
const exportOf = async (api: Api, catalogId: string, request: unknown): Promise<Export> => {
  const asked = await api.call("POST", `/catalogs/${catalogId}/exports`, body(request));
  expect(asked.status).toBe(202);
  const { export_id } = ExportSchema.parse(asked.body);
  const read = async () => ExportSchema.parse((await api.call("GET", `/exports/${export_id}`)).body);
  return waitFor("the export", read, ({ state }) => state === "ready" || state === "failed", 60);
};

/** Fetches it as anybody could who has the address. */
const fetchFile = async (view: Export): Promise<{ bytes: Buffer; headers: Headers }> => {
  if (view.download_url === null) throw new Error(`there is no address: ${JSON.stringify(view)}`);
  const response = await fetch(view.download_url);
  expect(response.status).toBe(200);
  return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers };
};

describe("a catalog that has been enriched", () => {
  let catalogId: string;
  let products: Map<string, CatalogProduct>;
  beforeAll(async () => {
    await world.upstream.begin({ not_found_asins: [gone] });
    catalogId = await world.demo.start(UPLOAD, { name: "spring shelf.csv" });
    await world.demo.follow(catalogId, { seconds: 90 });
    products = new Map((await world.demo.products(catalogId)).map((item) => [item.asin, item]));
  });

  /** What the export must say of a product, read by another route. */
  const ours = (asin: string, state: string) => {
    const item = products.get(asin);
    return {
      state,
      error_code: state === "duplicate" ? "" : (item?.error_code ?? ""),
      source: item?.source ?? "",
      as_of: item?.product?.last_refresh_at ?? "",
      valid_until: item?.product?.provenance.title?.store_until ?? "",
      enrichline_title: item?.product?.title ?? "",
      price: item?.product?.current_price ?? "",
      currency: item?.product?.currency ?? "",
      availability: item?.product?.availability_type ?? "",
      image_url: item?.product?.image_url ?? "",
      url: item?.product?.detail_page_url ?? "",
      missing: (item?.product?.missing ?? []).map(({ field }) => field).join("; "),
    };
  };

  it("is exported as CSV row by row, with the user's columns as they were and nothing that a spreadsheet would run", async () => {
    const view = await exportOf(world.demo, catalogId, { format: "csv" });
    expect(view).toMatchObject({ state: "ready", rows_read: 7, rows_written: 7, total_rows: 7, failure: null });
    expect(Date.parse(view.expires_at ?? "")).toBeGreaterThan(Date.now() + 3_500_000);
    const { bytes, headers } = await fetchFile(view);
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="spring shelf-enriched-[\d-]{10}\.csv"/);
    expect(headers.get("content-type")).toContain("text/csv");
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString().split("\r\n")[0]?.slice(1)).toBe(
      "shelf,Title,ASIN,'=note,column_5,state,missing,error_code,source,as_of,valid_until,enrichline_title,price,currency,availability,image_url,url",
    );
    const rows: Record<string, string>[] = parse(bytes, { bom: true, columns: true, record_delimiter: "\r\n" });
    const own = (shelf: string, Title: string, ASIN: string, note: string, column_5 = "") => ({
      shelf,
      Title,
      ASIN,
      "'=note": note,
      column_5,
    });
    expect(rows).toEqual([
      { ...own("A1", "mine", first, "'=SUM(1,2)"), ...ours(first, "enriched") },
      { ...own("A2", 'say "hi"; twice', second, "two\nlines"), ...ours(second, "enriched") },
      {
        ...own("A3", "", "nonsense", "'@x"),
        ...ours("", "rejected"),
        error_code: expect.stringMatching(/^INVALID_ROW: \S/),
      },
      { ...own("A4", "again", first.toLowerCase(), "-5"), ...ours(first, "duplicate") },
      { ...own("A5", "nobody has it", gone, "'+49 30"), ...ours(gone, "failed") },
      { ...own("A6", "short", third, ""), ...ours(third, "enriched") },
      { ...own("A7", "long", last, "ok", "surplus"), ...ours(last, "enriched") },
    ]);
    expect(rows[0]?.enrichline_title).not.toBe("");
    expect(rows[4]?.error_code).not.toBe("");
  });

  it("is exported as JSON lines with the text untouched, and of one state only when asked", async () => {
    const view = await exportOf(world.demo, catalogId, { format: "jsonl", state: "enriched" });
    expect(view).toMatchObject({ state: "ready", rows_read: 7, rows_written: 4, row_state: "enriched" });
    const { bytes } = await fetchFile(view);
    const rows = bytes
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.map((row) => row.shelf)).toEqual(["A1", "A2", "A6", "A7"]);
    expect(rows[0]).toMatchObject({
      Title: "mine",
      "=note": "=SUM(1,2)",
      state: "enriched",
      error_code: null,
      price: products.get(first)?.product?.current_price ?? null,
    });
    expect(rows[3]).toMatchObject({ column_5: "surplus" });
  });

  it("is fetched by the command line into a file of the catalog's name", async () => {
    const folder = await mkdtemp(join(tmpdir(), "enrichline-export-"));
    let out = "";
    try {
      const io = {
        ...processIo(new AbortController().signal),
        out: (text: string) => {
          out += text;
        },
        err: () => {},
        live: false,
        env: { ENRICHLINE_LOCAL_DIR: inject("stateDir") },
      };
      expect(await runCli(["export", catalogId, "--state", "duplicate", "-o", folder, "--json"], io)).toBe(0);
      const [file = ""] = await readdir(folder);
      expect(file).toMatch(/^spring shelf-duplicate-[\d-]{10}\.csv$/);
      const rows = parse(await readFile(join(folder, file)), { bom: true, columns: true, record_delimiter: "\r\n" });
      expect(rows).toEqual([expect.objectContaining({ shelf: "A4", state: "duplicate" })]);
      expect(JSON.parse(out)).toMatchObject({ state: "ready", rows_written: 1, file: join(folder, file) });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("and its exports do not exist for another user", async () => {
    await world.other.refusal(404, "POST", `/catalogs/${catalogId}/exports`, body({ format: "csv" }));
    const { export_id } = await exportOf(world.demo, catalogId, { format: "jsonl" });
    await world.other.refusal(404, "GET", `/exports/${export_id}`);
    expect((await world.demo.call("GET", `/exports/${export_id}`)).status).toBe(200);
  });
});

it("a catalog of 20,000 rows that was never enriched comes back whole and in order", async () => {
  const asins = Array.from(
    { length: 20_000 },
    (_, index) => `B0XPL${String((index * 7_919) % 20_000).padStart(5, "0")}`,
  );
  const stored = await world.demo.upload("text/csv", ["asin", ...asins].join("\n"), { enrich: "false" }, 201);
  const view = await exportOf(world.demo, stored.catalog_id ?? "", { format: "csv" });
  expect(view).toMatchObject({ state: "ready", rows_read: 20_000, rows_written: 20_000 });
  const rows: string[][] = parse((await fetchFile(view)).bytes, { bom: true, from_line: 2 });
  expect(rows.map(([asin]) => asin)).toEqual(asins);
  expect(new Set(rows.map(([, state]) => state))).toEqual(new Set(["pending"]));
});

it("one whose worker was killed on the last delivery ends the command's wait as failed, with words that help", async () => {
  const { emulatorUrl, tables } = inject("outputs");
  const rows = new LargeUploads(world.demo, inject("outputs"));
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(emulatorUrl)));
  let words = "";
  try {
    const stored = await world.demo.upload("text/csv", `asin\n${first}`, { enrich: "false" }, 201);
    const { catalog_id, user_id } = await rows.row(stored.catalog_id ?? "");
    const nowMs = Date.now();
    const job = newExportJob({
      ...{ catalog_id, user_id, tracking_id: null, format: "csv", row_state: null, total_rows: 1 },
      ...{ export_id: "exp_0000000000000001", file_name: "killed.csv", correlation_id: "corr-killed", nowMs },
    });
    const store = new ExportStore(documents, tables.operations ?? "");
    await store.create(job);
    const [now = "", lease_until = ""] = [nowMs, nowMs + 900_000].map((ms) => new Date(ms).toISOString());
    const owner = { export_id: job.export_id, owner: "killed", last_delivery: true };
    await store.claim({ ...owner, now, lease_until });
    // As the worker leaves it when it is killed: its lease ends while the command waits.
    const endLease = async (): Promise<void> => {
      await documents.send(
        new UpdateCommand({
          TableName: tables.operations,
          Key: { operation_key: job.operation_key },
          UpdateExpression: "SET lease_until = :now",
          ExpressionAttributeValues: { ":now": now },
        }),
      );
    };
    let ending: Promise<void> | undefined;
    const io = {
      ...processIo(new AbortController().signal),
      err: (text: string) => {
        words += text;
        if (words.includes("export running")) ending ??= endLease();
      },
      live: false,
      env: { ENRICHLINE_LOCAL_DIR: inject("stateDir") },
    };
    expect(await runCli(["export", job.export_id, "-o", join(tmpdir(), "never-written.csv")], io)).toBe(
      EXIT.UNAVAILABLE,
    );
    await ending;
    expect(words).toMatch(/export running[\s\S]*given up[\s\S]*Ask for it again[\s\S]*corr-killed/);
  } finally {
    rows.close();
    documents.destroy();
  }
});

it("a catalog whose file has not come yet has nothing to export", async () => {
  const answer = await world.demo.call(
    "POST",
    "/catalogs/uploads",
    body({
      name: "later",
      marketplace: "amazon.com",
      file_name: "later.csv",
      content_type: "text/csv",
      content_length: 100,
    }),
  );
  expect(answer.status).toBe(201);
  const { catalog_id } = UploadAddressSchema.parse(answer.body);
  const problem = await world.demo.refusal(409, "POST", `/catalogs/${catalog_id}/exports`, body({ format: "csv" }));
  expect(problem.code).toBe("catalog_not_ready");
});

it("an object in parts becomes whole once, may be completed again, and a part can be written anew", async () => {
  const { emulatorUrl, bucket } = inject("outputs");
  const client = new S3Client({ ...clientConfig(emulatorUrl), forcePathStyle: true });
  try {
    const objects = new ExportObjects(client, bucket);
    const key = "exports/exp_test/export.csv";
    const upload = await objects.startUpload(key, "text/csv; charset=utf-8");
    const part = Buffer.alloc(5 * 1024 * 1024, "a");
    await objects.uploadPart(key, upload, 1, Buffer.alloc(part.length, "x"));
    const parts = [
      await objects.uploadPart(key, upload, 1, part),
      await objects.uploadPart(key, upload, 2, Buffer.from("end")),
    ];
    await objects.completeUpload(key, upload, parts);
    await objects.completeUpload(key, upload, parts);
    expect((await objects.readRange(key, part.length - 2, 100)).toString()).toBe("aaend");
    expect(await objects.readRange(key, part.length + 3, 100)).toHaveLength(0);
    await expect(objects.uploadPart(key, upload, 3, part)).rejects.toBeInstanceOf(UploadGoneError);
    await objects.remove(key);
  } finally {
    client.destroy();
  }
});
