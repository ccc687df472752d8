import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { createHandler } from "../../../lambdas/ingest-catalog/handler.ts";
import { NOON } from "../../helpers/rows.ts";
import { deliver, event, s3Event } from "./deliver-upload.ts";
import { anAwaited, anUploadRequest, CATALOG_ID, CONTEXT, fakeDeps } from "./fake-deps.ts";

const iso = (ms: number) => new Date(NOON + ms).toISOString();

describe("the reader of uploaded files", () => {
  it("commits the catalog with its run once, under its attempt, and sends the first batches", async () => {
    const { world, failed } = await deliver();
    expect(failed).toBe(0);
    expect(world.sinks.map(({ prefix }) => prefix)).toEqual([`catalogs/${CATALOG_ID}/1/`]);
    expect(world.committed).toHaveLength(1);
    expect(world.committed[0]).toMatchObject({
      read: { name: "spring", rows: { valid: 2, rejected: 1 }, columns: ["asin", "sku"], rows_key: "rows.ndjson" },
      // `auto` of the order is the size for two products.
      run: { uploaded: 2, pending: 2, state: "queued", correlation_id: "corr-1", options: { batch_size: 15 } },
    });
    expect(world.dispatched.map((run) => run.batch_id)).toEqual([`enrich_${CATALOG_ID}_${NOON / 1_000}`]);
    expect(world.closed).toBe(1);
  });

  it("takes the message of reconcile as it takes the event of the bucket", async () => {
    const { deps, world } = fakeDeps();
    await createHandler(deps)(event(1, JSON.stringify({ version: 1, catalog_id: CATALOG_ID })), CONTEXT);
    expect(world.committed).toHaveLength(1);
  });

  it("takes a document's own name when the order gave none but the file's", async () => {
    const file = '{"name":"autumn","products":[{"asin":"B0ABCDEF01"}]}';
    const upload = anUploadRequest({
      content_type: "application/json",
      file_name: "catalog.json",
      content_length: file.length,
    });
    const unnamed = await deliver({ file, row: anAwaited({ name: "catalog.json", upload }) });
    expect(unnamed.world.committed).toMatchObject([{ read: { name: "autumn" } }]);
    const named = await deliver({ file, row: anAwaited({ name: "spring", upload }) });
    expect(named.world.committed).toMatchObject([{ read: { name: "spring" } }]);
  });

  it("reads a file as its user said, and keeps what was noticed", async () => {
    const file = "Report of today\nNr;Artikel\n1;B0ABCDEF01\n";
    const { world } = await deliver({
      file,
      row: anAwaited({ upload: anUploadRequest({ reading: { asin_column: "artikel" } }) }),
    });
    expect(world.committed).toMatchObject([
      { read: { rows: { valid: 1 }, notes: [expect.stringContaining("above the header")] } },
    ]);
    expect((await deliver()).world.committed[0]?.read).not.toHaveProperty("notes");
  });

  it("begins no run when none was asked for", async () => {
    const { world } = await deliver({ row: anAwaited({ upload: anUploadRequest({ enrich: false }) }) });
    expect(world.committed).toMatchObject([{ run: undefined }]);
    expect(world.dispatched).toEqual([]);
  });

  it.each([
    ["is ready", anAwaited({ state: "ready" })],
    ["has failed", anAwaited({ state: "ingest_failed" })],
    ["is deleted", undefined],
    [
      "is read by somebody",
      anAwaited({ state: "ingesting", ingest: { attempt: 1, lease_until: iso(1), bytes_read: 0 } }),
    ],
  ])("does nothing, and is done, when the catalog %s", async (_, row) => {
    const { world, failed } = await deliver({ row });
    expect(failed).toBe(0);
    expect(world.committed).toEqual([]);
    expect(world.row).toEqual(row);
  });

  it("still awaits a file that is not there yet", async () => {
    const { world, failed } = await deliver({ file: undefined });
    expect([failed, world.row?.state]).toEqual([0, "awaiting_upload"]);
  });

  it("begins again after a crash, below another prefix", async () => {
    const row = anAwaited({ state: "ingesting", ingest: { attempt: 3, lease_until: iso(-1), bytes_read: 9 } });
    const { world } = await deliver({ row });
    expect(world.sinks[0]?.prefix).toBe(`catalogs/${CATALOG_ID}/4/`);
    expect(world.row?.state).toBe("ready");
  });

  it("removes what attempts that died wrote once a later one has committed, and nothing else", async () => {
    const row = anAwaited({ state: "ingesting", ingest: { attempt: 3, lease_until: iso(-1), bytes_read: 9 } });
    const { world } = await deliver({ row });
    expect(world.removed).toEqual([`written but catalogs/${CATALOG_ID}/4/`]);
    expect(world.dispatched).toHaveLength(1);
    expect((await deliver()).world.removed).toEqual([]);
  });

  it("continues to remove with the next delivery what it could not remove, and undoes nothing for it", async () => {
    const row = anAwaited({ state: "ingesting", ingest: { attempt: 1, lease_until: iso(-1), bytes_read: 9 } });
    const first = await deliver({ row, removeFails: new TransientError("S3 is away") });
    expect([first.failed, first.world.row?.state, first.world.committed.length]).toEqual([1, "ready", 1]);
    const second = await deliver({ row: first.world.row });
    expect([second.failed, second.world.committed.length]).toEqual([0, 0]);
    expect(second.world.removed).toEqual([`written but catalogs/${CATALOG_ID}/2/`]);
  });

  const ended = (attempt: number) =>
    anAwaited({ state: "ingesting", ingest: { attempt, lease_until: iso(-1), bytes_read: 0 } });

  it("gives up after twelve attempts in words that help, whether the file is there or not", async () => {
    for (const file of [undefined, "asin\nB0ABCDEF01\n"]) {
      const { world } = await deliver({ row: ended(12), file });
      expect(world.row).toMatchObject({ state: "ingest_failed", failure: expect.stringContaining("12 attempts") });
    }
  });

  it("leaves a file that seems gone in the middle to reconcile, which can tell, later each time", async () => {
    const minutes = [2, 4, 8, 15, 15];
    for (const [index, wait] of minutes.entries()) {
      const { world, failed } = await deliver({ row: ended(index + 1), file: undefined });
      expect(failed).toBe(0);
      expect(world.row).toMatchObject({ state: "ingesting", failure: null, ingest: { attempt: index + 2 } });
      expect(world.released).toEqual([iso(wait * 60_000)]);
      expect(world.removed).toEqual([]);
    }
  });

  it("tells its progress every two seconds and renews its lease every thirty", async () => {
    const { world } = await deliver({ file: `asin\n${"B0ABCDEF01\n".repeat(40)}`, msAChunk: 1_000 });
    expect(world.progress.length).toBeGreaterThan(15);
    const renewals = world.progress.filter(({ until }) => until !== undefined);
    expect(renewals).toHaveLength(2);
    expect(world.progress.at(-1)?.bytes).toBe(5 + 40 * 11);
  });

  it("stops and leaves nothing when another attempt has begun meanwhile", async () => {
    const { deps, world } = fakeDeps({ msAChunk: 3_000 });
    const { progress } = deps.rows;
    const robbed = async (...args: Parameters<typeof progress>) => {
      if (world.row?.ingest) world.row = { ...world.row, ingest: { ...world.row.ingest, attempt: 2 } };
      return progress(...args);
    };
    const answer = await createHandler({ ...deps, rows: { ...deps.rows, progress: robbed } })(
      event(1, s3Event(`uploads/${CATALOG_ID}`)),
      CONTEXT,
    );
    expect(answer.batchItemFailures).toEqual([]);
    expect(world.sinks[0]?.sink.isAborted).toBe(true);
    expect(world.row).toMatchObject({ state: "ingesting", ingest: { attempt: 2 } });
    expect(world.released).toEqual([]);
  });
});
