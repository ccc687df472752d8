import type { Slot } from "../../../core/limiter/rate-limiter.ts";
import type { SourceOperation } from "../../../core/sources/source-descriptor.ts";
import { type Candidate, candidateOf } from "../candidate.ts";
import type { ChainPass } from "../chain-pass.ts";
import { costsPerCall } from "../plan/short-call.ts";

/**
 * How long before a call gets ready its company is first asked for, in milliseconds: what it leaves to a call that follows
 * is back in the queue two seconds later, before the next slots.
 */
const FIRST_ASK_MS = 3_000;
/** From when on it is asked for again: late, so that more has come by then. */
const ASK_AGAIN_MS = 1_500;
/** With less time than this no company is fetched. */
const LEAST_GATHER_MS = 250;
/** With this much time one second may be waited for the first that comes. */
const PATIENT_GATHER_MS = 1_400;
/** Time between two requests of a call that still has room, milliseconds. */
const AGAIN_MS = 300;

/**
 * Adds products to a call that waits for its slot and has room, shortly before it gets ready, as often as there is time for a
 * request. A call whose slot is free at once goes as it is, and none goes later for its company. Calls among suspects stay among
 * themselves. Products that find no company while another express worker waits for a later slot are better sent with its call,
 * once: what each worker has left at the end of a crowd would make a short call of its own.
 * @returns `follow` when they are to go with a later call
 */
export const fillCall = async (
  { deps, candidates }: Pick<ChainPass, "deps" | "candidates">,
  ask: { readonly operation: SourceOperation; readonly marketplace: string; readonly mayGrow?: boolean },
  chunk: Candidate[],
  slot: Slot,
  leadMs: number,
): Promise<"go" | "follow"> => {
  const { limiter, company } = deps;
  const { idsPerCall } = ask.operation;
  const lacking = (): number => idsPerCall - chunk.length;
  const isOrdinary = chunk.every(({ company: suspects }) => suspects === 0);
  if (!company || !ask.mayGrow || !isOrdinary || !costsPerCall(ask.operation)) return "go";
  const leftMs = (): number => -limiter.lateness(slot) - leadMs;
  const mayFollow = chunk.every(({ waited, calls, cached }) => !waited && calls === 0 && !cached);
  /** Not known in time, or not at all: the call goes, and the recheck of its slot says what is wrong. */
  const expressFollows = (): Promise<boolean> =>
    Promise.race([limiter.expressFollows(slot).catch(() => false), limiter.until(slot, leadMs).then(() => false)]);
  let askAtMs = FIRST_ASK_MS;
  while (lacking() > 0 && leftMs() >= LEAST_GATHER_MS && askAtMs > 0) {
    await limiter.until(slot, leadMs + askAtMs);
    const isPatient = leftMs() >= PATIENT_GATHER_MS;
    await Promise.race([company.gather(lacking(), isPatient ? 1 : 0), limiter.until(slot, leadMs)]);
    const joined = company.take(ask.marketplace, lacking()).map(candidateOf);
    chunk.push(...joined);
    candidates.push(...joined);
    if (mayFollow && joined.length === 0 && askAtMs === FIRST_ASK_MS && (await expressFollows())) return "follow";
    // Not above 0: the next request would come after the call gets ready.
    askAtMs = Math.min(ASK_AGAIN_MS, leftMs() - AGAIN_MS);
  }
  return "go";
};
