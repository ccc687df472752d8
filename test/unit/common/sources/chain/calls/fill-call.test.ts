import { expect, it } from "vitest";
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
