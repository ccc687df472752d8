import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { RejectedReader } from "../../../../../lambdas/common/adapters/s3/rejected-reader.ts";

const client = new S3Client({ region: "us-east-1" });
const bucket = mockClient(client);
const serve = (content: Buffer) => {
  bucket.on(GetObjectCommand).callsFake((input: { Range: string }) => {
    const [, from = "0", to = "0"] = /bytes=(\d+)-(\d+)/.exec(input.Range) ?? [];
    if (Number(from) >= content.length) throw Object.assign(new Error("range"), { name: "InvalidRange" });
    const part = content.subarray(Number(from), Number(to) + 1);
    return {
      ContentRange: `bytes ${from}-${Number(from) + part.length - 1}/${content.length}`,
      Body: { transformToByteArray: async () => part },
    };
  });
};
const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ line: index + 2, value: `ü${index}`, reason: "x".repeat(2_400) }));
const ndjson = (list: readonly unknown[]) => Buffer.from(list.map((row) => `${JSON.stringify(row)}\n`).join(""));

beforeEach(() => {
  bucket.reset();
});

describe("RejectedReader", () => {
  it.each([1, 99, 100, 7])("gives every row once, %i a page, over any number of stretches", async (limit) => {
    const all = rows(250);
    serve(ndjson(all));
    const reader = new RejectedReader(client, "b");
    const seen: number[] = [];
    let offset: number | undefined = 0;
    while (offset !== undefined) {
      const page: Awaited<ReturnType<typeof reader.read>> = await reader.read("k", offset, limit);
      expect(page.rows.length).toBeLessThanOrEqual(limit);
      seen.push(...page.rows.map(({ line }) => line));
      offset = page.next;
    }
    expect(seen).toEqual(all.map(({ line }) => line));
  });

  it("gives nothing past the end", async () => {
    serve(ndjson(rows(1)));
    expect(await new RejectedReader(client, "b").read("k", 100_000, 10)).toEqual({ rows: [] });
  });
});
