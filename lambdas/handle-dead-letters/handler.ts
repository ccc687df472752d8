import type { LetterJob } from "../common/core/dead-letters/letter-job.ts";
import { LettersRequestSchema } from "../common/core/dead-letters/letters-request.ts";
import { DIMENSIONS, METRICS } from "../common/core/metric-names.ts";
import { countScheduledCall } from "../common/platform/scheduled-call.ts";
import { type CollectReport, collectLetters } from "../common/services/dead-letters/collect-letters.ts";
import { runLetterJobs } from "../common/services/dead-letters/run-letter-jobs.ts";
import type { Deps } from "./deps.ts";

/** Longest that a pass takes up new work. The function has a minute. */
const PASS_MS = 40_000;
/** A pass goes on as long as letters were sent so lately: what becomes of them shows within seconds, or comes back. */
const FOLLOWED_MS = 20_000;
/** Between two rounds of a pass. */
const ROUND_MS = 1_000;

/** What a pass did, for the log. */
export interface LettersReport extends CollectReport {
  /** Redrives and discards of which something is left to do. */
  unfinished: number;
}

/**
 * Runs every minute, and when an operator asked for something: takes what lies in the dead-letter queues into the table, brings redrives and
 * discards further, asks rows what came of what was sent, and says how many letters are open. Safe to run at any time and by many at once.
 * @throws Error at the end when a queue or a job failed; the others were served
 */
export const createHandler =
  (deps: Deps) =>
  async (event: unknown): Promise<LettersReport> => {
    const { by } = LettersRequestSchema.parse(event);
    if (by === "schedule") countScheduledCall(deps.meter);
    const startMs = deps.clock.now();
    const untilMs = startMs + PASS_MS;
    const report: LettersReport = { collected: 0, returned: 0, repeated: 0, unfinished: 0 };
    const faults: unknown[] = [];
    const attempt = async (step: () => Promise<void>): Promise<void> => {
      try {
        await step();
      } catch (error) {
        faults.push(error);
      }
    };
    for (let isFollowed = true; isFollowed && faults.length === 0; ) {
      let left: readonly LetterJob[] = [];
      await attempt(async () => {
        const { collected, returned, repeated } = await collectLetters(deps, untilMs);
        report.collected += collected;
        report.returned += returned;
        report.repeated += repeated;
      });
      await attempt(async () => {
        left = await runLetterJobs(deps, untilMs);
      });
      report.unfinished = left.length;
      const nowMs = deps.clock.now();
      isFollowed = nowMs < untilMs && left.some((job) => job.state === "running" || isFresh(job, nowMs));
      if (isFollowed) await deps.clock.sleep(ROUND_MS);
    }
    await attempt(() => gaugeOpen(deps));
    deps.meter.flush();
    if (Object.values(report).some((count) => count > 0)) deps.log.info("dead letters handled", { ...report });
    if (faults.length > 0) throw faults[0];
    return report;
  };

/** Whether a job came further lately, or began. */
const isFresh = ({ requested_at, moved_at }: LetterJob, nowMs: number): boolean =>
  nowMs - Date.parse(moved_at ?? requested_at) < FOLLOWED_MS;

/** The alarms ring on it: what was taken out of a queue must not be silent. */
const gaugeOpen = async ({ letters, sources, meter }: Deps): Promise<void> => {
  for (const { name } of sources) {
    const dimensions = { [DIMENSIONS.QUEUE]: name };
    meter.gauge(METRICS.OPEN_DEAD_LETTERS, await letters.count("open", name), dimensions);
  }
};
