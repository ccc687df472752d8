import { describe, expect, it } from "vitest";
import type { LimitState } from "../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { sourceQuota } from "../../../../lambdas/operations-api/sources/source-quota.ts";
import { limitState, sourceStatus } from "../../../helpers/source-status.ts";

const NOW = Date.UTC(2026, 7, 1);
const soon = NOW + 600_000;
const iso = "2026-08-01T00:10:00.000Z";
const at = "00:10 UTC on 2026-08-01";

describe("a source with several limits", () => {
  const main = limitState({ usedToday: 10, leftToday: 90 });
  const paused = limitState({
    limitKey: "sp-api#account#item-offers",
    callsPerSecond: 0.1,
    breaker: "open",
    blockedUntilMs: soon,
    blockedReason: "paused",
    blockedDetail: "the role Pricing is missing",
  });
  const quotaOf = (state: LimitState, ...otherStates: LimitState[]) =>
    sourceQuota({ ...sourceStatus({ id: "sp-api", state }), otherStates }, NOW);

  it("stands as the worst of them does, with the figures of the call that fetches products", () => {
    const quota = quotaOf(main, limitState({ blockedUntilMs: soon, blockedReason: "rate" }), paused);
    expect(quota).toMatchObject({
      state: "paused",
      breaker: "open",
      retry_at: iso,
      calls_per_second: 1,
      used_today: 10,
      left_today: 90,
    });
    expect(quota.reason).toContain("the role Pricing is missing");
    expect(quotaOf(paused, main).state).toBe("paused");
  });

  it("is ready when all are, in the words of the first", () => {
    const quota = quotaOf(main, limitState({ limitKey: "sp-api#account#item-offers", leftToday: 7 }));
    expect(quota).toMatchObject({ state: "ok", retry_at: null });
    expect(quota.reason).toContain("90 left");
  });

  it("does not wait when a slow limit keeps its normal pace", () => {
    const slow = (until: number) =>
      limitState({ callsPerSecond: 0.1, blockedUntilMs: NOW + until, blockedReason: "rate" });
    expect(quotaOf(main, slow(20_000)).state).toBe("ok");
    expect(quotaOf(main, slow(20_001)).state).toBe("waiting");
  });
});

describe("sourceQuota", () => {
  it.each([
    ["ok", {}, null, "creators-api is ready, with 8640 left for today.", "Nothing to do."],
    ["ok", { blockedUntilMs: NOW + 1_000, blockedReason: "rate" as const }, null, "ready", "Nothing to do."],
    ["ok", { leftToday: null }, null, "creators-api is ready.", "Nothing to do."],
    ["waiting", { blockedUntilMs: soon, blockedReason: "rate" as const }, iso, "asked for a slower pace", at],
    [
      "waiting",
      { usedToday: 8640, leftToday: 0, blockedUntilMs: soon, blockedReason: "daily-quota" as const },
      iso,
      "Today's allowance of creators-api is used up (8640 used).",
      at,
    ],
    [
      "waiting",
      { tokensLeft: -3, blockedUntilMs: soon, blockedReason: "rate" as const },
      iso,
      "tokens of creators-api are used up",
      "book a larger plan",
    ],
    [
      "circuit_open",
      { breaker: "open" as const, blockedUntilMs: soon, blockedReason: "circuit-open" as const },
      iso,
      "failed several times in a row",
      at,
    ],
    [
      // As the limiter gives it: a pause is an open breaker with a reason.
      "paused",
      {
        breaker: "open" as const,
        blockedUntilMs: soon,
        blockedReason: "paused" as const,
        blockedDetail: "the key was refused",
      },
      iso,
      "creators-api is paused: the key was refused.",
      "enrichline credentials set creators-api",
    ],
    [
      "paused",
      { breaker: "open" as const, blockedUntilMs: NOW - 1, blockedReason: "paused" as const },
      null,
      "asked for a pause",
      "with the next work",
    ],
  ])("is %s with %j", (state, changes, retryAt, reason, nextStep) => {
    const quota = sourceQuota(sourceStatus({ id: "creators-api", state: limitState(changes) }), NOW);
    expect(quota).toMatchObject({ state, retry_at: retryAt });
    expect(quota.reason).toContain(reason);
    expect(quota.next_step).toContain(nextStep);
  });

  it("is not_configured without credentials, and names what is wrong with unusable ones", () => {
    const none = sourceStatus({ id: "keepa", state: null });
    expect(sourceQuota(none, NOW)).toMatchObject({
      state: "not_configured",
      reason: "No credentials are stored for keepa, so it is skipped.",
      next_step: "Store them with: enrichline credentials set keepa",
    });
    const secretProblems = [{ field: "key", problem: "is missing" }];
    expect(sourceQuota({ ...none, secretProblems }, NOW).reason).toBe(
      "The stored credentials of keepa cannot be used, so it is skipped: key is missing.",
    );
  });

  it("never sends a person after credentials where a source has none", () => {
    const state = limitState({
      breaker: "open",
      blockedUntilMs: soon,
      blockedReason: "paused",
      blockedDetail: "Captcha",
    });
    const { next_step } = sourceQuota(sourceStatus({ id: "product-page", state }), NOW);
    expect(next_step).toContain("nothing needs to be done");
    expect(next_step).not.toContain("credentials");
  });

  it("counts Keepa's allowance in tokens and products", () => {
    const source = sourceStatus({
      id: "keepa",
      idsPerCall: 100,
      cost: (ids) => ids,
      state: limitState({ leftToday: 250 }),
    });
    expect(sourceQuota(source, NOW).products_still_servable_today).toBe(200);
  });

  it("knows no number without a daily limit", () => {
    expect(sourceQuota(sourceStatus({ id: "keepa", state: limitState({ leftToday: null }) }), NOW)).toMatchObject({
      left_today: null,
      products_still_servable_today: null,
    });
  });
});
