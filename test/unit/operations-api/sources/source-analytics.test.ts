import { describe, expect, it } from "vitest";
import type { SourceId } from "../../../../lambdas/common/core/source-ids.ts";
import { usageOf } from "../../../../lambdas/common/core/sources/analytics/source-usage.ts";
import { recommendationsOf } from "../../../../lambdas/operations-api/sources/source-analytics.ts";

/** A hundred calls of which so many succeeded. */
const usage = (source: SourceId, successes: number) =>
  usageOf(
    source,
    Array.from({ length: 100 }, (_, index) =>
      index < successes
        ? { outcome: "success" as const, latencyMs: 100 }
        : { outcome: "failed" as const, code: "Timeout", latencyMs: 100 },
    ),
  );
const nothing = (source: SourceId) => usageOf(source, []);

describe("recommendationsOf", () => {
  it.each([
    ["no calls at all", [nothing("creators-api"), nothing("keepa")], []],
    ["no calls of the first", [nothing("creators-api"), usage("keepa", 90)], []],
    ["a middling first", [usage("creators-api", 85), usage("keepa", 90)], []],
    ["a first at exactly one half and a fallback at 0.8", [usage("creators-api", 50), usage("keepa", 80)], []],
    ["a failing first", [usage("creators-api", 49), usage("keepa", 50)], [/^Only 49 % .*credentials and limits/]],
    ["a weak first and a good fallback", [usage("creators-api", 79), usage("keepa", 81)], [/asking keepa first/]],
    [
      "a failing first and two good fallbacks",
      [usage("creators-api", 10), usage("sp-api", 95), usage("keepa", 90)],
      [/credentials and limits/, /sp-api first/, /keepa first/],
    ],
    ["a good first", [usage("creators-api", 91), usage("keepa", 100)], [/rely less on keepa/]],
    ["a good first whose fallback was not needed", [usage("creators-api", 91), nothing("keepa")], []],
    ["a first at exactly 0.9", [usage("creators-api", 90), usage("keepa", 100)], []],
  ])("with %s", (_, usages, expected) => {
    const said = recommendationsOf(usages);
    expect(said).toHaveLength(expected.length);
    expected.forEach((pattern, index) => {
      expect(said[index]).toMatch(pattern);
    });
  });
});
