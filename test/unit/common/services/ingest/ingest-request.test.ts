import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { S3CatalogSink } from "../../../../../lambdas/common/adapters/s3/s3-catalog-sink.ts";
import { createIngestRequest } from "../../../../../lambdas/common/services/ingest/ingest-request.ts";

const client = new S3Client({ region: "us-east-1" });
const bucket = mockClient(client);
const ingest = createIngestRequest(
  (prefix) => new S3CatalogSink({ client, bucket: "b", prefix, onCleanupFailure: () => {} }),
);
const request = (csv: string, store = true) => ({
  catalogId: "cat_1",
  content: Buffer.from(csv),
  contentType: "text/csv",
  marketplace: "www.amazon.com",
  store,
});

beforeEach(() => {
  bucket.reset();
  bucket.onAnyCommand().resolves({});
});

describe("createIngestRequest", () => {
  it("stores under the catalog's own prefix and gives the product keys", async () => {
    const report = await ingest(request("asin\nB07CXG6C9W\nB000000001\nB07CXG6C9W\n"));
    expect(report.rows).toMatchObject({ valid: 2, duplicates: 1 });
    expect(report.sample_keys).toEqual(["www.amazon.com#B07CXG6C9W", "www.amazon.com#B000000001"]);
    const keys = bucket.commandCalls(PutObjectCommand).map((call) => call.args[0].input.Key);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(key).toMatch(/^catalogs\/cat_1\//);
  });

  it("thins the keys out evenly when there are very many", async () => {
    const asins = Array.from({ length: 10_000 }, (_, index) => `B0${String(index).padStart(8, "0")}`);
    const { sample_keys } = await ingest(request(`asin\n${asins.join("\n")}\n`));
    expect(sample_keys).toHaveLength(2_000);
    expect(sample_keys.at(-1)).toBe("www.amazon.com#B000009995");
  });

  it("stores nothing on a dry run", async () => {
    const report = await ingest(request("asin\nB07CXG6C9W\n", false));
    expect(report.sample_keys).toHaveLength(1);
    expect(bucket.calls()).toHaveLength(0);
  });

  it("takes away what it wrote when no row was usable", async () => {
    const report = await ingest(request("asin\nnope\n"));
    expect(report.rows.valid).toBe(0);
    const put = bucket.commandCalls(PutObjectCommand).map((call) => call.args[0].input.Key);
    const removed = bucket.commandCalls(DeleteObjectCommand).map((call) => call.args[0].input.Key);
    expect(removed).toEqual(expect.arrayContaining(put));
  });

  it("rejects the rows of a shop that is switched off, with the reason, and takes the rest of the file", async () => {
    const judge = createIngestRequest(
      (prefix) => new S3CatalogSink({ client, bucket: "b", prefix, onCleanupFailure: () => {} }),
      async () => new Set(["www.amazon.de"]),
    );
    const report = await judge(request("asin,marketplace\nB07CXG6C9W,DE\nB07CXG6C9W,US\nB000000001,\n"));
    expect(report.rows).toMatchObject({ valid: 2, rejected: 1 });
    expect(report.rejects).toMatchObject([
      { line: 2, value: "B07CXG6C9W", reason: expect.stringContaining("switched off") },
    ]);
  });
});
