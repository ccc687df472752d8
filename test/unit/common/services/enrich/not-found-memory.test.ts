import { expect, it } from "vitest";
import { isoTime } from "../../../../../lambdas/common/core/clock.ts";
import { NOT_FOUND_MS, rememberedFailures } from "../../../../../lambdas/common/services/enrich/not-found-memory.ts";

const NOW = Date.parse("2026-11-23T12:00:00.000Z");
const HOUR = 3_600_000;
/** A product that a source did not have at that time. */
const missedAt = (saidMs: number) => ({
  not_found: { keepa: isoTime(saidMs + NOT_FOUND_MS) },
});
const sources = (saidMs: number, reopenedMs?: number) =>
  rememberedFailures(missedAt(saidMs), NOW, reopenedMs === undefined ? undefined : isoTime(reopenedMs)).map(
    ({ source }) => source,
  );

it("believes for a day that a source does not have a product", () => {
  expect(sources(NOW - HOUR)).toEqual(["keepa"]);
  expect(sources(NOW - 25 * HOUR)).toEqual([]);
});

it("believes nothing that was said before a retry reopened the product, and all that was said after it", () => {
  expect(sources(NOW - 2 * HOUR, NOW - HOUR)).toEqual([]);
  expect(sources(NOW - HOUR, NOW - 2 * HOUR)).toEqual(["keepa"]);
});
