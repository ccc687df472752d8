import type { RateLimit, Refusal, ReserveRequest, Slot } from "../../../core/limiter/rate-limiter.ts";
import type { ChainDeps } from "../chain-deps.ts";

/** Slots missed in a row after which the caller comes back later. */
const MAX_MISSED_SLOTS = 5;
/** The same where somebody waits for the answer and nobody comes back, as long as the horizon is not over. */
const MAX_MISSED_BY_A_PERSON = 8;
/** Least pause before the next request for a slot, so that a refusal with a past retry time causes no busy loop. */
const LEAST_PAUSE_MS = 25;

/** Time to get ready after the first slot that was missed, in milliseconds; twice as much after each further one. */
const READY_MS = 50;

/** A slot that is free at once may be over before a cold or busy process is ready for it: it gets more time each time. */
const readyMs = (missed: number): number => (missed === 0 ? 0 : READY_MS * 2 ** (missed - 1));

/** A slot, a refusal, or the caller's own stop. */
export type Reserved =
  | { readonly kind: "slot"; readonly slot: Slot }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "stopped" };

/**
 * Reserves the slots of one call: the first, and another one after each that was missed. Refused for `rate`, it waits in
 * place and requests again, as long as all waits together stay within the horizon. `mayContinue` is called before every
 * reservation.
 */
export class SlotRequests {
  readonly #deps: Pick<ChainDeps, "limiter" | "clock" | "mayContinue">;
  readonly #limit: RateLimit;
  readonly #request: ReserveRequest;
  readonly #untilMs: number;
  #patienceMs: number;
  #reserved = 0;

  constructor(deps: Pick<ChainDeps, "limiter" | "clock" | "mayContinue">, limit: RateLimit, request: ReserveRequest) {
    this.#deps = deps;
    this.#limit = limit;
    this.#request = request;
    this.#patienceMs = request.horizonMs;
    this.#untilMs = deps.clock.now() + request.horizonMs;
  }

  #mayRequest(): boolean {
    if (this.#reserved < MAX_MISSED_SLOTS) return true;
    const isAwaited = this.#request.priority === "interactive";
    return isAwaited && this.#reserved < MAX_MISSED_BY_A_PERSON && this.#deps.clock.now() < this.#untilMs;
  }

  /** The next slot. After too many that were missed it is refused for `rate`, to be requested again a horizon later. */
  async next(): Promise<Reserved> {
    const { limiter, clock, mayContinue } = this.#deps;
    while (this.#mayRequest()) {
      if (mayContinue && !(await mayContinue())) return { kind: "stopped" };
      const answer = await limiter.reserve(this.#limit, { ...this.#request, readyMs: readyMs(this.#reserved) });
      if (answer.granted) {
        this.#reserved += 1;
        return { kind: "slot", slot: answer };
      }
      const pauseMs = Math.max(LEAST_PAUSE_MS, answer.retryAtMs - clock.now());
      if (answer.reason !== "rate" || pauseMs > this.#patienceMs) return { kind: "refused", refusal: answer };
      this.#patienceMs -= pauseMs;
      await clock.sleep(pauseMs);
    }
    const refusal: Refusal = {
      granted: false,
      reason: "rate",
      retryAtMs: clock.now() + this.#request.horizonMs,
      detail: "slots came up too late to be used",
    };
    return { kind: "refused", refusal };
  }
}
