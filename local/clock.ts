import { HOUR_MS } from "../lambdas/common/core/durations.ts";
import { moveClock, readAheadMs } from "./clock/moved-clock.ts";
import { runHourly } from "./clock/run-hourly.ts";
import { layoutOf } from "./layout.ts";
import { LocalError } from "./local-error.ts";
import { findRunning } from "./stack/find-running.ts";
import { runEntry } from "./stack/run-entry.ts";

const USAGE =
  "Usage: npm run local:clock [-- +25h], with + and a number of s, m, h or d: the clock is never moved back";

/** `npm run local:clock`: shows the time that functions and simulators of the local stack see, and moves it forward. */
await runEntry(async () => {
  const [by, ...more] = process.argv.slice(2);
  if (more.length > 0) throw new LocalError(USAGE);
  const layout = layoutOf();
  if ((await findRunning(layout)).state === "none") {
    throw new LocalError("No local stack runs: start it with npm run local.");
  }
  const beforeMs = readAheadMs(layout.clockFile);
  if (by !== undefined) moveClock(layout.clockFile, by);
  const aheadMs = readAheadMs(layout.clockFile);
  const nowMs = Date.now();
  const called = aheadMs - beforeMs >= HOUR_MS ? await runHourly(layout) : [];
  process.stdout.write(
    `${new Date(nowMs + aheadMs).toISOString()} for functions and simulators, ${aheadMs / 1_000} s ahead\n` +
      `${new Date(nowMs).toISOString()} for the emulator: sign-in tokens, schedules, signed addresses, TTL\n${called.map((line) => `${line}\n`).join("")}`,
  );
  return 0;
});
