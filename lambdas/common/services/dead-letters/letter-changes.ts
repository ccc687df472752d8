import { isoTime } from "../../core/clock.ts";
import { ENDED_LETTER_DAYS, type Letter, listOf } from "../../core/dead-letters/letter.ts";
import { LETTER_JOB_DAYS, type LetterJobItem, type LetterOutcome } from "../../core/dead-letters/letter-job.ts";
import { secondsAfterDays } from "../../core/durations.ts";

/** A letter after a change; one that ends by it is kept for 30 days, one that does not for ever. */
export const changedLetter = (letter: Letter, change: Partial<Letter>, nowMs: number): Letter => {
  const { expires_at: _, ...next } = { ...letter, ...change };
  return listOf(next.state) === "ended" ? { ...next, expires_at: secondsAfterDays(nowMs, ENDED_LETTER_DAYS) } : next;
};

/** What a job did to a letter, as a row without its first key. */
export const jobItem = (
  letter: Pick<Letter, "letter_key" | "attempt"> & { readonly queue: Letter["queue"] | null },
  outcome: LetterOutcome,
  {
    words,
    nowMs,
    sentAt = null,
    checkAtMs,
  }: { words: string; nowMs: number; sentAt?: string | null; checkAtMs?: number },
): Omit<LetterJobItem, "letter_key"> => ({
  part: letter.letter_key,
  queue: letter.queue,
  outcome,
  words,
  attempt: letter.attempt,
  sent_at: sentAt,
  check_at: checkAtMs === undefined ? null : isoTime(checkAtMs),
  updated_at: isoTime(nowMs),
  expires_at: secondsAfterDays(nowMs, LETTER_JOB_DAYS),
});

/** The outcome by which the job of a letter counts it in its state; undefined where no job does. */
export const outcomeOf = ({ state }: Pick<Letter, "state">): LetterOutcome | undefined => {
  switch (state) {
    case "redriving":
      return "claimed";
    case "waiting":
    case "done":
    case "stale":
    case "discarded":
      return state;
    case "open":
      return undefined;
  }
};
