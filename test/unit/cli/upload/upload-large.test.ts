import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UploadRequestBodySchema } from "../../../../lambdas/common/core/contract/uploads/upload-request.ts";
import { aCatalog } from "../harness/answers.ts";
import { CATALOG_ID, type Reply, report, type Seen, startFakeApi, status } from "../harness/fake-api.ts";
import { runIn, signIn, writeOutputs } from "../harness/harness.ts";

const LARGE = `asin\n${"B07CXG6C9W,a title that makes it long\n".repeat(40_000)}`;
const BYTES = Buffer.byteLength(LARGE);

/** What the reading of the file came to. */
const REJECTED = Array.from({ length: 120 }, (_, index) => ({
  line: index + 2,
  value: `bad-${index + 1}`,
  reason: "not an ASIN",
}));
const CATALOG = aCatalog({
  state: "running",
  total_products: 20,
  duplicates: 39_860,
  rejected: REJECTED.length,
  notes: ["The file is not UTF-8; by its letters it was read as Shift-JIS."],
});

const LengthSchema = UploadRequestBodySchema.pick({ content_length: true }).loose();

let folder: string;
let file: string;
let stop: (() => Promise<void>) | undefined;
let seen: Seen[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "enrichline-cli-"));
  file = join(folder, "large.csv");
  await writeFile(file, LARGE);
});
afterEach(async () => {
  await stop?.();
  await rm(folder, { recursive: true, force: true });
});

/** A server that is API, bucket and Cognito at once. */
const start = async (reply: (seen: Seen, url: string) => Reply | undefined): Promise<void> => {
  let url = "";
  const api = await startFakeApi((request) => {
    const own = signIn(request) ?? reply(request, url);
    if (own) return own;
    if (request.path === "/bucket/key") return { status: 200, body: {} };
    if (request.path.endsWith("/rejected")) {
      const count = Number(request.query.limit);
      return { status: 200, body: { items: REJECTED.slice(0, count), next_cursor: "more" } };
    }
    if (request.method === "GET") return { status: 200, body: CATALOG };
    const { content_length } = LengthSchema.parse(JSON.parse(request.body.toString()));
    return {
      status: 201,
      body: {
        catalog_id: CATALOG_ID,
        dry_run_id: CATALOG_ID,
        upload_url: `${url}/bucket/key?signed`,
        upload_headers: { "content-type": "text/csv", "content-length": String(content_length) },
        expires_at: "2026-08-01T01:00:00.000Z",
      },
    };
  });
  ({ url, seen, close: stop } = api);
  await writeOutputs(folder, api.url);
};

const cli = (...args: readonly string[]) => runIn(folder, args);

/** Answers status calls with these, the last one for ever. */
const statuses = (...states: ReturnType<typeof status>[]) => {
  let call = 0;
  return ({ path }: Seen): Reply | undefined => {
    if (!path.endsWith("/status")) return undefined;
    call += 1;
    return { status: 200, body: states[Math.min(call, states.length) - 1] };
  };
};
const reading = (bytes_read: number) =>
  status("ingesting", 0, 0, {
    tracking_id: null,
    totals: { products: 0, batches: 0 },
    counts: { pending: 0, enriched: 0, failed: 0, cancelled: 0 },
    ingest: { bytes_read, bytes: BYTES },
  });
const put = (): Seen | undefined => seen.find(({ method }) => method === "PUT");
const orders = () => seen.filter(({ method, path }) => method === "POST" && path.endsWith("/uploads"));

describe("upload of a large file", () => {
  it("goes by a presigned address and shows transfer, reading and run one after the other", async () => {
    await start(
      statuses(reading(0), reading(Math.ceil(BYTES / 2)), status("running", 10, 0), status("completed", 20, 0)),
    );
    const choices = ["--batch-size", "30", "--marketplace", "amazon.de", "--asin-column", "Artikel"];
    const { code, out, err } = await cli("upload", file, ...choices);
    expect(code).toBe(0);
    expect(JSON.parse(orders()[0]?.body.toString() ?? "")).toEqual({
      name: "large.csv",
      file_name: "large.csv",
      content_type: "application/csv",
      content_length: BYTES,
      marketplace: "amazon.de",
      fallback: true,
      force: false,
      batch_size: 30,
      asin_column: "Artikel",
      dry_run: false,
    });
    expect(put()?.body.equals(Buffer.from(LARGE))).toBe(true);
    expect(put()?.headers).toMatchObject({ "content-type": "text/csv", "content-length": String(BYTES) });
    expect(put()?.headers.authorization).toBeUndefined();
    const order = [/100%.*sent/, /50%.*read/, /50%.*10\/20/, /100%.*20\/20/].map((line) => err.search(line));
    expect(order.every((at) => at >= 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect(out).toContain("20 enriched");
  });

  it("tells once it is read how many rows are valid, bad and doubled, the first bad ones, and where all are", async () => {
    await start(statuses(reading(0), status("running", 10, 0), status("completed", 20, 0)));
    const { code, out } = await cli("upload", file);
    expect(code).toBe(0);
    expect(out.match(/Rows +20 valid, 120 bad, 39860 duplicates/g)).toHaveLength(1);
    expect(out).toContain("Note      The file is not UTF-8; by its letters it was read as Shift-JIS.\n");
    expect(out).toMatch(/2 +bad-1 +not an ASIN\n/);
    expect(out).toContain(`and 110 more\nShow them all, now or later: enrichline rejected ${CATALOG_ID}\n`);
    expect(out.indexOf("Rows ")).toBeLessThan(out.indexOf("State     completed"));
  });

  it("has the same in the JSON document, with the first 100 bad rows", async () => {
    await start(statuses(reading(0), status("completed", 20, 0)));
    const { out } = await cli("upload", file, "--json");
    const { upload } = JSON.parse(out);
    expect(upload).toMatchObject({ catalog_id: CATALOG_ID, total_products: 20, duplicates: 39_860 });
    expect(upload.rejected).toEqual({ count: 120, rows: REJECTED.slice(0, 100) });
  });

  it("ends with 1 and the reason when the file cannot be read", async () => {
    const failure = "The CSV cannot be read: line 7 opens a quote.";
    await start(statuses(status("ingest_failed", 0, 0, { tracking_id: null, failure })));
    const { code, out } = await cli("upload", file);
    expect(code).toBe(1);
    expect(out).toContain(failure);
    expect(out).not.toContain("Rows ");
  });

  it("--no-wait ends when the file is there", async () => {
    await start(() => undefined);
    const { code, out } = await cli("upload", file, "--no-wait");
    expect(code).toBe(0);
    expect(out).toContain(`enrichline watch ${CATALOG_ID}`);
    expect(out).toContain(`enrichline rejected ${CATALOG_ID}`);
    expect(put()).toBeDefined();
  });

  it("begins the transfer again when the bucket has a fault, and gives up when it is refused", async () => {
    let faults = 2;
    await start(({ method }) => {
      if (method !== "PUT" || faults === 0) return undefined;
      faults -= 1;
      return { status: 503, body: {} };
    });
    expect((await cli("upload", file, "--no-wait")).code).toBe(0);
    expect(seen.filter(({ method }) => method === "PUT")).toHaveLength(3);
    await stop?.();

    await start(({ method }) =>
      method === "PUT" ? { status: 403, body: "<Message>Request has expired</Message>" } : undefined,
    );
    const refused = await cli("upload", file, "--no-wait");
    expect(refused.code).toBe(5);
    expect(refused.err).toContain("HTTP 403): Request has expired");
    expect(seen.filter(({ method }) => method === "PUT")).toHaveLength(1);
  });

  it("is chosen for a small file of too many rows, too", async () => {
    await writeFile(file, "asin\n");
    await start(({ path }) =>
      path.endsWith("/catalogs")
        ? { status: 413, body: { detail: "too many", code: "too_many_rows", errors: [] } }
        : undefined,
    );
    await cli("upload", file, "--no-wait");
    expect(JSON.parse(orders()[0]?.body.toString() ?? "")).toMatchObject({ content_length: 5 });
  });

  it("--dry-run waits for the report and stores nothing", async () => {
    let asked = 0;
    await start(({ path }) => {
      if (!path.includes("/dry-runs/")) return undefined;
      asked += 1;
      const judged = asked > 1;
      const dryReport = { ...report, catalog_id: null, tracking_id: null };
      return {
        status: 200,
        body: { state: judged ? "judged" : "awaiting_upload", report: judged ? dryReport : null, failure: null },
      };
    });
    const { code, out } = await cli("upload", file, "--dry-run");
    expect(code).toBe(0);
    expect(JSON.parse(orders()[0]?.body.toString() ?? "")).toMatchObject({ dry_run: true });
    expect(out).toContain("Rows      20 valid, 1 bad, 2 duplicates");
    expect(out).toContain("Dry run: nothing was stored.");
  });

  it("--dry-run says why the file is no catalog", async () => {
    await start(({ path }) =>
      path.includes("/dry-runs/")
        ? { status: 200, body: { state: "failed", report: null, failure: "The file is empty." } }
        : undefined,
    );
    const { code, err } = await cli("upload", file, "--dry-run");
    expect(code).toBe(2);
    expect(err).toContain("The file is empty.");
  });
});
