/**
 * How often a random test tries: `usual` times, or `TEST_RUNS` times as often if that is set.
 * @throws Error when `TEST_RUNS` is no whole number from 1 on: fewer would prove less than the suite promises
 */
export const testRuns = (usual: number): number => {
  const { TEST_RUNS } = process.env;
  const factor = TEST_RUNS === undefined ? 1 : Number(TEST_RUNS);
  if (!Number.isSafeInteger(factor) || factor < 1) throw new Error(`TEST_RUNS is "${TEST_RUNS}": give a whole number`);
  return usual * factor;
};
