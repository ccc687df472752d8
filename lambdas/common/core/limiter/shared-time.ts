import type { Clock } from "../clock.ts";

/** A stamp farther ahead than this comes from a broken clock and is ignored. */
const LARGEST_LIFT_MS = 5_000;

/**
 * A clock that catches up with other callers' clocks. Each item carries its writer's time. A stamp that lies in our
 * future proves that our clock is behind by at least the difference, so the clock is moved ahead by it. Slots are times
 * on one common clock: callers must agree with each other more than with true time.
 *
 * With any clocks, slots are never closer than the interval, and the day is never overdrawn. The calls themselves keep
 * the interval while clocks differ by up to half the guard; late timers use the other half. With a larger difference,
 * a slow caller gets within the age of the last stamp that it saw, and a caller that learns too late that it is behind
 * drops its slot. Machines without a time service are not fully covered.
 */
export class SharedTime implements Clock {
  readonly #clock: Clock;
  #liftMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + this.#liftMs;
  }

  sleep(ms: number): Promise<void> {
    return this.#clock.sleep(ms);
  }

  /** Learns from another caller's stamp, which was written before this moment. */
  observe(stampedMs: number): void {
    const needed = stampedMs - this.#clock.now();
    if (needed > this.#liftMs && needed <= LARGEST_LIFT_MS) this.#liftMs = needed;
  }
}
