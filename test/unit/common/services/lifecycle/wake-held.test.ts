import { beforeEach, describe, expect, it } from "vitest";
import type { BatchRow } from "../../../../../lambdas/common/core/batches/batch-row.ts";
import { isoTime } from "../../../../../lambdas/common/core/clock.ts";
import type { ProductOutcome } from "../../../../../lambdas/common/services/enrich/product-outcome.ts";
import { NOON } from "../../../../helpers/rows.ts";
import { LifecycleWorld } from "../../../../helpers/worlds/lifecycle/lifecycle-world.ts";

const KEY = "creators-api#me";
const OPEN_MS = 300_000;
const PRODUCTS = 30;
/** Of five products and two shops. */
const BATCHES = 7;

const ENRICHED = { kind: "enriched", source: "creators-api", fromCache: false, incomplete: false } as const;
const BLOCK = {
  source: "creators-api",
  code: "circuit-open",
  action: "Nothing to do.",
  retry_at: isoTime(NOON + OPEN_MS),
} as const;

let world: LifecycleWorld;
/** How often each product was asked about. */
let asked: Map<string, number>;

/** What a source in trouble says: come back when the breaker is tried again. */
const held = (later = false, retryAtMs = NOON + OPEN_MS): ProductOutcome["result"] => ({
  ...{ kind: "wait", retryAtMs, shortCall: false, later, source: "creators-api", heldBy: [KEY] },
});

const served = (asin: string): ProductOutcome["result"] => {
  asked.set(asin, (asked.get(asin) ?? 0) + 1);
  return ENRICHED;
};

/** Works off what is there now. The clock stands still. */
const workOff = async (): Promise<void> => {
  const process = world.process();
  do await process.dispatcher.topUp();
  while ((await process.consume(10)) > 0);
};

/** A run all of whose products wait, for a later source or for their first one. */
const heldRun = async (later: boolean, retryAtMs?: number): Promise<void> => {
  world.verdict = () => held(later, retryAtMs);
  world.blocked = [BLOCK];
  await world.setBreaker(KEY, "open", NOON + OPEN_MS);
  await workOff();
  expect(world.run).toMatchObject({ state: "waiting_for_source", enriched: 0, held: { [KEY]: true } });
  world.verdict = served;
  world.blocked = [];
};

const wake = (): Promise<number> => world.process().wakeHeld(world.nowMs + 60_000);
const waitingRows = (): BatchRow[] => world.rows.filter(({ items }) => items.some(({ held_by }) => held_by));

beforeEach(async () => {
  world = new LifecycleWorld();
  asked = new Map();
  await world.open(PRODUCTS, 5);
});

describe("batches that an open breaker holds up", () => {
  it.each([
    ["their first source", false],
    ["a later source", true],
  ])("wait while it is open, and are worked on at once when it closes (%s)", async (_what, later) => {
    await heldRun(later);
    world.nowMs += 10_000;
    expect((await world.process().reconcile()).woken).toBe(0);
    await workOff();
    expect(asked.size).toBe(0);

    await world.setBreaker(KEY, "closed");
    expect((await world.process().reconcile()).woken).toBe(later ? BATCHES : 3);
    expect(world.run).toMatchObject({ state: "running", blocked_by: [] });
    await workOff();
    expect(world.run).toMatchObject({ state: "completed", enriched: PRODUCTS, pending: 0 });
    // The messages that were to come later are dropped.
    world.nowMs += OPEN_MS;
    await workOff();
    expect(world.messages).toEqual([]);
    expect([...asked.values()]).toEqual(Array.from({ length: PRODUCTS }, () => 1));
  });

  it("wait no longer than the source takes to serve them, nor does a run that began while it was open", async () => {
    const startMs = world.nowMs;
    const OUTAGE_MS = 25_000;
    const SERVE_MS = 100;
    const other = { catalog_id: "cat_2", batch_id: "enrich_cat_2_1" };
    const ownWaitMs = new Map([["B000000008", 150_000]]);
    let openUntilMs: number | undefined;
    let closedAtMs = 0;
    let lastMs = 0;
    world.verdict = (asin) => {
      if (openUntilMs !== undefined && world.nowMs < openUntilMs) {
        const isOther = world.nowMs - startMs > 60_000;
        return held(false, openUntilMs + (ownWaitMs.get(asin) ?? (isOther ? 128_000 : 0)));
      }
      if (world.nowMs - startMs < OUTAGE_MS) {
        openUntilMs = world.nowMs + OPEN_MS;
        return { kind: "retry", code: "InternalFailure", source: "creators-api", counts: false, suspicion: false };
      }
      if (openUntilMs !== undefined) {
        openUntilMs = undefined;
        closedAtMs = world.nowMs;
        world.closings.note();
      }
      world.nowMs += SERVE_MS;
      lastMs = world.nowMs;
      return served(asin);
    };
    for (let seconds = 0; seconds < 400; seconds += 1) {
      if (seconds === 100) await world.open(PRODUCTS, 5, false, other);
      // The next call is the probe, and passes.
      const isClosing = openUntilMs === undefined || world.nowMs >= openUntilMs;
      await world.setBreaker(KEY, isClosing ? "closed" : "open", openUntilMs);
      const process = world.process();
      await process.dispatcher.topUp();
      while ((await process.consume(1)) > 0);
      world.nowMs += 1_000;
    }
    const open = world.dynamo
      .items("status")
      .filter(({ row_type, pending }) => row_type === "run" && Number(pending) > 0);
    expect(open).toEqual([]);
    expect(closedAtMs - startMs).toBeGreaterThanOrEqual(OPEN_MS);
    expect(lastMs - closedAtMs).toBeLessThan(2 * PRODUCTS * SERVE_MS + 10_000);
  });

  it("are woken by the very worker that closed it, without reconcile", async () => {
    await heldRun(true, NOON + 2 * OPEN_MS);
    world.nowMs += OPEN_MS;
    expect(await wake()).toBe(1);
    await world.setBreaker(KEY, "closed");
    world.verdict = (asin) => {
      if (asked.size === 0) world.closings.note();
      return served(asin);
    };
    await workOff();
    expect(world.run).toMatchObject({ state: "completed", enriched: PRODUCTS, pending: 0 });
  });

  it("are worked on once, however many wake them at the same time", async () => {
    await heldRun(true);
    await world.setBreaker(KEY, "closed");
    await Promise.all([wake(), wake(), world.process().reconcile()]);
    await workOff();
    world.nowMs += 2 * OPEN_MS;
    await workOff();
    expect(world.messages).toEqual([]);
    expect([...asked.values()]).toEqual(Array.from({ length: PRODUCTS }, () => 1));
  });

  it("are sent by reconcile when who woke them died before the message, and not for being stuck", async () => {
    await heldRun(true);
    await world.setBreaker(KEY, "closed");
    world.messages.length = 0;
    const isFirstWritten = () => waitingRows().length < BATCHES;
    const dying = world.process(() => (isFirstWritten() ? new Promise(() => {}) : Promise.resolve()));
    void dying.wakeHeld(world.nowMs + 60_000);
    for (let ticks = 0; ticks < 200; ticks += 1) await Promise.resolve();
    const lost = world.rows.filter(({ planned }) => planned);
    expect(lost.length).toBeGreaterThan(0);
    expect(world.messages).toEqual([]);
    world.nowMs += 2 * 60_000;
    for (let minute = 0; world.run.pending > 0 && minute < 5; minute += 1) {
      await world.process().reconcile();
      await workOff();
      world.nowMs += 60_000;
    }
    expect(world.run).toMatchObject({ state: "completed", enriched: PRODUCTS });
    expect(world.counted).toEqual([]);
    expect([...asked.values()].every((times) => times === 1)).toBe(true);
  });

  it("stay as they are while their run is paused, and continue after it", async () => {
    await heldRun(true);
    await world.process().lifecycle.pause(world.run, "r1");
    await world.setBreaker(KEY, "closed");
    expect(await wake()).toBe(0);
    await world.process().lifecycle.resume(world.run, "r2");
    expect(await wake()).toBe(BATCHES);
    await workOff();
    expect(world.run).toMatchObject({ state: "completed", enriched: PRODUCTS });
  });

  it("wait again when the source fails again, and are woken again", async () => {
    await heldRun(true);
    await world.setBreaker(KEY, "closed");
    expect(await wake()).toBe(BATCHES);
    await world.setBreaker(KEY, "open", world.nowMs + OPEN_MS);
    world.verdict = () => held(true);
    await workOff();
    expect(waitingRows()).toHaveLength(BATCHES);
    expect(await wake()).toBe(0);
    world.verdict = served;
    await world.setBreaker(KEY, "closed");
    expect(await wake()).toBe(BATCHES);
    await workOff();
    expect(world.run).toMatchObject({ state: "completed", enriched: PRODUCTS });
  });

  it("of which a worker holds one leave it to that worker, and its run is read again", async () => {
    await heldRun(true);
    const [leased] = world.rows;
    await world.process().batches.replace(leased as BatchRow, {
      ...(leased as BatchRow),
      ...{ lease_owner: "w", lease_until: isoTime(NOON + 60_000) },
    });
    await world.setBreaker(KEY, "closed");
    expect(await wake()).toBe(BATCHES - 1);
    expect(await wake()).toBe(0);
    expect(world.run.held).toEqual({ [KEY]: true });
    world.nowMs += 61_000;
    expect(await wake()).toBe(1);
    expect(await wake()).toBe(0);
    expect(world.run.held).toEqual({});
  });
});

describe("a breaker whose cool-down is over", () => {
  it("gets one batch a minute to probe with, although all of them would come later", async () => {
    await heldRun(true, NOON + 2 * OPEN_MS);
    world.nowMs += OPEN_MS;
    expect(await wake()).toBe(1);
    expect(world.run).toMatchObject({ blocked_by: [{ source: "creators-api" }], held: { [KEY]: true } });
    expect(waitingRows()).toHaveLength(BATCHES - 1);
    // While somebody probes nobody else is sent.
    await world.setBreaker(KEY, "half-open", world.nowMs + 60_000);
    expect(await wake()).toBe(0);
    // That one died with the probe.
    world.nowMs += 60_001;
    expect(await wake()).toBe(1);
  });
});

describe("what a run waits for", () => {
  it("keeps the sources that are not back, and days that are used up", async () => {
    const quota = { ...BLOCK, source: "keepa", code: "daily-quota" } as const;
    await heldRun(true);
    world.verdict = () => held(true);
    world.blocked = [BLOCK, quota];
    world.nowMs += OPEN_MS;
    await workOff();
    expect(world.run.blocked_by).toEqual([BLOCK, quota]);
    await world.setBreaker(KEY, "closed");
    await wake();
    expect(world.run).toMatchObject({ state: "waiting_for_source", blocked_by: [quota] });
  });
});
