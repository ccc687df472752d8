import type { Sweep } from "../common/adapters/dynamodb/content-ends/content-ends.ts";
import { isoTime } from "../common/core/clock.ts";
import { errorStack } from "../common/core/error-words.ts";
import { SOURCE_IDS } from "../common/core/source-ids.ts";
import { countContent } from "./count-content.ts";
import type { Deps } from "./deps.ts";
import { sweepEnds } from "./sweep-ends.ts";
import { sweepHistory } from "./sweep-history.ts";
import { sweepRaw } from "./sweep-raw.ts";
import { emptyReport, type SweepReport } from "./sweep-report.ts";
import { sweepRevocations } from "./sweep-revocations.ts";
import { sweepTable } from "./sweep-table.ts";

/** Longest that a pass may take for each of its first steps. With the others it begins nothing after 90 of its 120 seconds. */
const STEP_MS = 10_000;

const begin = (nowMs: number): Sweep => ({
  place: isoTime(nowMs),
  raw_swept_at: null,
  table_after: null,
  table_swept_at: null,
});

/** Longest for revocations, which somebody waits for, and for the count of what is held. */
const REVOCATIONS_MS = 40_000;
const COUNT_MS = 10_000;

/** One step of a pass; it may say more of how far the sweep is. */
type Step = (deps: Deps, sweep: Sweep, untilMs: number, report: SweepReport) => Promise<Sweep>;
const STEPS: readonly (readonly [string, Step])[] = [
  ["content that ended is not removed", sweepEnds],
  ["raw answers that ended are not removed", sweepRaw],
  ["the table of products is not swept", sweepTable],
  ["history that is not allowed any more is not removed", sweepHistory],
];

/** Adds what the pass removed to the counts that the licence report shows. */
const addUp = async ({ swept, clock }: Deps, { fields, raw, exports }: SweepReport): Promise<void> => {
  const at = isoTime(clock.now());
  for (const source of SOURCE_IDS) {
    await swept.add(source, { fields: fields[source] ?? 0, raw_answers: raw[source] ?? 0 }, at);
  }
  await swept.add("all", { exports }, at);
};

/**
 * Runs every minute: removes fields of products, exports and raw answers whose licence has ended or whose source was revoked, and counts what
 * is held. Readers give none of what must go out before. What fails does not stop the other steps. Safe to run at any time and by many at once.
 * @throws Error at the end when a step failed or something had to be passed over: the alarm on errors rings
 */
export const createHandler = (deps: Deps) => async (): Promise<SweepReport> => {
  const report = emptyReport();
  let sweep = (await deps.ends.readSweep()) ?? begin(deps.clock.now());
  let failed: unknown;
  const note = (what: string, error: unknown): void => {
    failed ??= error;
    deps.log.error(what, { error: errorStack(error) });
  };
  for (const [what, step] of STEPS) {
    try {
      sweep = await step(deps, sweep, deps.clock.now() + STEP_MS, report);
    } catch (error) {
      note(what, error);
      // A later step must not write over how far this one came.
      sweep = (await deps.ends.readSweep()) ?? sweep;
    }
  }
  for (const [what, work] of [
    ["what was removed is not counted", () => addUp(deps, report)],
    ["a revocation does not continue", () => sweepRevocations(deps, deps.clock.now() + REVOCATIONS_MS)],
    ["what is held is not counted", () => countContent(deps, deps.clock.now() + COUNT_MS)],
  ] as const) {
    await work().catch((error: unknown) => note(what, error));
  }
  if (report.products + report.exports + report.raw_answers > 0) deps.log.info("swept", { ...report });
  if (failed !== undefined) throw new Error("a step of the sweep failed; the log names it", { cause: failed });
  if (report.passed_over > 0) throw new Error(`${report.passed_over} rows were passed over; the log names each`);
  return report;
};
