import type { Slot } from "../../../core/limiter/rate-limiter.ts";
import { type SendGate, SlotMissed } from "../../../core/sources/upstream/send-gate.ts";
import type { ChainDeps } from "../chain-deps.ts";
import { noteCheck } from "./check-times.ts";

/** A slot that comes sooner than this after its grant is used as it was granted. */
const RECHECKED_FROM_MS = 250;
/** When the slot is read again, if its check began earlier than this: until then the call before it was on its way. */
const READ_AGAIN_MS = 400;
/** When the slot is read for the last time, to learn of late arrivals just before it. Nothing waits for the answer. */
const LAST_READ_MS = 120;
/** Least time between two checks whether a call that is not ready has missed its slot. */
const LEAST_WATCH_MS = 10;

/** Why no request was sent: the slot was void, the work is no longer wanted, or the slot was over. */
export type MissedBy = "void" | "unwanted" | "late";

/**
 * The gate of one slot. It rechecks the slot, and whether the call is still wanted, while the call gets ready. It lets
 * the request through at the slot time, and not later than the guard allows.
 */
export class SlotGate implements SendGate {
  readonly #deps: Pick<ChainDeps, "limiter" | "clock" | "stillWanted">;
  readonly #onMissed: () => void;
  readonly #onSent: () => void;
  readonly #isRechecked: boolean;
  readonly #checkLeadMs: number;
  readonly #checked: Promise<void>;
  #slot: Slot;
  #missedBy: MissedBy | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isTimerLate = false;
  #sentAtMs: number | undefined;
  #latenessMs = 0;
  #roundTripMs: number | undefined;
  #watch: NodeJS.Timeout | undefined;

  /**
   * Begins the checks, so it is made shortly before the slot time.
   * @param onMissed called when no request may be sent any more, however far the call is
   * @param onSent called right before the request is sent
   */
  constructor(
    deps: Pick<ChainDeps, "limiter" | "clock" | "stillWanted">,
    slot: Slot,
    on: { readonly missed: () => void; readonly sent: () => void },
  ) {
    this.#deps = deps;
    this.#slot = slot;
    this.#onMissed = on.missed;
    this.#onSent = on.sent;
    this.#isRechecked = slot.atMs - slot.grantedAtMs >= RECHECKED_FROM_MS;
    this.#checkLeadMs = -deps.limiter.lateness(slot);
    this.#checked = this.#isRechecked ? this.#check() : Promise.resolve();
    this.#watchFor();
  }

  /** The slot as last read. */
  get slot(): Slot {
    return this.#slot;
  }

  /** When the request was sent, by the caller's clock; undefined: it was not. */
  get sentAtMs(): number | undefined {
    return this.#sentAtMs;
  }

  get isSent(): boolean {
    return this.#sentAtMs !== undefined;
  }

  /** Why none was; undefined when one was, or while one may still be. */
  get missedBy(): MissedBy | undefined {
    return this.#missedBy;
  }

  /** Whether everything was ready, and only the timer rang too late. */
  get isTimerLate(): boolean {
    return this.#isTimerLate;
  }

  get latenessMs(): number {
    return this.#latenessMs;
  }

  /** From sending to the head of the answer; undefined before. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /**
   * Ends the checks.
   * @throws TransientError when a store could not be reached for them: the call may not start then
   */
  async checked(): Promise<void> {
    await this.#checked;
    if (this.#failure) throw this.#failure.error;
  }

  async arrive(): Promise<void> {
    if (this.isSent) return;
    await this.#checked;
    this.#assertOpen();
    if (this.#checkLeadMs > READ_AGAIN_MS) {
      await this.#deps.limiter.until(this.#slot, READ_AGAIN_MS);
      await this.#readOnceMore();
      this.#assertOpen();
    }
    const isEarly = this.#deps.limiter.lateness(this.#slot) <= 0;
    if (this.#isRechecked) {
      await this.#deps.limiter.until(this.#slot, LAST_READ_MS);
      void this.#readOnceMore();
    }
    for (let waited: Slot | undefined; waited !== this.#slot; ) {
      waited = this.#slot;
      await this.#deps.limiter.until(waited);
    }
    this.#isTimerLate = isEarly;
  }

  pass(): void {
    if (this.isSent) return;
    this.#assertOpen();
    const latenessMs = this.#deps.limiter.lateness(this.#slot);
    if (latenessMs > this.#slot.guardMs) {
      this.#miss("late");
      throw new SlotMissed();
    }
    this.#isTimerLate = false;
    this.#latenessMs = Math.max(0, latenessMs);
    this.#sentAtMs = this.#deps.clock.now();
    this.close();
    this.#onSent();
  }

  answered(): void {
    if (this.#sentAtMs !== undefined) this.#roundTripMs ??= this.#deps.clock.now() - this.#sentAtMs;
  }

  /** Stops watching the time. */
  close(): void {
    clearTimeout(this.#watch);
  }

  async #check(): Promise<void> {
    const begunMs = this.#deps.clock.now();
    try {
      const [slot, isWanted] = await Promise.all([this.#deps.limiter.recheck(this.#slot), this.#deps.stillWanted?.()]);
      noteCheck(this.#deps.limiter, this.#deps.clock.now() - begunMs);
      if (slot) this.#slot = slot;
      if (!slot) this.#miss("void");
      else if (isWanted === false) this.#miss("unwanted");
    } catch (error) {
      this.#failure = { error };
      this.#onMissed();
    }
  }

  #readOnceMore(): Promise<void> {
    return this.#deps.limiter.recheck(this.#slot).then(
      (slot) => {
        if (this.isSent) return;
        if (slot) this.#slot = slot;
        else this.#miss("void");
      },
      // The slot was read before; this is for what happened since then.
      () => undefined,
    );
  }

  #assertOpen(): void {
    if (this.#missedBy || this.#failure) throw new SlotMissed();
  }

  #miss(by: MissedBy): void {
    this.#missedBy ??= by;
    this.close();
    this.#onMissed();
  }

  /** A call that is not ready by then has missed its slot, whatever it still waits for. */
  #watchFor(): void {
    const leftMs = this.#slot.guardMs - this.#deps.limiter.lateness(this.#slot);
    this.#watch = setTimeout(
      () => {
        if (this.#deps.limiter.lateness(this.#slot) > this.#slot.guardMs) this.#miss("late");
        else this.#watchFor();
      },
      Math.max(LEAST_WATCH_MS, Math.ceil(leftMs)),
    ).unref();
  }
}
