import type { SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { StaleWriteError, TransientError } from "../../../lambdas/common/core/errors.ts";
import { createHandler } from "../../../lambdas/ingest-catalog/handler.ts";
import { NOON } from "../../helpers/rows.ts";
import { anAwaited, anOrder, CATALOG_ID, CONTEXT, fakeDeps, type World } from "./fake-deps.ts";

const iso = (ms: number) => new Date(NOON + ms).toISOString();
const s3Event = (key: string) =>
  JSON.stringify({ "detail-type": "Object Created", source: "aws.s3", detail: { object: { key, size: 3 } } });

const event = (received: number, ...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    receiptHandle: `r${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(received),
      SentTimestamp: "0",
      SenderId: "s",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn",
    awsRegion: "us-east-1",
  })),
});

const deliver = async (changes: Partial<World> = {}, received = 1) => {
  const { deps, world } = fakeDeps(changes);
  const answer = await createHandler(deps)(event(received, s3Event(`uploads/${CATALOG_ID}`)), CONTEXT);
  return { world, deps, failed: answer.batchItemFailures.length };
};

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
    const upload = anOrder({
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
      row: anAwaited({ upload: anOrder({ reading: { asin_column: "artikel" } }) }),
    });
    expect(world.committed).toMatchObject([
      { read: { rows: { valid: 1 }, notes: [expect.stringContaining("above the header")] } },
    ]);
    expect((await deliver()).world.committed[0]?.read).not.toHaveProperty("notes");
  });

  it("begins no run when none was asked for", async () => {
    const { world } = await deliver({ row: anAwaited({ upload: anOrder({ enrich: false }) }) });
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

  it("goes on awaiting a file that is not there yet", async () => {
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

  it("goes on removing with the next delivery what it could not remove, and undoes nothing for it", async () => {
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
    expect(world.told.length).toBeGreaterThan(15);
    const renewals = world.told.filter(({ until }) => until !== undefined);
    expect(renewals).toHaveLength(2);
    expect(world.told.at(-1)?.bytes).toBe(5 + 40 * 11);
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

describe("a file that is refused", () => {
  it.each([
    ["without a usable column", "colour,size\nred,1\n", /asin/],
    ["without a usable row", "asin\nnope\n", /No row holds a usable ASIN.*line 2: /],
    ["that is a workbook", "PK\u0003\u0004[Content_Types].xml", /save the sheet as CSV/],
    ["without anything", "", /The file is empty/],
  ])("%s ends the catalog in words, leaves nothing and is no failure of ours", async (_, file, words) => {
    const { world, failed } = await deliver({ file });
    expect(failed).toBe(0);
    expect(world.row?.state).toBe("ingest_failed");
    expect(world.row?.failure).toMatch(words);
    expect(world.sinks[0]?.sink.objects.size).toBe(0);
    expect(world.committed).toEqual([]);
    // The file itself too.
    expect(world.removed).toEqual(["all"]);
  });

  it("goes with the next delivery when it could not be removed, and so does one that is put once more", async () => {
    const first = await deliver({ file: "colour\nred\n", removeFails: new TransientError("S3 is away") });
    expect([first.failed, first.world.row?.state]).toEqual([1, "ingest_failed"]);
    const second = await deliver({ row: first.world.row });
    expect([second.failed, second.world.removed, second.world.committed]).toEqual([0, ["all"], []]);
  });

  it("for the same content names the other catalog and leaves nothing", async () => {
    const { world } = await deliver({ duplicate: true });
    expect(world.row).toMatchObject({ state: "ingest_failed", failure: expect.stringContaining("cat_other") });
    expect(world.sinks[0]?.sink.isAborted).toBe(true);
  });

  it("is not for the same content when it is forced", async () => {
    const order = anOrder();
    const row = anAwaited({ upload: { ...order, run: { ...order.run, force: true } } });
    const { world } = await deliver({ row, duplicate: true });
    expect(world.row?.state).toBe("ready");
  });
});

describe("a fault of ours", () => {
  it("gives the lease back, tells reconcile when to look, and lets the message come back later each time", async () => {
    const commitFails = new TransientError("throttled");
    const first = await deliver({ commitFails });
    expect([first.failed, first.world.backAfter, first.world.released]).toEqual([1, [15], [iso(60_000)]]);
    const row = anAwaited({ state: "ingesting", ingest: { attempt: 4, lease_until: iso(-1), bytes_read: 0 } });
    const fourth = await deliver({ commitFails, row }, 4);
    expect([fourth.world.backAfter, fourth.world.released]).toEqual([[600], [iso(15 * 60_000)]]);
    // The file is needed again.
    expect([first.world.removed, fourth.world.removed]).toEqual([[], []]);
  });

  it("after which nobody knows whether the commit holds leaves the objects, which may be the catalog's", async () => {
    const { world } = await deliver({ commitFails: new TransientError("connection lost") });
    expect(world.sinks[0]?.sink.isAborted).toBe(false);
  });

  it("that surely did not commit removes the objects", async () => {
    const { world, failed } = await deliver({ commitFails: new StaleWriteError("taken over") });
    expect([failed, world.sinks[0]?.sink.isAborted]).toEqual([0, true]);
  });

  it("in sending the first batches does not undo what is committed", async () => {
    const { deps, world } = fakeDeps();
    const topUp = async () => {
      throw new Error("queue is away");
    };
    const answer = await createHandler({ ...deps, dispatcher: { topUp } })(
      event(1, s3Event(`uploads/${CATALOG_ID}`)),
      CONTEXT,
    );
    expect(answer.batchItemFailures).toEqual([]);
    expect(world.row?.state).toBe("ready");
  });
});

describe("an unreadable message", () => {
  it.each([
    "no json",
    "{}",
    s3Event("uploads/somebody-elses-file.txt"),
    s3Event(`catalogs/${CATALOG_ID}`),
    s3Event("uploads/%E0%A4%A"),
    JSON.stringify({ version: 2, catalog_id: CATALOG_ID }),
  ])("fails alone, soon enough for the dead-letter queue: %s", async (body) => {
    const { deps, world } = fakeDeps();
    const answer = await createHandler(deps)(event(1, body, s3Event(`uploads/${CATALOG_ID}`)), CONTEXT);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "m0" }]);
    expect(world.backAfter).toEqual([3]);
    expect(world.committed).toHaveLength(1);
  });
});

describe("a dry run", () => {
  const dryRun = {
    operation_key: `dry-run#${CATALOG_ID}`,
    dry_run_id: CATALOG_ID,
    owner_id: "u",
    created_at: iso(0),
    marketplace: "www.amazon.com",
    order: anOrder(),
    result: null,
    failure: null,
    expires_at: NOON / 1_000 + 60,
  };

  it("keeps the report and a sample of the products, and stores nothing else", async () => {
    const { world } = await deliver({ dryRun, row: undefined });
    expect(world.dryRunEnd).toEqual({
      failure: null,
      result: {
        rows: { total: 3, valid: 2, duplicates: 0, rejected: 1, blank: 0, repaired: 0 },
        segments: [{ marketplace: "www.amazon.com", products: 2 }],
        rejects: [{ line: 4, value: "nope", reason: expect.any(String) }],
        sample_keys: ["www.amazon.com#B0ABCDEF01", "www.amazon.com#B0ABCDEF02"],
      },
    });
    expect(world.sinks).toEqual([]);
    expect(world.closed).toBe(1);
    expect(world.removed).toEqual(["upload"]);
  });

  it("is judged as its user said, with what was noticed", async () => {
    const file = "Report of today\nNr;Artikel\n1;B0ABCDEF01\n";
    const order = anOrder({ reading: { asin_column: "Artikel" } });
    const { world } = await deliver({ dryRun: { ...dryRun, order }, row: undefined, file });
    expect(world.dryRunEnd).toMatchObject({ result: { rows: { valid: 1 }, notes: [expect.any(String)] } });
  });

  it("says why a file cannot be judged", async () => {
    const { world } = await deliver({ dryRun, row: undefined, file: "colour\nred\n" });
    expect(world.dryRunEnd).toMatchObject({ result: null, failure: expect.stringContaining("asin") });
    expect(world.removed).toEqual(["upload"]);
  });

  it("keeps its report when the file cannot be removed at once, and removes it with the next delivery", async () => {
    const first = await deliver({ dryRun, row: undefined, removeFails: new TransientError("S3 is away") }, 5);
    expect(first.failed).toBe(1);
    expect(first.world.dryRunEnd).toMatchObject({ failure: null, result: { rows: { valid: 2 } } });
    const second = await deliver({ dryRun: { ...dryRun, failure: "x" }, row: undefined });
    expect([second.failed, second.world.removed, second.world.dryRunEnd]).toEqual([0, ["upload"], undefined]);
  });

  it("that no delivery could judge ends with words at the last one, so that nobody asks for ever", async () => {
    const openFails = new TransientError("S3 is away");
    const fourth = await deliver({ dryRun, row: undefined, openFails }, 4);
    expect([fourth.failed, fourth.world.dryRunEnd, fourth.world.removed]).toEqual([1, undefined, []]);
    const fifth = await deliver({ dryRun, row: undefined, openFails }, 5);
    expect(fifth.failed).toBe(1);
    expect(fifth.world.removed).toEqual(["upload"]);
    expect(fifth.world.dryRunEnd).toEqual({
      result: null,
      failure: expect.stringMatching(/could not be read in 5 attempts.* Upload it again.* corr-1\.$/),
    });
  });

  it("whose file is bad says so at the last delivery too", async () => {
    const { world, failed } = await deliver({ dryRun, row: undefined, file: "colour\nred\n" }, 5);
    expect(failed).toBe(0);
    expect(world.dryRunEnd?.failure).toContain("asin");
  });

  it("that is judged is left alone", async () => {
    expect((await deliver({ dryRun: { ...dryRun, failure: "x" } })).world.dryRunEnd).toBeUndefined();
  });

  it("whose file may not be read for now is judged at another delivery", async () => {
    const { world, failed } = await deliver({ dryRun, row: undefined, file: undefined });
    expect([failed, world.dryRunEnd, world.removed]).toEqual([1, undefined, []]);
  });
});
