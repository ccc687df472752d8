/** Products that wait for later sources and are rechecked, per second and run: more than those sources serve. */
const RECHECKS_PER_SECOND = 10;
/** Where each recheck asks the first source again, of which a run makes ten a second: a small part of them. */
const PAID_RECHECKS_PER_SECOND = 0.25;
const MAX_SPREAD_MS = 12 * 3_600_000;
/** Parts of one that never repeat: numbers and generations fall evenly between 0 and 1, and each time elsewhere. */
const BY_NUMBER = 0.618_034;
const BY_GENERATION = 0.414_214;

/**
 * How much later than its source allows a product is rechecked for what a later source must fill in, in milliseconds.
 * Thousands of batches may wait for the same moment, in which the source serves one or two: without a spread all the
 * others would come for nothing, each time, at the price of a message and some writes.
 * @param parked products of the run that wait so
 * @param batch all of its products are rechecked at the same time
 * @param isPaid whether its first source is asked again at each recheck
 */
export const recheckJitterMs = (
  parked: number,
  batch: { readonly number: number; readonly generation: number },
  isPaid: boolean,
): number => {
  const perSecond = isPaid ? PAID_RECHECKS_PER_SECOND : RECHECKS_PER_SECOND;
  const widthMs = Math.min(MAX_SPREAD_MS, (parked / perSecond) * 1_000);
  return Math.round(((batch.number * BY_NUMBER + batch.generation * BY_GENERATION) % 1) * widthMs);
};
