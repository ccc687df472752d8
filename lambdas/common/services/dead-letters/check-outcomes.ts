import { isoTime } from "../../core/clock.ts";
import type { Letter } from "../../core/dead-letters/letter.ts";
import type { LetterJob, LetterJobItem } from "../../core/dead-letters/letter-job.ts";
import { HOUR_MS } from "../../core/durations.ts";
import { changedLetter, jobItem } from "./letter-changes.ts";
import { type LetterWork, verdictOf } from "./letter-work.ts";
import { FIRST_CHECK_MS } from "./take-letter.ts";

/**
 * After so long a message that no row knows of has surely come back, if it does: five deliveries of the longest visibility timeout, 15
 * minutes, and the back-off between them.
 */
export const RETURNED_WITHIN_MS = 2 * HOUR_MS;
/** Longest time between two questions. */
const MAX_CHECK_MS = 15 * 60_000;
/** Rows asked in one pass for one job; the rest follow in the next. */
const MAX_CHECKS = 500;

/** The longer it takes already, the longer the next question waits. */
const nextCheckMs = (sentMs: number, nowMs: number): number =>
  nowMs + Math.min(MAX_CHECK_MS, Math.max(FIRST_CHECK_MS, (nowMs - sentMs) / 2));

/** Asks the rows of letters that were sent what came of them. @throws TransientError */
export const checkOutcomes = async (work: LetterWork, job: Pick<LetterJob, "part">, untilMs: number): Promise<void> => {
  let checked = 0;
  const dueBy = isoTime(work.clock.now());
  for await (const item of work.jobs.allItems(job.part, { outcome: "waiting", dueBy })) {
    if (checked === MAX_CHECKS || work.clock.now() >= untilMs) return;
    checked += 1;
    const letter = await work.letters.get(item.part);
    // It came back meanwhile, and maybe another job has it.
    if (letter?.state === "waiting" && letter.job_id === job.part) await checkOne(work, letter, item);
  }
};

const checkOne = async (work: LetterWork, letter: Letter, item: LetterJobItem): Promise<void> => {
  const body = await work.letters.body(letter);
  const { state, words } = await verdictOf(work, letter, body);
  const nowMs = work.clock.now();
  const sentMs = Date.parse(item.sent_at ?? item.updated_at);
  const jobId = letter.job_id ?? "";
  const end = async (outcome: "done" | "stale", why: string): Promise<void> => {
    const next = changedLetter(letter, { state: outcome, outcome_words: why }, nowMs);
    const ended = jobItem(next, outcome, { words: why, nowMs, sentAt: item.sent_at });
    await work.letters.replace(letter, next, { jobId, item: ended, before: "waiting" });
  };
  if (state === "settled") return end("done", words);
  if (state === "gone") return end("stale", words);
  if (state === "unknown" && nowMs - sentMs >= RETURNED_WITHIN_MS) {
    return end("done", `it did not come back within ${RETURNED_WITHIN_MS / HOUR_MS} h; ${words}`);
  }
  const waiting = jobItem(letter, "waiting", {
    ...{ words, nowMs, sentAt: item.sent_at },
    checkAtMs: nextCheckMs(sentMs, nowMs),
  });
  await work.letters.replace(letter, { ...letter, outcome_words: words }, { jobId, item: waiting, before: "waiting" });
};
