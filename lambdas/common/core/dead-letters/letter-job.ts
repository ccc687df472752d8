import * as z from "zod";
import { IsoTimeSchema } from "../iso-time.ts";
import { LetterQueueSchema } from "./letter-queues.ts";
import { LetterSelectionSchema } from "./selection.ts";

const Count = z.number().int().min(0);

/** Days that jobs and what they did to each letter are kept. */
export const LETTER_JOB_DAYS = 90;

/** What a job does with its letters. */
export const LetterJobKindSchema = z.enum(["redrive", "discard"]);
export type LetterJobKind = z.infer<typeof LetterJobKindSchema>;

/**
 * State of a job. `running`: it takes letters up. `waiting`: all are sent, and rows still have to say what came of some. `stopped`: a
 * person stopped it; what was sent before gets its outcome all the same.
 */
export const LetterJobStateSchema = z.enum(["running", "waiting", "done", "stopped"]);
export type LetterJobState = z.infer<typeof LetterJobStateSchema>;

/** Id of a job. Ids sort by the time of their request. */
export const LetterJobIdSchema = z
  .string()
  .regex(/^dlj_[0-9a-hjkmnp-tv-z]{26}$/, "the id of a redrive or discard is dlj_ + 26 characters");

/**
 * What a job did to one letter. `claimed`: in hand. `waiting`: sent, and not decided. `failed_again`: it came back. `stale`: nothing was
 * left to do for it, so it was not sent, or it found nothing. `refused`: it cannot be sent; it stays. `released`: the job was stopped
 * before it was sent; it stays.
 */
export const LetterOutcomeSchema = z.enum([
  "claimed",
  "waiting",
  "done",
  "failed_again",
  "stale",
  "discarded",
  "refused",
  "released",
]);
export type LetterOutcome = z.infer<typeof LetterOutcomeSchema>;

/** How many letters a job has with each outcome. */
export type OutcomeCounts = Readonly<Record<LetterOutcome, number>>;

/** The counts as a row has them: attributes of their own, so that a transaction adds to one of them. */
const COUNT_FIELDS = {
  count_claimed: Count,
  count_waiting: Count,
  count_done: Count,
  count_failed_again: Count,
  count_stale: Count,
  count_discarded: Count,
  count_refused: Count,
  count_released: Count,
} satisfies Record<`count_${LetterOutcome}`, z.ZodType>;

/** Attribute that counts an outcome. */
export const countField = (outcome: LetterOutcome): keyof typeof COUNT_FIELDS => `count_${outcome}`;

/** The counts of a job before its first letter. */
export const NO_LETTERS: Readonly<Record<keyof typeof COUNT_FIELDS, number>> = {
  count_claimed: 0,
  count_waiting: 0,
  count_done: 0,
  count_failed_again: 0,
  count_stale: 0,
  count_discarded: 0,
  count_refused: 0,
  count_released: 0,
};

/** Row of a job, under the one key of all jobs. */
export const LetterJobSchema = z.object({
  letter_key: z.literal("jobs"),
  part: LetterJobIdSchema,
  kind: LetterJobKindSchema,
  state: LetterJobStateSchema,
  /** Whether something of it is left to do; a stopped one may still wait for outcomes. */
  is_active: z.boolean(),
  selection: LetterSelectionSchema,
  /** Letters that it takes up at most; null: all that it finds. */
  limit: Count.nullable(),
  rate_per_second: z.number().int().min(1),
  requested_by: z.string(),
  requested_at: IsoTimeSchema,
  stopped_by: z.string().nullable(),
  stopped_at: IsoTimeSchema.nullable(),
  finished_at: IsoTimeSchema.nullable(),
  /** Where it goes on in its list: place of the last letter seen, or how many of its ids are through. */
  position: z.object({ place: z.string().nullable(), ids: Count }),
  ...COUNT_FIELDS,
  lease_owner: z.string().nullable(),
  lease_until: IsoTimeSchema.nullable(),
  /** When it sent a letter last; null: it has not. */
  moved_at: IsoTimeSchema.nullable(),
  updated_at: IsoTimeSchema,
  expires_at: z.number().int(),
});
export type LetterJob = z.infer<typeof LetterJobSchema>;

/** Key of all jobs. */
export const JOBS_KEY = "jobs";
/** Key of what a job did to its letters. */
export const jobItemsKey = (jobId: string): string => `job#${jobId}`;

/** Row of what a job did to one letter, under the letter's id. */
export const LetterJobItemSchema = z.object({
  letter_key: z.string(),
  part: z.string(),
  /** Null: there is no such letter. */
  queue: LetterQueueSchema.nullable(),
  outcome: LetterOutcomeSchema,
  /** Why, in words. */
  words: z.string(),
  /** Attempt of the letter that it is about. */
  attempt: Count,
  sent_at: IsoTimeSchema.nullable(),
  /** When its row is asked next. */
  check_at: IsoTimeSchema.nullable(),
  updated_at: IsoTimeSchema,
  expires_at: z.number().int(),
});
export type LetterJobItem = z.infer<typeof LetterJobItemSchema>;

/** The counts of a job by outcome. */
export const countsOf = (job: LetterJob): OutcomeCounts => ({
  claimed: job.count_claimed,
  waiting: job.count_waiting,
  done: job.count_done,
  failed_again: job.count_failed_again,
  stale: job.count_stale,
  discarded: job.count_discarded,
  refused: job.count_refused,
  released: job.count_released,
});

/** Letters that a job has taken up. */
export const takenUp = (job: LetterJob): number => Object.values(countsOf(job)).reduce((sum, count) => sum + count, 0);
