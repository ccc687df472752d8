import { hasDefiniteAvailability, isGiven } from "../../core/products/critical-fields.ts";
import type { Candidate } from "./candidate.ts";
import type { ReadySource } from "./chain-source.ts";

/**
 * Whether prices of a source that answered before, now or in `existing`, are still to be asked for: they are an
 * operation of their own there, which may have been refused last time. An availability that is not definite leaves the
 * question open; one that this source's own offers gave does not, or it would be asked again at every visit.
 */
export const wantsOffers = (candidate: Candidate, source: ReadySource): boolean => {
  const { id } = source.descriptor;
  const { fields } = candidate.merged;
  return (
    source.client.fetchOffers !== undefined &&
    candidate.halted === null &&
    candidate.answered.has(id) &&
    !candidate.offered.has(id) &&
    !candidate.failures.some((failure) => failure.source === id) &&
    !isGiven(fields.current_price) &&
    !hasDefiniteAvailability(fields)
  );
};
