import { describe, expect, it } from "vitest";
import type { LimitItem } from "../../../../../lambdas/common/core/limiter/limit-item.ts";
import type { LimitStore } from "../../../../../lambdas/common/core/limiter/limit-store.ts";
import { freshItem } from "../../../../../lambdas/common/core/limiter/plan/fresh-item.ts";
import type { UpdatePlan } from "../../../../../lambdas/common/core/limiter/plan/plan.ts";
import { planOfChange, planOfCreation } from "../../../../../lambdas/common/core/limiter/plan/plan-of-change.ts";
import type { Refusal, Slot } from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import type { StateChange } from "../../../../../lambdas/common/core/limiter/state-change.ts";
import { StoreRateLimiter } from "../../../../../lambdas/common/core/limiter/store-rate-limiter.ts";
import { LIMIT, START_MS } from "./limiter-rig.ts";

const plan = (parts: Partial<UpdatePlan>): UpdatePlan => ({ expect: [], set: {}, add: {}, remove: [], ...parts });

/**
 * What every store of limit items must do, and what the limiter does over it.
 * @param store gives the store; called inside the tests, so that it may be started in a hook.
 */
export const describeLimitStore = (name: string, store: () => LimitStore): void => {
  let keys = 0;
  const newItem = (): LimitItem => {
    keys += 1;
    return { ...freshItem(LIMIT, START_MS), limit_key: `contract#${keys}#${Math.random().toString(36).slice(2)}` };
  };
  const stored = async (own: Partial<LimitItem> = {}): Promise<LimitItem> => {
    const item = { ...newItem(), ...own };
    await store().update(item.limit_key, planOfCreation(item));
    return item;
  };

  describe(name, () => {
    it("stores an item once, and hands it to the one that comes second", async () => {
      const item = newItem();
      expect(await store().read(item.limit_key)).toBeUndefined();
      expect(await store().update(item.limit_key, planOfCreation(item))).toEqual({ applied: true, before: undefined });
      expect(await store().update(item.limit_key, planOfCreation(item))).toEqual({ applied: false, before: item });
      expect(await store().read(item.limit_key)).toEqual(item);
    });

    it("says of a missing item that there is none", async () => {
      const refused = plan({ expect: [{ kind: "ge", attribute: "next_free_ms", value: 0 }], set: { breaker: "open" } });
      expect(await store().update(newItem().limit_key, refused)).toEqual({ applied: false, before: undefined });
    });

    it("sets, adds, also to what is absent, and removes, in one write", async () => {
      const item = await stored({ pause_code: "x", failures: "1@2" });
      const change = plan({
        expect: [{ kind: "equals", attribute: "breaker", value: "closed" }],
        set: { guard_ms: 75, pause_detail: "why" },
        add: { sequence: 2, tokens: -3 },
        remove: ["pause_code", "failures"],
      });
      expect(await store().update(item.limit_key, change)).toEqual({ applied: true, before: item });
      const { pause_code: _code, failures: _failures, ...rest } = item;
      const after = { ...rest, guard_ms: 75, pause_detail: "why", sequence: 2, tokens: -3 };
      expect(await store().read(item.limit_key)).toEqual(after);
    });

    it.each([
      ["lt", 99, false],
      ["lt", 101, true],
      ["le", 100, true],
      ["le", 99, false],
      ["gt", 100, false],
      ["gt", 99, true],
      ["ge", 100, true],
      ["ge", 101, false],
    ] as const)("compares 100 %s %i as %s", async (kind, value, applied) => {
      const item = await stored({ calls_used: 100 });
      const change = plan({ expect: [{ kind, attribute: "calls_used", value }], set: { guard_ms: 60 } });
      expect((await store().update(item.limit_key, change)).applied).toBe(applied);
      const absent = plan({ expect: [{ kind, attribute: "throttles", value }], set: { guard_ms: 70 } });
      expect((await store().update(item.limit_key, absent)).applied).toBe(false);
    });

    it("writes all or nothing", async () => {
      const item = await stored();
      const change = plan({
        expect: [
          { kind: "equals", attribute: "epoch", value: 0 },
          { kind: "not-exists", attribute: "sequence" },
        ],
        set: { breaker: "open" },
      });
      expect((await store().update(item.limit_key, change)).applied).toBe(false);
      expect(await store().read(item.limit_key)).toEqual(item);
    });

    it("lets one of many that saw the same win", async () => {
      const item = await stored();
      const change = planOfChange(item, { ...item, breaker: "half-open", epoch: 1, probe_owner: "me" }, []);
      if (!change) throw new Error("the plan is empty");
      const results = await Promise.all(Array.from({ length: 8 }, () => store().update(item.limit_key, change)));
      expect(results.filter(({ applied }) => applied)).toHaveLength(1);
    });

    it("gives many callers slots that keep the interval, and after five failures one probe", async () => {
      const limit = { ...LIMIT, limit_key: newItem().limit_key };
      let now = START_MS;
      const clock = { now: () => now, sleep: async () => undefined };
      const changes: StateChange[] = [];
      let owners = 0;
      const ids = (): string => {
        owners += 1;
        return `owner-${owners}`;
      };
      const limiters = Array.from(
        { length: 6 },
        () => new StoreRateLimiter({ store: store(), clock, ids, onStateChange: (change) => changes.push(change) }),
      );
      const request = { priority: "interactive", horizonMs: 10_000, units: 1 } as const;
      const askAll = (): Promise<(Slot | Refusal)[]> =>
        Promise.all(limiters.map((limiter) => limiter.reserve(limit, request)));
      const slots = (await askAll()).filter((answer): answer is Slot => answer.granted);
      expect(slots.map((slot) => slot.atMs - START_MS).toSorted((a, b) => a - b)).toEqual([
        0, 1_050, 2_100, 3_150, 4_200, 5_250,
      ]);
      const [reporter] = limiters;
      for (const slot of slots.slice(0, 5)) await reporter?.report(limit, slot, { kind: "unhealthy", signals: {} });
      expect((await askAll()).map((answer) => !answer.granted && answer.reason)).toEqual(
        new Array(6).fill("circuit-open"),
      );
      now += 300_000;
      const probes = (await askAll()).filter((answer): answer is Slot => answer.granted);
      expect(probes).toHaveLength(1);
      for (const probe of probes) {
        await reporter?.report(limit, probe, { kind: "success", signals: {}, latenessMs: 0 });
      }
      expect((await reporter?.state(limit))?.breaker).toBe("closed");
      expect(changes.map(({ to }) => to)).toEqual(["open", "half-open", "closed"]);
    });
  });
};
