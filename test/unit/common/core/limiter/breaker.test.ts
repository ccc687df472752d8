import { describe, expect, it } from "vitest";
import type { CallOutcome, Slot } from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { comeTo } from "./come-to.ts";
import { CRITICAL, LIMIT, LimiterRig, MINUTE, START_MS, SUCCESS, THROTTLED, UNHEALTHY } from "./limiter-rig.ts";

const fail = async (rig: LimiterRig, times: number, outcome: CallOutcome = UNHEALTHY, gapMs = 5_000): Promise<void> => {
  for (let call = 0; call < times; call += 1) {
    await rig.call(outcome);
    rig.now += gapMs;
  }
};

const opened = async (): Promise<LimiterRig> => {
  const rig = new LimiterRig();
  await fail(rig, 5, UNHEALTHY, 2_000);
  return rig;
};

describe("the breaker", () => {
  it("opens for 300 s after five failures within 60 s, and says so", async () => {
    const rig = await opened();
    const until = START_MS + 8_000 + 300_000;
    expect(await rig.refusal()).toEqual({ granted: false, reason: "circuit-open", retryAtMs: until });
    expect(rig.changes).toEqual([
      {
        limitKey: LIMIT.limitKey,
        from: "closed",
        to: "open",
        failureCount: 5,
        epoch: 1,
        untilMs: until,
        pauseCode: null,
        detail: null,
      },
    ]);
    expect((await rig.limiter.state(LIMIT)).blockedReason).toBe("circuit-open");
  });

  it("stays closed when five failures take longer than 60 s", async () => {
    const rig = new LimiterRig();
    await fail(rig, 12, UNHEALTHY, 16_000);
    expect(rig.item.breaker).toBe("closed");
  });

  it("forgets failures with a success", async () => {
    const rig = new LimiterRig();
    await fail(rig, 4, UNHEALTHY, 2_000);
    await rig.call(SUCCESS);
    rig.now += 2_000;
    await fail(rig, 4, UNHEALTHY, 2_000);
    expect(rig.item.breaker).toBe("closed");
    expect(rig.item.failure_count).toBe(4);
  });

  it("counts a failure once, however often it is reported", async () => {
    const rig = new LimiterRig();
    const slot = await rig.grant();
    for (let telling = 0; telling < 8; telling += 1) await rig.limiter.report(LIMIT, slot, UNHEALTHY);
    expect(rig.item.failure_count).toBe(1);
  });

  it("ignores a failure that is older than the success that came after it", async () => {
    const rig = new LimiterRig();
    const old = await rig.grant();
    await fail(rig, 1);
    await rig.call(SUCCESS);
    await rig.limiter.report(LIMIT, old, UNHEALTHY);
    expect(rig.item.failure_count).toBeUndefined();
  });

  it("keeps later failures when an older call succeeds late", async () => {
    const rig = new LimiterRig();
    const old = await rig.grant();
    await fail(rig, 3);
    await rig.limiter.report(LIMIT, old, SUCCESS);
    expect(rig.item.failure_count).toBe(3);
  });

  it("ignores every report from before it opened", async () => {
    const rig = new LimiterRig();
    const early = await rig.grant();
    await fail(rig, 5, UNHEALTHY, 2_000);
    const before = rig.item;
    for (const outcome of [SUCCESS, UNHEALTHY, THROTTLED, CRITICAL]) await rig.limiter.report(LIMIT, early, outcome);
    expect(rig.item).toEqual(before);
  });

  it("lets exactly one probe through after the cool-down, and closes when it succeeds", async () => {
    const rig = await opened();
    rig.now += 300_000;
    const answers = await Promise.all(Array.from({ length: 8 }, () => rig.ask({}, {}, rig.another())));
    const probes = answers.filter((answer): answer is Slot => answer.granted);
    expect(probes).toHaveLength(1);
    expect(answers.filter((answer) => !answer.granted && answer.reason === "circuit-open")).toHaveLength(7);
    const [probe] = probes;
    if (!probe) throw new Error("no probe");
    expect(probe.probeOwner).toBeDefined();
    await rig.limiter.report(LIMIT, probe, SUCCESS);
    expect(rig.item.breaker).toBe("closed");
    expect(rig.changes.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      "closed → open",
      "open → half-open",
      "half-open → closed",
    ]);
    expect((await rig.grant()).probeOwner).toBeUndefined();
  });

  it("opens for a fresh 300 s when the probe fails", async () => {
    const rig = await opened();
    rig.now += 300_000;
    const probe = await rig.call(UNHEALTHY);
    expect((await rig.refusal()).retryAtMs).toBe(probe.atMs + 300_000);
  });

  it("gives the probe of a crashed owner to another after the deadline, and ignores the first owner then", async () => {
    const rig = await opened();
    rig.now += 300_000;
    const lost = await rig.grant();
    rig.now = lost.atMs + 60_000;
    expect((await rig.ask()).granted).toBe(false);
    rig.now += 1;
    const taken = await rig.grant();
    expect(taken.probeOwner).not.toBe(lost.probeOwner);
    await rig.limiter.report(LIMIT, lost, SUCCESS);
    expect(rig.item.breaker).toBe("half-open");
    expect(await comeTo(rig.limiter, lost)).toBeUndefined();
    await rig.limiter.report(LIMIT, taken, SUCCESS);
    expect(rig.item.breaker).toBe("closed");
  });
});

describe("a 429", () => {
  it("silences the key for as long as the source announces", async () => {
    const rig = new LimiterRig();
    await rig.call({ kind: "throttled", signals: { retryAfterMs: 7_000 } });
    expect(await rig.refusal()).toEqual({ granted: false, reason: "rate", retryAtMs: START_MS + 5_000 });
    expect((await rig.limiter.state(LIMIT)).blockedUntilMs).toBe(START_MS + 7_000);
    rig.now += 5_000;
    expect((await rig.grant()).atMs).toBe(START_MS + 7_000);
  });

  it("silences it for 2, 4, 8 s when nothing is announced", async () => {
    const rig = new LimiterRig();
    for (const silence of [2_100, 4_200, 8_400]) {
      const before = rig.now;
      const slot = await rig.call({ kind: "throttled", signals: {} }, { callsPerSecond: 1 / 1.05 });
      rig.now = slot.atMs;
      expect(rig.item.quiet_until_ms).toBe(Math.max(before, slot.atMs) + silence);
      rig.now = rig.item.next_free_ms;
    }
  });

  it("makes the guard grow, which shrinks back in quarter hours", async () => {
    const rig = new LimiterRig();
    await rig.call(THROTTLED);
    expect(rig.item.guard_ms).toBe(75);
    const guards: number[] = [];
    for (let quarter = 0; quarter < 20; quarter += 1) {
      rig.now += 15 * MINUTE;
      await rig.call(SUCCESS);
      guards.push(rig.item.guard_ms);
    }
    expect(guards[0]).toBe(63);
    expect(guards.at(-1)).toBe(27);
    expect(guards).toEqual(guards.toSorted((a, b) => b - a));
  });

  it("keeps the guard up for long, however many calls are on time", async () => {
    const rig = new LimiterRig();
    await rig.call(THROTTLED);
    for (let call = 0; call < 100; call += 1) await rig.call(SUCCESS);
    expect(rig.item).toMatchObject({ guard_ms: 75, guard_floor_ms: 75 });
  });

  it("pauses the source after ten in a row: 15 min, then 30, then 60 at most, each ended by one probe", async () => {
    const rig = new LimiterRig();
    const pauses: number[] = [];
    for (let call = 0; call < 200 && pauses.length < 4; call += 1) {
      const answer = await rig.ask({}, { horizonMs: 10_000 });
      if (!answer.granted) {
        rig.now = answer.retryAtMs;
        continue;
      }
      rig.now = answer.atMs;
      await rig.limiter.report(LIMIT, answer, THROTTLED);
      if (rig.item.pause_code !== undefined) {
        const refusal = await rig.refusal();
        expect(refusal).toMatchObject({ reason: "paused", code: "throttled" });
        expect(refusal.detail).toMatch(/1\d calls in a row/);
        pauses.push((refusal.retryAtMs - rig.now) / MINUTE);
      }
    }
    expect(pauses).toEqual([15, 30, 60, 60]);
    expect(rig.item.throttles).toBe(13);
    expect(await rig.limiter.state(LIMIT)).toMatchObject({ pauseCode: "throttled", throttles: 13 });
  });

  it("starts the count anew after a success", async () => {
    const rig = new LimiterRig();
    for (let round = 0; round < 12; round += 1) {
      rig.now = Math.max(rig.now, (await rig.limiter.state(LIMIT)).blockedUntilMs ?? 0);
      await rig.call(THROTTLED);
      rig.now += 10_000;
      await rig.call(SUCCESS);
    }
    expect(rig.changes).toEqual([]);
  });
});

describe("a critical error", () => {
  it("pauses the source with its reason until the pause is cleared", async () => {
    const rig = new LimiterRig();
    await rig.call(CRITICAL);
    expect(await rig.refusal()).toEqual({
      granted: false,
      reason: "paused",
      retryAtMs: START_MS + 15 * MINUTE,
      code: "InvalidSignature",
      detail: "the secret is wrong",
    });
    expect(rig.changes[0]).toMatchObject({ from: "closed", to: "paused", pauseCode: "InvalidSignature" });
    expect(await rig.limiter.state(LIMIT)).toMatchObject({
      blockedReason: "paused",
      blockedDetail: "the secret is wrong",
      pauseCode: "InvalidSignature",
    });
    await rig.another().clearPause(LIMIT.limitKey);
    expect((await rig.grant()).probeOwner).toBeUndefined();
    expect((await rig.limiter.state(LIMIT)).blockedReason).toBeNull();
  });

  it("keeps whole words of a long message", async () => {
    const rig = new LimiterRig();
    const message = `Your account ${"does not ".repeat(20)}end`;
    await rig.call({ kind: "critical", code: "AssociateNotEligible", message });
    const detail = (await rig.refusal()).detail ?? "";
    expect(detail.length).toBeLessThanOrEqual(120);
    expect(detail).toMatch(/^Your account (does not )*(does|does not)\.\.\.$/);
  });

  it("is tried again every 15 min, so that it ends by itself too", async () => {
    const rig = new LimiterRig();
    await rig.call(CRITICAL);
    rig.now += 15 * MINUTE;
    await rig.call(CRITICAL);
    expect((await rig.refusal()).reason).toBe("paused");
    rig.now += 15 * MINUTE;
    await rig.call(SUCCESS);
    expect(rig.item.breaker).toBe("closed");
  });

  it("reported late, of the old credentials, does not end what clearing began", async () => {
    const rig = new LimiterRig();
    const old = await rig.grant();
    await rig.call(CRITICAL);
    await rig.limiter.clearPause(LIMIT.limitKey);
    await rig.limiter.report(LIMIT, old, CRITICAL);
    expect(rig.item.breaker).toBe("closed");
  });

  it("leaves an open breaker and an unknown key alone when there is no pause to clear", async () => {
    const rig = await opened();
    await rig.limiter.clearPause(LIMIT.limitKey);
    await rig.limiter.clearPause("keepa#nobody");
    expect(rig.item.breaker).toBe("open");
    expect(rig.store.items.size).toBe(1);
  });
});
