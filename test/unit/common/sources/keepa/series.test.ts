import { describe, expect, it } from "vitest";
import { decodeSeries, keepaTimeToUnixMs, SERIES } from "../../../../../lambdas/common/sources/keepa/series.ts";

describe("Keepa's series", () => {
  it("count minutes from 2011-01-01 UTC", () => {
    expect(new Date(keepaTimeToUnixMs(0)).toISOString()).toBe("2011-01-01T00:00:00.000Z");
    expect(new Date(keepaTimeToUnixMs(8_075_762)).toISOString()).toBe("2026-05-10T04:02:00.000Z");
  });

  it("are pairs of time and value, null where there was none", () => {
    expect(decodeSeries(SERIES.NEW, [0, 2499, 60, -1])).toEqual([
      { atMs: Date.parse("2011-01-01T00:00:00Z"), value: 2499 },
      { atMs: Date.parse("2011-01-01T01:00:00Z"), value: null },
    ]);
  });

  it("are triples where shipping is given", () => {
    expect(decodeSeries(SERIES.BUY_BOX_SHIPPING, [0, 1000, 350, 60, -1, -1])).toEqual([
      { atMs: expect.any(Number), value: 1000, shipping: 350 },
      { atMs: expect.any(Number), value: null, shipping: null },
    ]);
  });

  it("are empty where Keepa has none", () => expect(decodeSeries(SERIES.AMAZON, null)).toEqual([]));

  it.each([
    [SERIES.NEW, [1, 2, 3]],
    [SERIES.BUY_BOX_SHIPPING, [1, 2]],
  ])("of a wrong length (series %i) are refused", (index, csv) =>
    expect(() => decodeSeries(index, csv)).toThrow(RangeError),
  );
});
