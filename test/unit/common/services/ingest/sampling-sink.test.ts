import { describe, expect, it } from "vitest";
import { SamplingSink } from "../../../../../lambdas/common/services/ingest/sampling-sink.ts";

const asin = (n: number): string => `B0${String(n).padStart(8, "0")}`;
const lines = (count: number): Buffer =>
  Buffer.from(
    Array.from({ length: count }, (_, n) => `${JSON.stringify({ asin: asin(n), sku: `Ä${n}`, line: n + 2 })}\n`).join(
      "",
    ),
  );

const sample = async (most: number, count: number, cut: number) => {
  const sink = new SamplingSink(most);
  const object = sink.open("products/1.ndjson");
  const bytes = lines(count);
  for (let at = 0; at < bytes.length; at += cut) await object.write(bytes.subarray(at, at + cut));
  await object.close();
  return sink.sampled().get("products/1.ndjson") ?? [];
};

describe("the sampling sink", () => {
  it("keeps every product when there are few, wherever the stream is cut", async () => {
    for (const cut of [1, 7, 1_000_000]) {
      expect(await sample(100, 20, cut)).toEqual(Array.from({ length: 20 }, (_, n) => asin(n)));
    }
  });

  it("keeps an even sample when there are many", async () => {
    const asins = await sample(100, 5_000, 4_096);
    expect(asins.length).toBeGreaterThan(50);
    expect(asins.length).toBeLessThanOrEqual(100);
    const steps = asins.slice(1).map((next, index) => Number(next.slice(2)) - Number(asins[index]?.slice(2)));
    expect(new Set(steps).size).toBe(1);
  });

  it("takes products only, not rows, rejects or indexes", async () => {
    const sink = new SamplingSink(10);
    for (const name of ["rows.ndjson", "rejects.ndjson", "products/1.index.json"]) {
      await sink.open(name).write(lines(3));
    }
    expect(sink.sampled().size).toBe(0);
  });
});
