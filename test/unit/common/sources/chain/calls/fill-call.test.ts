import { describe, expect, it } from "vitest";
import type { Slot } from "../../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { fillCall } from "../../../../../../lambdas/common/sources/chain/calls/fill-call.ts";
import { candidateOf } from "../../../../../../lambdas/common/sources/chain/candidate.ts";
import { descriptor } from "../../../../../../lambdas/common/sources/creators-api/descriptor.ts";
import { US } from "../fakes.ts";

const LEAD_MS = 400;
const SLOT_MS = 10_000;

/** Fills a call whose slot is so far away, by a queue that has nothing and says so after so long. @returns when it was asked */
const asksFor = async (awayMs: number, answerMs: number): Promise<readonly number[]> => {
  const [operation] = descriptor.operations;
  if (!operation) throw new Error("the source has no operation");
  let nowMs = SLOT_MS - LEAD_MS - awayMs;
  const asks: number[] = [];
  const limiter = {
    // The call's own time does not come before an answer: the answer wins each race.
    until: async (_: Slot, leadMs = 0) => {
      if (leadMs !== LEAD_MS) nowMs = Math.max(nowMs, SLOT_MS - leadMs);
    },
    lateness: () => nowMs - SLOT_MS,
    expressFollows: async () => false,
  };
  const company = {
    gather: async () => {
      asks.push(nowMs);
      nowMs += answerMs;
    },
    take: () => [],
  };
  const product = candidateOf({ asin: "B000000001", marketplace: US });
  await fillCall(
    { deps: { limiter, company }, candidates: [product] } as unknown as Parameters<typeof fillCall>[0],
    { operation, marketplace: US, mayGrow: true },
    [product],
    { atMs: SLOT_MS } as unknown as Slot,
    LEAD_MS,
  );
  return asks;
};

it("never has a call get ready later because it waits for company", async () => {
  for (let answerMs = 1; answerMs <= 1_500; answerMs += 7) {
    for (const awayMs of [260, 400, 900, 1_500, 3_000]) {
      const asks = await asksFor(awayMs, answerMs);
      for (const askMs of asks) expect(askMs, `${awayMs} ms, ${answerMs} ms an answer`).toBeLessThan(SLOT_MS - LEAD_MS);
    }
  }
});

/** What a call of one product does whose slot is 3 s away. */
const decisionOf = async ({
  follows,
  came = 0,
  product = { asin: "B000000001", marketplace: US },
}: {
  readonly follows: () => Promise<boolean>;
  readonly came?: number;
  readonly product?: Parameters<typeof candidateOf>[0];
}): Promise<{ readonly decision: "go" | "follow"; readonly reads: number }> => {
  const [operation] = descriptor.operations;
  if (!operation) throw new Error("the source has no operation");
  let nowMs = SLOT_MS - LEAD_MS - 3_000;
  let reads = 0;
  let there = came;
  const limiter = {
    until: async (_: Slot, leadMs = 0) => {
      if (leadMs === LEAD_MS) await new Promise((resolve) => setImmediate(resolve));
      nowMs = Math.max(nowMs, SLOT_MS - leadMs);
    },
    lateness: () => nowMs - SLOT_MS,
    expressFollows: () => {
      reads += 1;
      return follows();
    },
  };
  const company = {
    gather: async () => {
      nowMs += 50;
    },
    take: () => {
      const taken = Array.from({ length: there }, (_, n) => ({ asin: `B10000000${n}`, marketplace: US }));
      there = 0;
      return taken;
    },
  };
  const candidate = candidateOf(product);
  const decision = await fillCall(
    { deps: { limiter, company }, candidates: [candidate] } as unknown as Parameters<typeof fillCall>[0],
    { operation, marketplace: US, mayGrow: true },
    [candidate],
    { atMs: SLOT_MS } as unknown as Slot,
    LEAD_MS,
  );
  return { decision, reads };
};

describe("a short call that finds no company", () => {
  it("leaves its products to a later call, where express work waits for one", async () => {
    expect(await decisionOf({ follows: async () => true })).toEqual({ decision: "follow", reads: 1 });
    expect((await decisionOf({ follows: async () => false })).decision).toBe("go");
  });

  it("goes when it got company, or when its products waited before", async () => {
    expect(await decisionOf({ follows: async () => true, came: 2 })).toEqual({ decision: "go", reads: 0 });
    const waited = { asin: "B000000001", marketplace: US, waited: true };
    expect(await decisionOf({ follows: async () => true, product: waited })).toEqual({ decision: "go", reads: 0 });
  });

  it("goes when the table does not say in time who waits, or cannot be read", async () => {
    expect((await decisionOf({ follows: () => new Promise(() => undefined) })).decision).toBe("go");
    expect((await decisionOf({ follows: () => Promise.reject(new Error("no table")) })).decision).toBe("go");
  });
});
