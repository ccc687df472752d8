import { isoTime } from "../../core/clock.ts";
import type { Letter } from "../../core/dead-letters/letter.ts";
import type { LetterJob } from "../../core/dead-letters/letter-job.ts";
import { errorStack } from "../../core/error-words.ts";
import { EnrichlineError } from "../../core/errors.ts";
import { changedLetter, jobItem } from "./letter-changes.ts";
import { type LetterWork, verdictOf } from "./letter-work.ts";
import { routeOf } from "./send-letter.ts";

/** When the row of a letter that was just sent is asked first. */
export const FIRST_CHECK_MS = 1_500;

type JobOf = Pick<LetterJob, "part" | "kind">;

const refuse = async (work: LetterWork, { part }: JobOf, letter: Letter, words: string): Promise<void> => {
  const item = jobItem(letter, "refused", { words, nowMs: work.clock.now() });
  await work.letters.noteItem({ jobId: part, item, before: null });
};

/** Takes up one open letter for a job: it is discarded, or sent. One that somebody else has changed since is left alone. */
export const takeLetter = async (work: LetterWork, job: JobOf, seen: Letter): Promise<void> => {
  const nowMs = work.clock.now();
  if (job.kind === "discard") {
    const words = "it was discarded";
    const letter = changedLetter(seen, { state: "discarded", job_id: job.part, outcome_words: words }, nowMs);
    await work.letters.replace(seen, letter, {
      jobId: job.part,
      item: jobItem(letter, "discarded", { words, nowMs }),
      before: null,
    });
    return;
  }
  const body = await work.letters.body(seen);
  const route = routeOf(seen, work.sources, body);
  if ("refused" in route) return refuse(work, job, seen, route.refused);
  const claimed = changedLetter(
    seen,
    { state: "redriving", job_id: job.part, attempt: seen.attempt + 1, outcome_words: null },
    nowMs,
  );
  const item = jobItem(claimed, "claimed", { words: "it is in hand", nowMs });
  if (!(await work.letters.replace(seen, claimed, { jobId: job.part, item, before: null }))) return;
  await sendClaimed(work, job, claimed, { body, queue: route.queue });
};

/** Ends what a job has in hand without sending it. */
const putDown = async (
  work: LetterWork,
  job: JobOf,
  claimed: Letter,
  end: { readonly outcome: "stale" | "refused" | "released"; readonly state: Letter["state"]; readonly words: string },
): Promise<void> => {
  const { outcome, state, words } = end;
  const nowMs = work.clock.now();
  await work.letters.replace(claimed, changedLetter(claimed, { state, outcome_words: words }, nowMs), {
    jobId: job.part,
    item: jobItem(claimed, outcome, { words, nowMs }),
    before: "claimed",
  });
};

/**
 * Sends a letter that a job has in hand, unless its row says that nothing is left to do for it. Done twice, after a crash, it may send a
 * second copy: both lead to the same row, which lets one of them work.
 */
export const sendClaimed = async (
  work: LetterWork,
  job: JobOf,
  claimed: Letter,
  { body, queue }: { readonly body: string; readonly queue: string },
): Promise<void> => {
  const { state, words } = await verdictOf(work, claimed, body);
  if (state === "settled" || state === "gone" || state === "superseded") {
    await putDown(work, job, claimed, { outcome: "stale", state: "stale", words: `nothing was left to do: ${words}` });
    return;
  }
  try {
    await work.sendLetter(claimed, body, queue);
  } catch (error) {
    if (error instanceof EnrichlineError && error.retryable) throw error;
    work.log.error("a dead letter cannot be sent", { message_id: claimed.letter_key, error: errorStack(error) });
    const why = "the queue does not take it; the log of handle-dead-letters says why";
    await putDown(work, job, claimed, { outcome: "refused", state: "open", words: why });
    return;
  }
  const sentMs = work.clock.now();
  const sent = changedLetter(claimed, { state: "waiting", outcome_words: words }, sentMs);
  await work.letters.replace(claimed, sent, {
    jobId: job.part,
    item: jobItem(sent, "waiting", {
      ...{ words, nowMs: sentMs, sentAt: isoTime(sentMs) },
      checkAtMs: sentMs + FIRST_CHECK_MS,
    }),
    before: "claimed",
  });
};

/** Continues what a worker that died had in hand: of a job that goes on it is sent, of a stopped one it is given back. */
export const continueClaimed = async (work: LetterWork, job: LetterJob, letter: Letter): Promise<void> => {
  if (job.state === "stopped") {
    const words = "the job was stopped before it was known to be sent";
    return putDown(work, job, letter, { outcome: "released", state: "open", words });
  }
  const body = await work.letters.body(letter);
  const route = routeOf(letter, work.sources, body);
  if ("refused" in route)
    return putDown(work, job, letter, { outcome: "refused", state: "open", words: route.refused });
  await sendClaimed(work, job, letter, { body, queue: route.queue });
};

/** Notes of a letter that a person named by its id that nothing can be done with it. */
export const noteUnusable = async (
  work: LetterWork,
  job: JobOf,
  letterId: string,
  found: Letter | undefined,
): Promise<void> => {
  const words = found ? `it is not open: it is ${found.state}` : "there is no such dead letter";
  const letter = { letter_key: letterId, queue: found?.queue ?? null, attempt: found?.attempt ?? 0 };
  const item = jobItem(letter, "refused", { words, nowMs: work.clock.now() });
  await work.letters.noteItem({ jobId: job.part, item, before: null });
};
