import { describe, expect, it } from "vitest";
import { TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import type { CallOutcome, Slot } from "../../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import type { SourceError } from "../../../../../../lambdas/common/core/sources/source-error.ts";
import { enrichByChain } from "../../../../../../lambdas/common/sources/chain/enrich-by-chain.ts";
import { asins, bench, FakeLimiter, type FakeSource, fakeSource, request, sourceError } from "../fakes.ts";

const [A = "", B = ""] = asins(2);
const KEY = "creators-api#me";

/** A limiter whose store does not take the next reports. */
class DeafLimiter extends FakeLimiter {
  deaf = 0;

  override async report(limit: { limitKey: string }, slot: Slot, outcome: CallOutcome): Promise<void> {
    if (this.deaf > 0) {
      this.deaf -= 1;
      throw new TransientError("the table is away");
    }
    await super.report(limit, slot, outcome);
  }
}

const world = (fail: () => SourceError | undefined, deaf: number) => {
  const creators: FakeSource = fakeSource({ id: "creators-api", fail });
  const keepa = fakeSource({ id: "keepa" });
  const { deps, clock, calls } = bench([creators, keepa]);
  const limiter = new DeafLimiter(clock);
  limiter.deaf = deaf;
  const enrich = (...products: string[]) => enrichByChain({ ...deps, limiter }, request(products));
  return { enrich, creators, keepa, limiter, calls };
};

const FAILURES = [
  ["throttled", "throttled"],
  ["retriable", "unhealthy"],
  ["critical", "critical"],
] as const;

describe("a report that the limiter's store does not take", () => {
  it("costs only a warning when the call went well", async () => {
    const { enrich, limiter, keepa } = world(() => undefined, 1);
    const { outcomes, warnings } = await enrich(A);
    expect([...outcomes.values()]).toMatchObject([{ kind: "enriched", source: "creators-api" }]);
    expect(warnings).toEqual([expect.stringContaining(`a success of ${KEY} was not reported`)]);
    expect(limiter.reports).toEqual([]);
    expect(keepa.asked).toEqual([]);
  });

  it.each(FAILURES)("is made once more when the call ended %s, and the enrichment continues", async (failure, kind) => {
    let calls = 0;
    const fail = () => {
      calls += 1;
      return calls === 1 ? sourceError("creators-api", failure, "Trouble", { retryAfterMs: 10 }) : undefined;
    };
    const { enrich, limiter } = world(fail, 1);
    const { outcomes } = await enrich(A);
    expect(limiter.reports[0]).toMatchObject({ key: KEY, outcome: { kind } });
    expect([...outcomes.values()]).toMatchObject([{ kind: "enriched" }]);
  });

  it.each(FAILURES)(
    "twice ends the enrichment when the call ended %s: no further call of any source",
    async (failure) => {
      const fail = () => sourceError("creators-api", failure, "Trouble", { retryAfterMs: 10 });
      const { enrich, creators, keepa, calls, limiter } = world(fail, 2);
      const { outcomes, warnings } = await enrich(A, B);
      expect([...outcomes.values()]).toMatchObject([
        { kind: "wait", reason: "limiter-unavailable" },
        { kind: "wait", reason: "limiter-unavailable" },
      ]);
      expect(creators.asked).toHaveLength(1);
      expect(keepa.asked).toEqual([]);
      expect(limiter.reserved).toEqual([KEY]);
      // It was made and paid for, so it is counted all the same.
      expect(calls).toMatchObject([{ source: "creators-api", code: "Trouble" }]);
      expect(warnings).toEqual([expect.stringContaining("the report that a call")]);
    },
  );

  it("is made before the next call of the same limit, and as long as it fails no call is made", async () => {
    let isBroken = true;
    const fail = () => (isBroken ? sourceError("creators-api", "throttled", "TooManyRequests") : undefined);
    const { enrich, creators, limiter } = world(fail, 3);
    await enrich(A);
    await enrich(A);
    expect(creators.asked).toHaveLength(1);
    isBroken = false;
    const { outcomes } = await enrich(A);
    expect(limiter.reports.map(({ outcome }) => outcome.kind)).toEqual(["throttled", "success"]);
    expect([...outcomes.values()]).toMatchObject([{ kind: "enriched", source: "creators-api" }]);
    // Told once: nothing is left to tell.
    await enrich(B);
    expect(limiter.reports.map(({ outcome }) => outcome.kind)).toEqual(["throttled", "success", "success"]);
  });
});
