import { describe, expect, it } from "vitest";
import {
  MAX_COLUMN_NAMES_BYTES,
  MAX_COLUMNS,
  UPLOAD_LIMITS,
} from "../../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import { firstCheckpoint } from "../../../lambdas/common/core/exports/export-job.ts";
import { ExportTooLargeError } from "../../../lambdas/common/core/exports/export-too-large-error.ts";
import { bytesOfPart, MAX_PARTS } from "../../../lambdas/common/core/exports/part-sizes.ts";
import { resumeExportBody } from "../../../lambdas/export-catalog/export-body.ts";
import { asinNumber } from "../../helpers/rows.ts";
import { exportDeps, MemoryObjects } from "../../helpers/worlds/export-world.ts";
import { deliverOnce } from "./deliver-once.ts";
import { jobOf, MESSAGE, worldOf } from "./fixture.ts";

const MIB = 1024 * 1024;
const FIRST = 8 * MIB;

/** As S3 answers for a part of the largest number. */
const parts = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    etag: `"${"0123456789abcdef".repeat(2)}"`,
    checksum: "AAAAAA==",
  }));

/**
 * Bytes of a value as DynamoDB counts them.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
const storedBytes = (value: unknown): number => {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return Math.ceil(String(value).length / 2) + 1;
  if (typeof value !== "object" || value === null) return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + 1 + storedBytes(item), 3);
  return Object.entries(value).reduce((sum, [name, item]) => sum + 1 + storedBytes(name) + storedBytes(item), 3);
};

describe("the parts of a large export", () => {
  it("grow, so that their list fits into the row: far below the 400 KB that DynamoDB takes", () => {
    expect(storedBytes({ ...firstCheckpoint("csv"), parts: parts(MAX_PARTS) })).toBeLessThan(300_000);
    expect(bytesOfPart(1, FIRST)).toBe(FIRST);
    expect(bytesOfPart(500, FIRST)).toBe(FIRST);
    expect(bytesOfPart(501, FIRST)).toBe(2 * FIRST);
    expect(bytesOfPart(MAX_PARTS, FIRST)).toBe(3 * FIRST);
  });

  it("hold the largest catalog as JSON lines, which repeat the column names with every row", () => {
    const room = Array.from({ length: MAX_PARTS }, (_, n) => bytesOfPart(n + 1, FIRST)).reduce((a, b) => a + b);
    const names = MAX_COLUMN_NAMES_BYTES + MAX_COLUMNS * '"":"",'.length;
    const enrichment = 4_000;
    expect(room).toBeGreaterThan(UPLOAD_LIMITS.rows * (names + enrichment) + UPLOAD_LIMITS.bytes);
  });

  it("keep their first size in what a million ordinary rows need", () => {
    expect(500 * FIRST).toBeGreaterThan(UPLOAD_LIMITS.bytes + UPLOAD_LIMITS.rows * 2_000);
  });

  it("are cut when as much is gathered as their number asks for", async () => {
    const place = { key: "k", contentType: "text/csv", partBytes: 10 };
    const fullAt = async (before: number): Promise<number> => {
      const written = { upload_id: "u", parts: parts(before), tail: null };
      const body = await resumeExportBody(new MemoryObjects(), place, written);
      for (let bytes = 0; ; bytes += 1) {
        if (body.isFull) return bytes;
        body.add("x");
      }
    };
    expect(await fullAt(0)).toBe(10);
    expect(await fullAt(499)).toBe(10);
    expect(await fullAt(500)).toBe(20);
    expect(await fullAt(2_000)).toBe(30);
  });
});

it("an export that has used up its parts ends with words that say what to do", async () => {
  const world = await worldOf(["asin", ...Array.from({ length: 1_500 }, (_, n) => asinNumber(n))].join("\n"));
  const upload_id = await world.objects.startUpload();
  const job = jobOf(world);
  world.exports.jobs.set(job.export_id, {
    ...job,
    checkpoint: { ...firstCheckpoint("csv"), phase: "write", width: 1, upload_id, parts: parts(MAX_PARTS) },
  });
  const delivery = { message: MESSAGE, receiveCount: 1, remainingMs: 60_000 };
  expect(await deliverOnce(exportDeps(world, { partBytes: 1_000 }), delivery)).toEqual({ kind: "done" });
  expect(jobOf(world)).toMatchObject({ state: "failed", failure: new ExportTooLargeError().message });
  expect(jobOf(world).failure).toMatch(/Ask for CSV/);
});
