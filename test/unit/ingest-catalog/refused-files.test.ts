import { describe, expect, it } from "vitest";
import { StaleWriteError, TransientError } from "../../../lambdas/common/core/errors.ts";
import { createHandler } from "../../../lambdas/ingest-catalog/handler.ts";
import { NOON } from "../../helpers/rows.ts";
import { deliver, event, s3Event } from "./deliver-upload.ts";
import { anAwaited, anUploadRequest, CATALOG_ID, CONTEXT, fakeDeps } from "./fake-deps.ts";

const iso = (ms: number) => new Date(NOON + ms).toISOString();

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
    const request = anUploadRequest();
    const row = anAwaited({ upload: { ...request, run: { ...request.run, force: true } } });
    const { world } = await deliver({ row, duplicate: true });
    expect(world.row?.state).toBe("ready");
  });
});

describe("a fault of ours", () => {
  it("gives the lease back, says when reconcile is to recheck, and lets the message come back later each time", async () => {
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
    request: anUploadRequest(),
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
    const request = anUploadRequest({ reading: { asin_column: "Artikel" } });
    const { world } = await deliver({ dryRun: { ...dryRun, request }, row: undefined, file });
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
