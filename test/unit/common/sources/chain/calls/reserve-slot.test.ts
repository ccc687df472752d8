import { describe, expect, it } from "vitest";
import type { RateLimit, RateLimiter, Slot } from "../../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { reserveSlot } from "../../../../../../lambdas/common/sources/chain/calls/reserve-slot.ts";
import type { ChainDeps } from "../../../../../../lambdas/common/sources/chain/chain-deps.ts";

const request = { priority: "express", horizonMs: 5_000, units: 1, slackMs: 0 } as const;

/** A slot whose turn comes while the world changes. */
const reserve = (stillWanted: boolean, isReady = true) => {
  const limiter = {
    reserve: async () => ({ granted: true }) as unknown as Slot,
    awaitSlot: async () => true,
  } as unknown as RateLimiter;
  const deps = { limiter, mayContinue: () => true, stillWanted: () => stillWanted } as unknown as ChainDeps;
  return reserveSlot(deps, {} as RateLimit, { ...request, ready: () => isReady });
};

describe("a slot whose turn has come", () => {
  it("is used while the work is still wanted", async () => {
    expect((await reserve(true)).kind).toBe("slot");
  });

  it("is given up when the work was stopped during the wait, so that no call starts after a cancel", async () => {
    expect((await reserve(false)).kind).toBe("stopped");
  });

  it("is not asked about when no call will be made in it", async () => {
    expect((await reserve(false, false)).kind).toBe("slot");
  });
});
