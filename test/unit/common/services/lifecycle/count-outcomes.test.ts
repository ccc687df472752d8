import { describe, expect, it } from "vitest";
import type { BatchItem } from "../../../../../lambdas/common/core/batches/batch-row.ts";
import type { Meter } from "../../../../../lambdas/common/platform/metrics.ts";
import { countOutcomes } from "../../../../../lambdas/common/services/lifecycle/count-outcomes.ts";
import { aBatch, anItem, asinNumber } from "../../../../helpers/rows.ts";

const counting = () => {
  const counts = new Map<string, number>();
  const durations: unknown[] = [];
  const meter: Pick<Meter, "count" | "duration"> = {
    count: (name, value, dimensions) => {
      const key = [name, ...Object.values(dimensions ?? {})].join(" ");
      counts.set(key, (counts.get(key) ?? 0) + value);
    },
    duration: (name, milliseconds, dimensions) => void durations.push([name, milliseconds, dimensions]),
  };
  return { meter, counts, durations };
};

const change = (marketplace: string, before: readonly Partial<BatchItem>[], after: readonly Partial<BatchItem>[]) => {
  const items = (states: readonly Partial<BatchItem>[]) =>
    states.map((state, index) => anItem({ asin: asinNumber(index + 1), ...state }));
  return {
    before: aBatch({ marketplace, items: items(before) }),
    after: aBatch({ marketplace, items: items(after) }),
  };
};

describe("what is counted when products end", () => {
  it("is counted in all and by the region of their shop", () => {
    const { meter, counts } = counting();
    const pending = { state: "pending" } as const;
    const failed = { state: "failed", error_code: "ItemNotAccessible" } as const;
    const enriched = { state: "enriched" } as const;
    countOutcomes(
      meter,
      [
        change("www.amazon.de", [pending, pending, pending], [enriched, failed, pending]),
        change("www.amazon.com", [pending], [{ ...enriched, from_cache: true }]),
      ],
      1_500,
    );
    expect(Object.fromEntries(counts)).toEqual({
      EnrichmentRequests: 3,
      EnrichmentSuccesses: 2,
      EnrichmentFailures: 1,
      CacheHits: 1,
      "EnrichmentFailures ItemNotAccessible": 1,
      "EnrichmentRequests EU": 2,
      "EnrichmentSuccesses EU": 1,
      "EnrichmentFailures EU": 1,
      "EnrichmentRequests NA": 1,
      "EnrichmentSuccesses NA": 1,
      "EnrichmentFailures NA": 0,
    });
  });

  it("is by the codes that we know: what an upstream makes up is counted together, because each value is billed", () => {
    const { meter, counts } = counting();
    const failing = ["Timeout", "Http418", "made-up-4711"].map(
      (error_code) => ({ state: "failed", error_code }) as const,
    );
    const pending = failing.map(() => ({ state: "pending" }) as const);
    countOutcomes(meter, [change("www.amazon.de", pending, failing)], 1);
    expect(counts.get("EnrichmentFailures Timeout")).toBe(1);
    expect(counts.get("EnrichmentFailures Other")).toBe(2);
    expect([...counts.keys()].join()).not.toMatch(/made-up|Http418/);
  });

  it("is the time of each product once, by region", () => {
    const { meter, durations } = counting();
    const pending = { state: "pending" } as const;
    const enriched = { state: "enriched" } as const;
    countOutcomes(meter, [change("www.amazon.co.jp", [pending, pending, pending], [enriched, pending, enriched])], 900);
    expect(durations).toEqual([
      ["ProcessingDuration", 900, { region: "FE" }],
      ["ProcessingDuration", 900, { region: "FE" }],
    ]);
  });

  it("is no time where nobody worked on the products", () => {
    const { meter, counts, durations } = counting();
    const failed = { state: "failed", error_code: "DEAD_LETTERED" } as const;
    countOutcomes(meter, [change("www.amazon.com", [{ state: "pending" }], [failed])], undefined);
    expect(durations).toEqual([]);
    expect(counts.get("EnrichmentFailures DEAD_LETTERED")).toBe(1);
  });

  it("is not counted again by a later change of the same batch", () => {
    const { meter, counts, durations } = counting();
    const done = { state: "enriched", from_cache: true } as const;
    const failed = { state: "failed", error_code: "NoOffers" } as const;
    countOutcomes(meter, [change("www.amazon.de", [done, failed], [done, failed])], 900);
    expect([...counts.values()].reduce((sum, value) => sum + value, 0)).toBe(0);
    expect(durations).toEqual([]);
  });
});
