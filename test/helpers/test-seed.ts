/** The seed in an environment variable, else `usual`; printed, so that a failure can be repeated. */
export const seedFrom = (variable: string, subject: string, usual: number): number => {
  const given = process.env[variable];
  const seed = given === undefined ? usual : Number(given);
  if (!Number.isSafeInteger(seed)) throw new Error(`${variable} is "${given}": give a whole number`);
  console.log(`${subject}: ${variable}=${seed} repeats it`);
  return seed;
};

/** The seed of a file's random tests: `TEST_SEED` if it is set, else `usual`, else a new one for every run. */
export const testSeed = (subject: string, usual = Date.now() % 2 ** 31): number =>
  seedFrom("TEST_SEED", subject, usual);
