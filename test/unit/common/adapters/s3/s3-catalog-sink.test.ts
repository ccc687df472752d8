import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { S3CatalogSink } from "../../../../../lambdas/common/adapters/s3/s3-catalog-sink.ts";
import { TransientError, ValidationError } from "../../../../../lambdas/common/core/errors.ts";
import { ingestCatalog } from "../../../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { catalogInput } from "../../../../helpers/uploads/catalog-input.ts";

const s3 = mockClient(S3Client);
const PART = 5 * 1024 * 1024;
let cleanupFailures: unknown[] = [];

const newSink = () =>
  new S3CatalogSink({
    client: new S3Client({ region: "us-east-1" }),
    bucket: "data",
    prefix: "catalogs/c1/",
    onCleanupFailure: (error) => cleanupFailures.push(error),
  });

/** Bodies as they were when sent; the writer uses its buffer again afterwards. */
let sentParts: Buffer[] = [];

beforeEach(() => {
  s3.reset();
  cleanupFailures = [];
  sentParts = [];
  s3.on(PutObjectCommand).resolves({});
  s3.on(CreateMultipartUploadCommand).resolves({ UploadId: "u1" });
  s3.on(UploadPartCommand).callsFake(({ Body, PartNumber }) => {
    sentParts.push(Buffer.from(Body));
    return { ETag: `etag-${PartNumber}`, ChecksumCRC32: `crc-${PartNumber}` };
  });
  s3.on(CompleteMultipartUploadCommand).resolves({});
  s3.on(AbortMultipartUploadCommand).resolves({});
  s3.on(DeleteObjectCommand).resolves({});
});

describe("S3CatalogSink", () => {
  it("puts a small object in one request, when it is closed", async () => {
    const object = newSink().open("rows.ndjson", "application/x-ndjson");
    await object.write(Buffer.from("one\n"));
    await object.write(Buffer.from("two\n"));
    expect(s3.calls()).toHaveLength(0);

    await object.close();

    expect(object.key).toBe("catalogs/c1/rows.ndjson");
    expect(s3.calls()).toHaveLength(1);
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: "data",
      Key: "catalogs/c1/rows.ndjson",
      Body: Buffer.from("one\ntwo\n"),
      ContentType: "application/x-ndjson",
    });
  });

  it("sends a large object in parts of 5 MiB and the rest", async () => {
    const object = newSink().open("rows.ndjson", "application/x-ndjson");
    const content = Buffer.alloc(2 * PART + 1000, "abcdefghijk");
    for (let start = 0; start < content.length; start += 700_001)
      await object.write(content.subarray(start, start + 700_001));
    await object.close();

    expect(sentParts.map((part) => part.length)).toEqual([PART, PART, 1000]);
    expect(Buffer.concat(sentParts).equals(content)).toBe(true);
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(0);
    expect(s3.commandCalls(CompleteMultipartUploadCommand)[0]?.args[0].input).toEqual({
      Bucket: "data",
      Key: "catalogs/c1/rows.ndjson",
      UploadId: "u1",
      MultipartUpload: {
        Parts: [1, 2, 3].map((n) => ({ PartNumber: n, ETag: `etag-${n}`, ChecksumCRC32: `crc-${n}` })),
      },
    });
  });

  describe("an upload in parts that S3 does not know when it is to be completed", () => {
    const gone = Object.assign(new Error("The specified upload does not exist"), { name: "NoSuchUpload" });
    const written = async (): Promise<void> => {
      s3.on(CompleteMultipartUploadCommand).rejects(gone);
      const object = newSink().open("rows.ndjson", "application/x-ndjson");
      await object.write(Buffer.alloc(2 * PART + 1000, "x"));
      await object.close();
    };

    it("was completed by a request whose answer was lost, if the object is there as it was written", async () => {
      s3.on(HeadObjectCommand).resolves({ ContentLength: 2 * PART + 1000, ETag: '"0123-3"' });
      await written();
      expect(s3.commandCalls(HeadObjectCommand)[0]?.args[0].input).toEqual({
        Bucket: "data",
        Key: "catalogs/c1/rows.ndjson",
      });
    });

    it.each([
      ["another length", { ContentLength: 7, ETag: '"0123-3"' }],
      ["another number of parts", { ContentLength: 2 * PART + 1000, ETag: '"0123-2"' }],
    ])("is a failure if the object has %s", async (_what, head) => {
      s3.on(HeadObjectCommand).resolves(head);
      await expect(written()).rejects.toBeInstanceOf(TransientError);
    });

    it("is a failure if no object is there", async () => {
      s3.on(HeadObjectCommand).rejects(Object.assign(new Error("none"), { name: "NotFound" }));
      await expect(written()).rejects.toBeInstanceOf(TransientError);
    });
  });

  it("sends no empty last part", async () => {
    const object = newSink().open("rows.ndjson", "application/x-ndjson");
    await object.write(Buffer.alloc(PART, "x"));
    await object.close();
    expect(sentParts.map((part) => part.length)).toEqual([PART]);
  });

  it("takes everything back on abort: parts are aborted, closed objects deleted, open ones never sent", async () => {
    const sink = newSink();
    const closed = sink.open("products/1.ndjson", "application/x-ndjson");
    await closed.write(Buffer.from("x"));
    await closed.close();
    const large = sink.open("rows.ndjson", "application/x-ndjson");
    await large.write(Buffer.alloc(PART, "x"));
    await sink.open("rejects.ndjson", "application/x-ndjson").write(Buffer.from("x"));

    await sink.abort();

    expect(s3.commandCalls(DeleteObjectCommand).map((call) => call.args[0].input.Key)).toEqual([
      "catalogs/c1/products/1.ndjson",
    ]);
    expect(s3.commandCalls(AbortMultipartUploadCommand).map((call) => call.args[0].input)).toEqual([
      { Bucket: "data", Key: "catalogs/c1/rows.ndjson", UploadId: "u1" },
    ]);
    expect(cleanupFailures).toEqual([]);
  });

  it("says what it could not take back, and never throws for it", async () => {
    s3.on(AbortMultipartUploadCommand).rejects(Object.assign(new Error("down"), { name: "SlowDown" }));
    const sink = newSink();
    await sink.open("rows.ndjson", "application/x-ndjson").write(Buffer.alloc(PART, "x"));

    await sink.abort();

    expect(cleanupFailures).toEqual([
      expect.objectContaining({
        code: "storage_unavailable",
        message: "could not remove catalogs/c1/rows.ndjson: SlowDown",
      }),
    ]);
  });
});

describe("an ingest into S3", () => {
  it("stores nothing of a refused catalog", async () => {
    await expect(
      ingestCatalog(catalogInput(`asin,title\nB07KNVH9W9,${"x".repeat(110_000)}`), newSink()),
    ).rejects.toBeInstanceOf(ValidationError);
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(0);
  });

  it("fails as one that may be tried again when S3 refuses, and cleans up", async () => {
    s3.on(PutObjectCommand, { Key: "catalogs/c1/rows.ndjson" }).rejects(
      Object.assign(new Error("slow"), { name: "SlowDown" }),
    );

    await expect(ingestCatalog(catalogInput("asin\nB07KNVH9W9\n"), newSink())).rejects.toBeInstanceOf(TransientError);

    // Also the one whose answer was lost: it may be there.
    expect(s3.commandCalls(DeleteObjectCommand).map((call) => call.args[0].input.Key)).toEqual([
      "catalogs/c1/rows.ndjson",
      "catalogs/c1/products/1.ndjson",
      "catalogs/c1/products/1.index.json",
    ]);
  });

  it("names its objects in the report", async () => {
    const report = await ingestCatalog(catalogInput("asin\nB07KNVH9W9\nbad\n"), newSink());
    expect(report).toMatchObject({
      rows_key: "catalogs/c1/rows.ndjson",
      rejects_key: "catalogs/c1/rejects.ndjson",
      segments: [{ key: "catalogs/c1/products/1.ndjson", index_key: "catalogs/c1/products/1.index.json" }],
    });
    expect(
      s3
        .commandCalls(PutObjectCommand)
        .map((call) => call.args[0].input.Key)
        .sort(),
    ).toEqual([
      "catalogs/c1/products/1.index.json",
      "catalogs/c1/products/1.ndjson",
      "catalogs/c1/rejects.ndjson",
      "catalogs/c1/rows.ndjson",
    ]);
  });
});
