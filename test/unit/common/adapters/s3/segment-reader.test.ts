import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { SegmentReader } from "../../../../../lambdas/common/adapters/s3/segment-reader.ts";
import { NotFoundError, TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { ingestCatalog } from "../../../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { MemorySink } from "../../../../helpers/memory/memory-sink.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { catalogInput } from "../../../../helpers/uploads/catalog-input.ts";

const SEED = testSeed("segment reader", 20_260_518);

const s3 = mockClient(S3Client);
const asinOf = (row: number): string => `B0${String(row).padStart(8, "0")}`;
const newReader = () => new SegmentReader(new S3Client({ region: "us-east-1" }), "data");

/** Writes a segment of `products` products and serves it as S3 would, ranges included. */
const serve = async (products: number) => {
  const sink = new MemorySink();
  const rows = Array.from(
    { length: products },
    (_, row) => `${asinOf(row)},${row % 3 === 0 ? "" : `ä-${"x".repeat(row % 40)}`}`,
  );
  const report = await ingestCatalog(catalogInput(`asin,sku\n${rows.join("\n")}\n`), sink);
  s3.on(GetObjectCommand).callsFake(({ Key, Range }) => {
    const object = sink.objects.get(Key);
    if (!object) throw Object.assign(new Error("no such key"), { name: "NoSuchKey" });
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(Range ?? "") ?? [];
    const bytes = from === undefined ? object : object.subarray(Number(from), Number(to) + 1);
    return { Body: { transformToString: async () => bytes.toString() } };
  });
  const [segment] = report.segments;
  if (!segment) throw new Error("the catalog has no segment");
  return { segment, sink };
};

beforeEach(() => {
  s3.reset();
});

describe("SegmentReader", () => {
  it("reads any stretch of a segment, and less at its end", async () => {
    const { segment } = await serve(1234);
    const reader = newReader();
    await fc.assert(
      fc.asyncProperty(fc.nat(1300), fc.integer({ min: 0, max: 1300 }), async (from, count) => {
        const rows = await reader.read(segment, from, count);
        expect(rows.map(({ asin, line }) => [asin, line])).toEqual(
          Array.from({ length: Math.max(0, Math.min(count, 1234 - from)) }, (_, i) => [asinOf(from + i), from + i + 2]),
        );
      }),
      {
        seed: SEED,
        examples: [
          [0, 500],
          [499, 2],
          [500, 500],
          [999, 1],
          [1233, 1],
          [1234, 1],
          [0, 1234],
        ],
      },
    );
  });

  it("keeps SKUs, and leaves them out where there are none", async () => {
    const { segment } = await serve(3);
    expect(await newReader().read(segment, 0, 2)).toEqual([
      { asin: asinOf(0), line: 2 },
      { asin: asinOf(1), sku: "ä-x", line: 3 },
    ]);
  });

  it("asks for no more than the stretch, and for the index once", async () => {
    const { segment, sink } = await serve(1234);
    const reader = newReader();
    await reader.read(segment, 20, 20);
    await reader.read(segment, 40, 20);
    await Promise.all([reader.read(segment, 600, 20), reader.read(segment, 1220, 14)]);

    const offsets: number[] = JSON.parse(sink.lines("products/1.index.json").join()).offsets;
    expect(s3.commandCalls(GetObjectCommand).map((call) => [call.args[0].input.Key, call.args[0].input.Range])).toEqual(
      [
        ["products/1.index.json", undefined],
        ["products/1.ndjson", `bytes=0-${(offsets[1] ?? 0) - 1}`],
        ["products/1.ndjson", `bytes=0-${(offsets[1] ?? 0) - 1}`],
        ["products/1.ndjson", `bytes=${offsets[1]}-${(offsets[2] ?? 0) - 1}`],
        ["products/1.ndjson", `bytes=${offsets[2]}-${(sink.objects.get("products/1.ndjson")?.length ?? 0) - 1}`],
      ],
    );
  });

  it("says that a deleted catalog is gone", async () => {
    await serve(3);
    await expect(newReader().read({ key: "x", index_key: "y" }, 0, 1)).rejects.toBeInstanceOf(NotFoundError);
  });

  it("asks again after a failure, and remembers none", async () => {
    s3.on(GetObjectCommand).rejects(Object.assign(new Error("slow"), { name: "SlowDown" }));
    const reader = newReader();
    await expect(
      reader.read({ key: "products/1.ndjson", index_key: "products/1.index.json" }, 0, 1),
    ).rejects.toBeInstanceOf(TransientError);

    const { segment } = await serve(3);
    expect(await reader.read(segment, 0, 1)).toEqual([{ asin: asinOf(0), line: 2 }]);
  });

  it("fails rather than hand out fewer products than the index promises", async () => {
    const { segment, sink } = await serve(10);
    sink.objects.set(segment.key, (sink.objects.get(segment.key) ?? Buffer.alloc(0)).subarray(0, 100));
    await expect(newReader().read(segment, 0, 10)).rejects.toThrow();
  });
});
