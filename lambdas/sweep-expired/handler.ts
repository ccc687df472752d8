import type { Sweep } from "../common/adapters/dynamodb/content-ends/content-ends.ts";
import { isoTime } from "../common/core/clock.ts";
import type { Deps } from "./deps.ts";
import { sweepEnds } from "./sweep-ends.ts";
import { sweepRaw } from "./sweep-raw.ts";
import { emptyReport, type SweepReport } from "./sweep-report.ts";
import { sweepTable } from "./sweep-table.ts";

/** Longest that a pass may take for each of its steps. The function has a minute. */
const STEP_MS = 15_000;

const begin = (nowMs: number): Sweep => ({
  place: isoTime(nowMs),
  raw_swept_at: null,
  table_after: null,
  table_swept_at: null,
});

/** One step of a pass; it may say more of how far the sweep is. */
type Step = (deps: Deps, sweep: Sweep, untilMs: number, report: SweepReport) => Promise<Sweep>;
const STEPS: readonly (readonly [string, Step])[] = [
  ["content that ended is not removed", sweepEnds],
  ["raw answers that ended are not removed", sweepRaw],
  ["the table of products is not swept", sweepTable],
];

/**
 * Runs every minute: removes fields of products, exports and raw answers whose licence has ended. Readers give none of
 * them out before. What fails does not stop the other steps. Safe to run at any time and by many at once.
 * @throws Error at the end when a step failed or something had to be passed over: the alarm on errors rings
 */
export const createHandler = (deps: Deps) => async (): Promise<SweepReport> => {
  const report = emptyReport();
  let sweep = (await deps.ends.readSweep()) ?? begin(deps.clock.now());
  let failed: unknown;
  for (const [what, step] of STEPS) {
    try {
      sweep = await step(deps, sweep, deps.clock.now() + STEP_MS, report);
    } catch (error) {
      failed ??= error;
      deps.log.error(what, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      // A later step must not write over how far this one came.
      sweep = (await deps.ends.readSweep()) ?? sweep;
    }
  }
  if (report.products + report.exports + report.raw_answers > 0) deps.log.info("swept", { ...report });
  if (failed !== undefined) throw new Error("a step of the sweep failed; the log names it", { cause: failed });
  if (report.passed_over > 0) throw new Error(`${report.passed_over} rows were passed over; the log names each`);
  return report;
};
