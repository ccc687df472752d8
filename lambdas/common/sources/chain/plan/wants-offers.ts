import { hasDefiniteAvailability, isGiven } from "../../../core/products/critical-fields.ts";
import type { Candidate } from "../candidate.ts";
import type { ReadySource } from "../chain-source.ts";

/**
 * Whether the prices of a source that answered before, now or in `existing`, must still be fetched: they are a separate
 * operation there, which may have been refused last time. They must when the availability is not definite, unless
 * this source's own offers gave it; otherwise it would be asked again in every pass.
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
