import type { Clock } from "../clock.ts";
import { TransientError } from "../errors.ts";
import { closed } from "./breaker/breaker-changes.ts";
import { midnightSilenceEnd } from "./day/day-window.ts";
import { describeLimit } from "./describe-limit.ts";
import { KnownItems } from "./known-items.ts";
import type { LimitItem } from "./limit-item.ts";
import type { LimitStore, UpdateResult } from "./limit-store.ts";
import { toleranceMs } from "./pace.ts";
import { afterReport } from "./plan/after-report.ts";
import { applyPlan } from "./plan/apply-plan.ts";
import { freshItem } from "./plan/fresh-item.ts";
import { optimisticGrant } from "./plan/grant-quickly.ts";
import type { LimitAttribute, UpdatePlan } from "./plan/plan.ts";
import { planOfChange } from "./plan/plan-of-change.ts";
import { planReservation } from "./plan/plan-reservation.ts";
import {
  type GrantPlan,
  MAX_HORIZON_MS,
  type ReservationAsk,
  type ReservationStep,
  refuse,
} from "./plan/reservation.ts";
import { afterUnusedSlot, asItIsNow } from "./plan/slot-check.ts";
import type { CallOutcome, LimitState, RateLimit, RateLimiter, Refusal, ReserveRequest, Slot } from "./rate-limiter.ts";
import { SharedTime } from "./shared-time.ts";
import type { SlotEnd } from "./slot-end.ts";
import { type StateChange, stateChange } from "./state-change.ts";

/** Rounds of plan and refused write before a caller gives up. Each lost round is another caller's success. */
const MAX_ROUNDS = 12;
/** The same for reports, which must not be lost: after a lost 429, more of them follow. */
const MAX_REPORT_ROUNDS = 40;

/** Writes whose times are kept. */
const KEPT_WRITES = 5;
/** Longest that a slot is put off for its own write, in milliseconds; a slower write makes it miss its slot. */
const MAX_WRITE_MS = 500;

/** Dependencies of a `StoreRateLimiter`. */
export interface RateLimiterParts {
  readonly store: LimitStore;
  readonly clock: Clock;
  /** Gives a new unique id each time. */
  readonly ids: () => string;
  /** Called after every breaker change that this instance made. */
  readonly onStateChange: (change: StateChange) => void;
  /** Gets the end of every slot of this instance, before it is stored; again for a report that is repeated. */
  readonly onSlotEnd?: (slot: Slot, end: SlotEnd) => void;
}

/**
 * The limiter over any store of limit items. In the steady state a reservation is exactly one conditional write, and
 * the report of a healthy call writes nothing. A refused write returns the item, and the next plan is made from it.
 */
export class StoreRateLimiter implements RateLimiter {
  readonly #store: LimitStore;
  readonly #time: SharedTime;
  readonly #ids: () => string;
  readonly #onStateChange: (change: StateChange) => void;
  readonly #onSlotEnd: (slot: Slot, end: SlotEnd) => void;
  readonly #known = new KnownItems();
  /** Times of the last writes, in milliseconds. */
  #writes: readonly number[] = [];

  constructor(parts: RateLimiterParts) {
    this.#store = parts.store;
    this.#time = new SharedTime(parts.clock);
    this.#ids = parts.ids;
    this.#onStateChange = parts.onStateChange;
    this.#onSlotEnd = parts.onSlotEnd ?? (() => undefined);
  }

  async reserve(limit: RateLimit, request: ReserveRequest): Promise<Slot | Refusal> {
    this.#known.rememberLimit(limit);
    const asked = {
      limit,
      priority: request.priority,
      units: request.units,
      horizonMs: Math.min(MAX_HORIZON_MS, Math.max(0, request.horizonMs)),
      probeOwner: this.#ids(),
    };
    let seen: UpdateResult | undefined;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const nowMs = this.#time.now();
      const ask: ReservationAsk = { ...asked, nowMs, earliestMs: nowMs + this.#writeMs() + (request.readyMs ?? 0) };
      const step = seen ? planReservation(seen.before, ask) : this.#firstStep(ask);
      if ("granted" in step) return step;
      const result = await this.#update(limit.limitKey, step.plan);
      if (result.applied) return this.#slotOf(step, ask, result.before);
      seen = result;
    }
    return refuse("rate", this.#time.now() + 1000 / limit.callsPerSecond);
  }

  expectedWaitMs(limit: RateLimit): number {
    return Math.max(0, (this.#known.item(limit.limitKey)?.next_free_ms ?? 0) - this.#time.now());
  }

  async recheck(slot: Slot): Promise<Slot | undefined> {
    const item = await this.#store.read(slot.limitKey);
    if (!item) return undefined;
    this.#time.observe(item.stamped_ms);
    this.#known.remember(item);
    const now = asItIsNow(item, slot);
    if (now) this.#known.rememberGrant(now, this.#known.grantOf(slot));
    return now;
  }

  async expressFollows({ limitKey, grantedAtMs }: Slot): Promise<boolean> {
    const item = await this.#store.read(limitKey);
    return (item?.express_ms ?? 0) > grantedAtMs;
  }

  async until(slot: Slot, leadMs = 0): Promise<void> {
    const atMs = slot.atMs - leadMs;
    for (let wait = atMs - this.#time.now(); wait > 0; wait = atMs - this.#time.now()) await this.#time.sleep(wait);
  }

  lateness(slot: Slot): number {
    return this.#time.now() - slot.atMs;
  }

  async giveBack(slot: Slot, why: "late" | "unused"): Promise<void> {
    this.#onSlotEnd(slot, { kind: "given back", why });
    const grant = this.#known.grantOf(slot);
    const limit = this.#known.limit(slot.limitKey);
    const lateMs = why === "late" ? this.lateness(slot) : 0;
    // A silence that reaches no farther than the next free slot changes nothing but its own end.
    const basedOn: LimitAttribute[] = ["epoch", "sequence", "quota_day", "probe_owner", "quiet_until_ms"];
    await this.#change(await this.#itemSince(slot), basedOn, (item, nowMs) =>
      afterUnusedSlot(item, { slot, grant, limit, lateMs, nowMs }),
    );
  }

  async report(limit: RateLimit, slot: Slot, outcome: CallOutcome): Promise<void> {
    this.#onSlotEnd(slot, { kind: "used", outcome });
    const unitsGranted = this.#known.grantOf(slot)?.unitsGranted;
    const hasTokens = outcome.kind !== "critical" && outcome.signals.tokensLeft !== undefined;
    const basedOn: LimitAttribute[] = ["epoch", "breaker", "probe_owner", "success_sequence"];
    if (hasTokens) basedOn.push("units_granted");
    await this.#change(
      await this.#itemSince(slot),
      basedOn,
      (item, nowMs) => afterReport(item, { limit, slot, outcome, unitsGranted, nowMs }),
      "next_free_ms",
    );
  }

  async state(limit: RateLimit): Promise<LimitState> {
    return describeLimit(await this.#store.read(limit.limitKey), limit, this.#time.now());
  }

  async clearPause(limitKey: string): Promise<void> {
    const item = await this.#store.read(limitKey);
    await this.#change(item, ["epoch", "breaker", "pause_code"], (seen) =>
      seen.pause_code === undefined ? seen : closed(seen),
    );
  }

  /**
   * The first write is a guess from the item last seen. A guess never refuses; only the stored item does. The
   * silence around a local midnight needs no item.
   */
  #firstStep(ask: ReservationAsk): ReservationStep {
    const silentUntil = midnightSilenceEnd(ask.limit.dayZone, ask.nowMs);
    if (silentUntil !== undefined) return refuse("rate", silentUntil);
    const guess = this.#known.item(ask.limit.limitKey) ?? freshItem(ask.limit, ask.nowMs);
    const step = planReservation(guess, ask);
    return "granted" in step ? optimisticGrant(guess, ask) : step;
  }

  async #update(limitKey: string, plan: UpdatePlan): Promise<UpdateResult> {
    const begunMs = this.#time.now();
    const result = await this.#store.update(limitKey, plan);
    this.#writes = [...this.#writes, this.#time.now() - begunMs].slice(-KEPT_WRITES);
    if (result.before) this.#time.observe(result.before.stamped_ms);
    const item = result.applied ? applyPlan(limitKey, result.before, plan) : result.before;
    if (item) this.#known.remember(item);
    const change = result.applied && item ? stateChange(result.before, item) : undefined;
    if (change) this.#onStateChange(change);
    return result;
  }

  /** How long the next write may take. A slot that lies in this time would be over before its caller knows of it. */
  #writeMs(): number {
    return Math.min(MAX_WRITE_MS, Math.ceil(1.5 * Math.max(0, ...this.#writes)));
  }

  #slotOf(step: GrantPlan, ask: ReservationAsk, before: LimitItem | undefined): Slot {
    const after = applyPlan(ask.limit.limitKey, before, step.plan);
    const slot: Slot = {
      granted: true,
      limitKey: ask.limit.limitKey,
      atMs: after.next_free_ms - step.costMs,
      guardMs: toleranceMs(after.guard_ms),
      grantedAtMs: this.#time.now(),
      shiftedMs: after.shifted_ms ?? 0,
      epoch: after.epoch,
      sequence: after.sequence,
      ...(step.kind === "PROBE" ? { probeOwner: ask.probeOwner } : {}),
    };
    this.#known.rememberGrant(slot, {
      unitsGranted: after.units_granted,
      units: ask.units,
      isRefresh: ask.priority === "refresh",
      quarter: after.quota_day,
    });
    return slot;
  }

  /** The item as last seen; read again when another instance granted the slot after this one last saw the item. */
  async #itemSince(slot: Slot): Promise<LimitItem | undefined> {
    const item = this.#known.item(slot.limitKey);
    const isOlder = !item || item.epoch < slot.epoch || item.sequence < slot.sequence;
    return isOlder ? this.#store.read(slot.limitKey) : item;
  }

  /**
   * Applies a change to the stored item, starting from the item as seen. Writes nothing when nothing differs.
   * @param raised see `planOfChange`
   */
  async #change(
    seen: LimitItem | undefined,
    basedOn: readonly LimitAttribute[],
    next: (item: LimitItem, nowMs: number) => LimitItem,
    raised?: LimitAttribute,
  ): Promise<void> {
    let item = seen;
    for (let round = 0; round < MAX_REPORT_ROUNDS; round += 1) {
      if (!item) return;
      const plan = planOfChange(item, next(item, this.#time.now()), basedOn, raised);
      if (!plan) return;
      const result = await this.#update(item.limit_key, plan);
      if (result.applied) return;
      item = result.before;
    }
    throw new TransientError(`the limit item ${seen?.limit_key} changed faster than it could be written; report again`);
  }
}
