import { DeleteObjectCommand, ListObjectsV2Command, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { EndedObjects } from "../../../../../lambdas/common/adapters/s3/ended-objects.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

const slowDown = new S3ServiceException({ name: "SlowDown", $fault: "server", $metadata: { httpStatusCode: 503 } });
const rawKeys = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `raw/keepa/2026-11-23/${String(n).padStart(3, "0")}`);

/** A bucket that refuses to remove these while `refuses` holds. */
const bucketOf = (keys: readonly string[], refused: readonly string[]) => {
  const left = new Set(keys);
  const state = { refuses: true };
  const mock = mockClient(S3Client);
  mock.on(ListObjectsV2Command).callsFake(({ Prefix = "" }) => ({
    Contents: [...left].filter((key) => key.startsWith(Prefix)).map((Key) => ({ Key, LastModified: new Date(0) })),
  }));
  mock.on(DeleteObjectCommand).callsFake(({ Key = "" }) => {
    if (state.refuses && refused.includes(Key)) throw slowDown;
    left.delete(Key);
    return {};
  });
  return { objects: new EndedObjects(mock as unknown as S3Client, "files"), left, state };
};

describe("raw answers that S3 removes in part", () => {
  it("are counted as they went, and the rest by the next attempt", async () => {
    const keys = rawKeys(45);
    const { objects, left, state } = bucketOf(keys, [keys[21] ?? "", keys[22] ?? ""]);
    const first = await objects.removeRaw("keepa", 1, () => true);
    expect(first).toMatchObject({ removed: 38, isDone: false, fault: expect.any(TransientError) });
    expect(left.size).toBe(7);
    state.refuses = false;
    expect(await objects.removeRaw("keepa", 1, () => true)).toEqual({ removed: 7, isDone: true });
  });
});

describe("an object that is removed", () => {
  it("says whether it was there, and another whose key begins with its own is not it", async () => {
    const { objects, left } = bucketOf(["exports/e/export.csv.piece"], []);
    expect(await objects.remove("exports/e/export.csv")).toBe(false);
    left.add("exports/e/export.csv");
    expect(await objects.remove("exports/e/export.csv")).toBe(true);
    expect([...left]).toEqual(["exports/e/export.csv.piece"]);
  });

  it("throws when S3 refuses", async () => {
    const { objects } = bucketOf(["exports/e/export.csv"], ["exports/e/export.csv"]);
    await expect(objects.remove("exports/e/export.csv")).rejects.toBeInstanceOf(TransientError);
  });
});
