import type { RateLimit, Refusal, ReserveRequest, Slot } from "../../../core/limiter/rate-limiter.ts";
import type { ChainDeps } from "../chain-deps.ts";

/** Slots lost to lateness in a row after which the caller comes back later. Each one costs a call of the day. */
const MAX_LOST_SLOTS = 5;
/** Least pause before the next request for a slot, so that a refusal with a past retry time causes no busy loop. */
const LEAST_PAUSE_MS = 25;

/** A request for a slot and the wait for its time. */
export interface SlotRequest extends ReserveRequest {
  /** Called once a slot is granted. False: the slot time is not waited for, because no call will be made in it. */
  readonly ready: () => boolean | Promise<boolean>;
}

/** A slot at its time, a refusal, or the caller's own stop. */
export type Reserved =
  | { readonly kind: "slot"; readonly slot: Slot }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "stopped" };

/**
 * Reserves a slot and waits for its time. Refused for `rate`, it waits in place and requests again, as long as all
 * waits together stay within the horizon. A slot reached too late is dropped and another one reserved.
 * `mayContinue` is called before every reservation, `stillWanted` at the slot time.
 */
export const reserveSlot = async (deps: ChainDeps, limit: RateLimit, request: SlotRequest): Promise<Reserved> => {
  let patienceMs = request.horizonMs;
  for (let lost = 0; lost < MAX_LOST_SLOTS; ) {
    if (deps.mayContinue && !(await deps.mayContinue())) return { kind: "stopped" };
    const answer = await deps.limiter.reserve(limit, request);
    if (answer.granted) {
      if (!(await request.ready())) return { kind: "slot", slot: answer };
      if (await deps.limiter.awaitSlot(answer)) {
        const wanted = !deps.stillWanted || (await deps.stillWanted());
        return wanted ? { kind: "slot", slot: answer } : { kind: "stopped" };
      }
      lost += 1;
      continue;
    }
    const pauseMs = Math.max(LEAST_PAUSE_MS, answer.retryAtMs - deps.clock.now());
    if (answer.reason !== "rate" || pauseMs > patienceMs) return { kind: "refused", refusal: answer };
    patienceMs -= pauseMs;
    await deps.clock.sleep(pauseMs);
  }
  const refusal: Refusal = {
    granted: false,
    reason: "rate",
    retryAtMs: deps.clock.now() + request.horizonMs,
    detail: "slots came up too late to be used",
  };
  return { kind: "refused", refusal };
};
