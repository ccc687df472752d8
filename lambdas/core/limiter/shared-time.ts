import type { Clock } from "../clock.ts";

/** A stamp farther ahead than this comes from a broken clock and is not followed. */
const LARGEST_LIFT_MS = 5_000;

/**
 * A clock that is never known to be behind another caller's: each item carries its writer's time, so a stamp that
 * lies in our future proves that we are behind, by at least the difference, and the clock is lifted by it. Slots
 * are turns on one common clock, so callers must agree with each other more than with the sun.
 *
 * What holds whatever the clocks: slots are never closer than the interval, and the day is never overdrawn. What holds
 * for the calls themselves: they keep the interval while clocks differ by up to half the guard (late timers use the
 * other half). Beyond that a slow caller is brought within the age of the last stamp that it saw, and a caller that
 * learns too late that it is behind drops its slot; machines without any time service are not fully covered.
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
