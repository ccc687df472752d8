/**
 * The seed of a file's random tests, printed so that a failure can be repeated: `TEST_SEED` if it is set, else `usual`,
 * else a new one for every run.
 */
export const testSeed = (subject: string, usual?: number): number => {
  const given = process.env.TEST_SEED;
  const seed = given === undefined ? (usual ?? Date.now() % 2 ** 31) : Number(given);
  if (!Number.isSafeInteger(seed)) throw new Error(`TEST_SEED is "${given}": give a whole number`);
  console.log(`${subject}: TEST_SEED=${seed} repeats these tests`);
  return seed;
};
