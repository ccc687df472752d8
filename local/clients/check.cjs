// Shared by the Node clients: one line a check, and an exit code that says whether all held.
let failed = 0;

/** Prints what was checked; a false one makes the process fail. */
const check = (what, holds, seen) => {
  console.log(`${holds ? "ok" : "FAILED"} - ${what}${holds ? "" : `, but saw ${JSON.stringify(seen)}`}`);
  if (!holds) failed += 1;
};

/** The error that a promise ends with, or undefined. */
const errorOf = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const finish = (run) =>
  run().then(
    () => process.exit(failed === 0 ? 0 : 1),
    (error) => {
      console.log(`FAILED - ${error.stack ?? JSON.stringify(error)}`);
      process.exit(1);
    },
  );

module.exports = { check, errorOf, pause, finish };
