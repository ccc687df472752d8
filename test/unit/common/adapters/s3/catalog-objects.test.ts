import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { CatalogObjects } from "../../../../../lambdas/common/adapters/s3/catalog-objects.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

const PAGE = 3;

/** A bucket that lists a few keys at a time. */
const bucketOf = (...keys: readonly string[]) => {
  const stored = new Set(keys);
  const mock = mockClient(S3Client);
  mock.on(ListObjectsV2Command).callsFake(({ Prefix = "", StartAfter = "" }) => {
    const found = [...stored].filter((key) => key.startsWith(Prefix) && key > StartAfter).sort();
    return { Contents: found.slice(0, PAGE).map((Key) => ({ Key })), IsTruncated: found.length > PAGE };
  });
  mock.on(DeleteObjectCommand).callsFake(({ Bucket, Key }) => {
    expect(Bucket).toBe("bucket");
    stored.delete(Key);
    return {};
  });
  return { mock, objects: new CatalogObjects(mock as unknown as S3Client, "bucket"), left: () => [...stored].sort() };
};

const OTHERS = ["catalogs/cat_10/1/rows.ndjson", "exports/cat_1/x", "uploads/cat_10"];
const OWN = [
  // Of an attempt that was killed: no row names them.
  ...Array.from({ length: 7 }, (_, n) => `catalogs/cat_1/1/products/${n}.ndjson`),
  "catalogs/cat_1/2/rows.ndjson",
  "catalogs/cat_1/2/rejects.ndjson",
];

describe("the files of a catalog", () => {
  it("all go when it is deleted, over all pages, and so does the file that it was uploaded as", async () => {
    const { objects, left } = bucketOf(...OWN, ...OTHERS, "uploads/cat_1");
    await objects.remove({ catalog_id: "cat_1" });
    expect(left()).toEqual(OTHERS.toSorted());
    await objects.remove({ catalog_id: "cat_1" });
    expect(left()).toEqual(OTHERS.toSorted());
  });

  it("go but for those of the attempt that is kept", async () => {
    const { objects, left } = bucketOf(...OWN, ...OTHERS, "uploads/cat_1");
    await objects.removeWritten("cat_1", "catalogs/cat_1/2/");
    expect(left()).toEqual([...OWN.slice(-2), ...OTHERS, "uploads/cat_1"].toSorted());
  });

  it("is distinguished from one of a catalog whose id begins alike", async () => {
    expect(await bucketOf(...OTHERS, "uploads/cat_1").objects.hasUpload("cat_1")).toBe(true);
    // `uploads/cat_10` is there.
    expect(await bucketOf(...OTHERS).objects.hasUpload("cat_1")).toBe(false);
  });

  it("is not taken for missing when the list is refused", async () => {
    const { mock, objects } = bucketOf("uploads/cat_1");
    const denied = Object.assign(new Error("denied"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
    mock.on(ListObjectsV2Command).rejects(denied);
    await expect(objects.hasUpload("cat_1")).rejects.toBeInstanceOf(TransientError);
  });

  it("stay and the fault is thrown when S3 does not answer", async () => {
    const { mock, objects } = bucketOf(...OWN);
    const away = Object.assign(new Error("slow down"), { name: "SlowDown", $metadata: { httpStatusCode: 503 } });
    mock.on(DeleteObjectCommand).rejects(away);
    await expect(objects.removeUpload("cat_1")).rejects.toBeInstanceOf(TransientError);
    mock.on(ListObjectsV2Command).rejects(away);
    await expect(objects.removeWritten("cat_1")).rejects.toBeInstanceOf(TransientError);
  });
});
