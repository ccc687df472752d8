import type { Slot } from "../../../core/limiter/rate-limiter.ts";
import type { SourceOperation } from "../../../core/sources/source-descriptor.ts";
import { type Candidate, candidateOf } from "../candidate.ts";
import type { ChainPass } from "../chain-pass.ts";
import { costsPerCall } from "../plan/short-call.ts";

/** How long before a call gets ready its company is fetched, in milliseconds: late, so that more has come by then. */
const GATHER_MS = 1_500;
/** With less time than this no company is fetched. */
const LEAST_GATHER_MS = 250;
/** With this much time one second may be waited for the first that comes. */
const PATIENT_GATHER_MS = 1_400;
/** Time between two requests of a call that still has room, milliseconds. */
const AGAIN_MS = 300;

/**
 * Adds products to a call that waits for its slot and has room, shortly before it gets ready, as often as there is time for a
 * request. A call whose slot is free at once goes as it is, and none goes later for its company. Calls among suspects stay among
 * themselves.
 */
export const fillCall = async (
  { deps, candidates }: Pick<ChainPass, "deps" | "candidates">,
  ask: { readonly operation: SourceOperation; readonly marketplace: string; readonly mayGrow?: boolean },
  chunk: Candidate[],
  slot: Slot,
  leadMs: number,
): Promise<void> => {
  const { limiter, company } = deps;
  const { idsPerCall } = ask.operation;
  const lacking = (): number => idsPerCall - chunk.length;
  const isOrdinary = chunk.every(({ company: suspects }) => suspects === 0);
  if (!company || !ask.mayGrow || !isOrdinary || !costsPerCall(ask.operation)) return;
  const leftMs = (): number => -limiter.lateness(slot) - leadMs;
  let askAtMs = GATHER_MS;
  while (lacking() > 0 && leftMs() >= LEAST_GATHER_MS && askAtMs > 0) {
    await limiter.until(slot, leadMs + askAtMs);
    const isPatient = leftMs() >= PATIENT_GATHER_MS;
    await Promise.race([company.gather(lacking(), isPatient ? 1 : 0), limiter.until(slot, leadMs)]);
    const joined = company.take(ask.marketplace, lacking()).map(candidateOf);
    chunk.push(...joined);
    candidates.push(...joined);
    // Not above 0: the next request would come after the call gets ready.
    askAtMs = leftMs() - AGAIN_MS;
  }
};
