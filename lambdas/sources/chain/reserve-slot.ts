import type { RateLimit, Refusal, ReserveRequest, Slot } from "../../core/limiter/rate-limiter.ts";
import type { ChainDeps } from "./chain-deps.ts";

/** Slots lost to lateness in a row before the caller comes back later instead; each one costs a call of the day. */
const MAX_LOST_SLOTS = 5;
/** Least pause before asking again for a slot, so that a refusal with a passed time cannot spin. */
const LEAST_PAUSE_MS = 25;

export interface SlotRequest extends ReserveRequest {
  /** Asked once a slot is granted; false: its turn is not waited for, because no call will be made in it. */
  readonly ready: () => boolean | Promise<boolean>;
}

/** A slot whose turn has come, a refusal, or the caller's own stop. */
export type Reserved =
  | { readonly kind: "slot"; readonly slot: Slot }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "stopped" };

/**
 * Gets a slot and waits for its turn. Refused for `rate`, it waits in place and asks again as long as all the
 * waiting together stays within the horizon; a slot that came up too late is dropped and another one reserved.
 * `mayContinue` is asked before every reservation, `stillWanted` when the turn has come.
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
