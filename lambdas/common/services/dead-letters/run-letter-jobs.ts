import { isoTime } from "../../core/clock.ts";
import { countsOf, type LetterJob, takenUp } from "../../core/dead-letters/letter-job.ts";
import { LetterQueueSchema } from "../../core/dead-letters/letter-queues.ts";
import { isSelected } from "../../core/dead-letters/selection.ts";
import { errorStack } from "../../core/error-words.ts";
import { checkOutcomes } from "./check-outcomes.ts";
import type { LetterWork } from "./letter-work.ts";
import { continueClaimed, noteUnusable, takeLetter } from "./take-letter.ts";

/** Longer than a pass may take: after it nobody works on a job any more. */
const LEASE_MS = 90_000;
/** Share of a job's time in which it takes letters up; in the rest it asks rows what came of those that were sent. */
const TAKING_SHARE = 0.75;
/** Letters read at a time. */
const PAGE = 25;

/**
 * Brings every redrive and discard further, until the time is over. A pass that dies leaves each letter with its state, so that the next one
 * continues. Each job has its share of the time, and one that fails keeps no other. Safe to run by many at once: a job has one worker at a
 * time.
 * @returns jobs of which something is left to do
 * @throws Error the first fault, after all jobs were tried
 */
export const runLetterJobs = async (work: LetterWork, untilMs: number): Promise<readonly LetterJob[]> => {
  const faults: unknown[] = [];
  const active = await work.jobs.listActive();
  const left: LetterJob[] = [];
  for (const [index, { part }] of active.entries()) {
    const nowMs = work.clock.now();
    if (nowMs >= untilMs) break;
    const lease = { owner: work.newId(), now: isoTime(nowMs), until: isoTime(nowMs + LEASE_MS) };
    try {
      const job = await work.jobs.lease(part, lease);
      // What one does not need is left to those after it.
      const shareMs = (untilMs - nowMs) / (active.length - index);
      const after = job && (await runJob(work, job, nowMs + shareMs));
      if (after?.is_active) left.push(after);
    } catch (error) {
      work.log.error("a job over dead letters cannot go on", { job_id: part, error: errorStack(error) });
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
  return left;
};

const runJob = async (work: LetterWork, leased: LetterJob, untilMs: number): Promise<LetterJob | undefined> => {
  // The count changes with the items, and finding out by them would read all that the job did.
  if (leased.count_claimed > 0) {
    for await (const item of work.jobs.allItems(leased.part, { outcome: "claimed" })) {
      const letter = await work.letters.get(item.part);
      if (letter?.state === "redriving" && letter.job_id === leased.part) await continueClaimed(work, leased, letter);
    }
  }
  const startMs = work.clock.now();
  const takeUntilMs = startMs + TAKING_SHARE * (untilMs - startMs);
  const isThrough = leased.state !== "running" || (await takeLetters(work, leased, takeUntilMs));
  await checkOutcomes(work, leased, untilMs);
  return giveBack(work, leased, isThrough);
};

/**
 * Takes letters up at the job's rate, oldest first. Only those that were found dead before the job was asked for: one that comes back is
 * for the next.
 * @returns whether none is left for it
 */
const takeLetters = async (work: LetterWork, leased: LetterJob, untilMs: number): Promise<boolean> => {
  let { position, moved_at } = leased;
  for (;;) {
    // Saved before each step, which tells also whether somebody stopped it.
    const job = await work.jobs.advance(leased, { position, moved_at, now: isoTime(work.clock.now()) });
    if (job?.state !== "running") return job !== undefined;
    if (work.clock.now() >= untilMs) return false;
    const most = Math.min(PAGE, job.rate_per_second, job.limit === null ? PAGE : job.limit - takenUp(job));
    if (most <= 0) return true;
    const startMs = work.clock.now();
    const step =
      job.selection.message_ids === null ? await takeListed(work, job, most) : await takeNamed(work, job, most);
    position = step.position;
    if (step.letters > 0) moved_at = isoTime(work.clock.now());
    if (step.isEnd) {
      await work.jobs.advance(leased, { position, moved_at, now: isoTime(work.clock.now()) });
      return true;
    }
    // The rate, whatever the steps themselves took.
    await work.clock.sleep(startMs + (step.letters / job.rate_per_second) * 1_000 - work.clock.now());
  }
};

interface Step {
  readonly letters: number;
  readonly position: LetterJob["position"];
  readonly isEnd: boolean;
}

const takeNamed = async (work: LetterWork, job: LetterJob, most: number): Promise<Step> => {
  const { position, selection } = job;
  const ids = (selection.message_ids ?? []).slice(position.ids, position.ids + most);
  const found = new Map((await work.letters.getMany(ids)).map((letter) => [letter.letter_key, letter]));
  for (const id of ids) {
    const letter = found.get(id);
    // It has taken that up already, before a crash; it may have come back since.
    if (letter?.job_id === job.part) continue;
    if (letter?.state === "open" && isSelected(letter, selection)) await takeLetter(work, job, letter);
    else await noteUnusable(work, job, id, letter);
  }
  const isEnd = ids.length === 0;
  return { letters: ids.length, position: { ...position, ids: position.ids + ids.length }, isEnd };
};

const takeListed = async (work: LetterWork, job: LetterJob, most: number): Promise<Step> => {
  const { position, selection, requested_at } = job;
  const queues = selection.queue === null ? LetterQueueSchema.options : [selection.queue];
  const listing = { list: "open", queues, after: position.place, newestFirst: false, limit: most } as const;
  const { letters, next } = await work.letters.list(listing);
  let taken = 0;
  for (const letter of letters) {
    // What it sent and what came back at once is for the next one too.
    if (letter.dead_at > requested_at || letter.job_id === job.part || !isSelected(letter, selection)) continue;
    await takeLetter(work, job, letter);
    taken += 1;
  }
  const isPast = letters.some(({ dead_at }) => dead_at > requested_at);
  return { letters: taken, position: { ...position, place: next ?? position.place }, isEnd: isPast || next === null };
};

/** Saves what the job is in now: counts are read anew, because what came back is counted by others too. */
const giveBack = async (work: LetterWork, leased: LetterJob, isThrough: boolean): Promise<LetterJob | undefined> => {
  for (;;) {
    const now = isoTime(work.clock.now());
    const seen = await work.jobs.get(leased.part);
    if (seen?.lease_owner !== leased.lease_owner) return undefined;
    const { claimed, waiting } = countsOf(seen);
    const isOpen = claimed + waiting > 0;
    const isRunning = seen.state === "running" && !isThrough;
    const state = seen.state === "stopped" ? "stopped" : isRunning ? "running" : isOpen ? "waiting" : "done";
    const is_active = isRunning || isOpen;
    const finished_at = is_active ? null : now;
    const after = await work.jobs.release(leased, { state, is_active, finished_at, seen: seen.state, now });
    if (after) {
      if (!is_active) work.log.info("a job over dead letters ended", { job_id: after.part, state, ...countsOf(after) });
      return after;
    }
  }
};
