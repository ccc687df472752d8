import * as z from "zod";
import { LetterIdSchema } from "../../dead-letters/letter.ts";
import {
  countsOf,
  type LetterJob,
  LetterJobIdSchema,
  type LetterJobItem,
  LetterJobKindSchema,
  LetterJobStateSchema,
  LetterOutcomeSchema,
} from "../../dead-letters/letter-job.ts";
import { LetterQueueSchema } from "../../dead-letters/letter-queues.ts";
import { LetterFilterSchema, MAX_LETTER_IDS } from "../../dead-letters/selection.ts";
import { DeadLetterSchema } from "./dead-letters.ts";

const Count = z.number().int().min(0);
/** Messages a second: one after the other takes a fiftieth of a second at best. */
const MAX_RATE_PER_SECOND = 50;

/** Body of `POST /operations/redrives` and `POST /operations/discards`. */
export const RedriveRequestSchema = z
  .strictObject({
    queue: LetterQueueSchema.optional().describe("Only letters of this queue; absent: of every queue."),
    message_ids: z
      .array(LetterIdSchema)
      .min(1)
      .max(MAX_LETTER_IDS)
      .optional()
      .describe("Only these letters, of those that the rest of the request means."),
    filter: LetterFilterSchema.optional().describe("Letters that have all of this. An empty filter is refused."),
    all: z.literal(true).optional().describe("All letters of `queue`, which must be named."),
    limit: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe("So many at most, the oldest first; absent: all."),
    rate_per_second: z
      .number()
      .int()
      .min(1)
      .max(MAX_RATE_PER_SECOND)
      .default(10)
      .describe("So many a second at most, so that what broke is not overrun."),
    dry_run: z.boolean().default(false).describe("true: says what would be taken, and changes nothing."),
  })
  .meta({ id: "RedriveRequest" });
export type RedriveRequest = z.infer<typeof RedriveRequestSchema>;

/** Answer of a request with `dry_run`. */
export const RedrivePreviewSchema = z
  .object({
    kind: LetterJobKindSchema.describe("What would be done."),
    matched: Count.describe("Letters that it would take up."),
    complete: z.boolean().describe("Whether all letters were looked at; a preview looks at 2,000."),
    cannot_be_sent: Count.describe("Those among them that can only be discarded."),
    by_queue: z
      .array(z.object({ queue: LetterQueueSchema.describe("The queue."), count: Count.describe("Letters of it.") }))
      .describe("The same by queue, most first."),
    by_error_code: z
      .array(
        z.object({ error_code: z.string().describe("Code of the error."), count: Count.describe("Letters with it.") }),
      )
      .describe("The same by error, most first."),
    sample: z.array(DeadLetterSchema).describe("The first of them, ten at most."),
  })
  .meta({ id: "RedrivePreview" });
export type RedrivePreview = z.infer<typeof RedrivePreviewSchema>;

/** A redrive or discard as it is given out. */
export const RedriveSchema = z
  .object({
    job_id: LetterJobIdSchema.describe("Its id."),
    kind: LetterJobKindSchema.describe("What it does with its letters."),
    state: LetterJobStateSchema.describe(
      "`running`: it takes letters up. `waiting`: all are sent, and what came of some is not known. `done`: every letter has its outcome. `stopped`: somebody stopped it; what was sent before gets its outcome.",
    ),
    queue: LetterQueueSchema.nullable().describe("Queue that it is limited to; null: every queue."),
    message_ids: z.array(LetterIdSchema).nullable().describe("Letters that were named; null: none were."),
    filter: LetterFilterSchema.nullable().describe("Filter that was asked for; null: none was."),
    all: z.boolean().describe("Whether all letters of the queue were asked for."),
    limit: Count.nullable().describe("Letters at most; null: all."),
    rate_per_second: Count.describe("Letters a second at most."),
    requested_by: z.string().describe("Who asked for it."),
    requested_at: z.iso.datetime().describe("When; letters that were found dead later are none of its."),
    stopped_by: z.string().nullable().describe("Who stopped it; null: nobody."),
    stopped_at: z.iso.datetime().nullable().describe("When; null: nobody did."),
    finished_at: z.iso.datetime().nullable().describe("When the last letter had its outcome; null: not yet."),
    counts: z
      .object({
        claimed: Count.describe("Letters that it has in hand."),
        waiting: Count.describe("Letters that were sent, and whose rows have not said what came of them."),
        done: Count.describe("Letters whose work is done."),
        failed_again: Count.describe("Letters that came back, and are open again."),
        stale: Count.describe("Letters for which nothing was left to do."),
        discarded: Count.describe("Letters that were discarded."),
        refused: Count.describe("Letters that cannot be sent, or are not there; they stay as they are."),
        released: Count.describe("Letters that were given back when the job was stopped."),
      })
      .describe("Letters by outcome."),
  })
  .meta({ id: "Redrive" });
export type RedriveView = z.infer<typeof RedriveSchema>;

/** What a redrive or discard did to one letter. */
export const RedrivenMessageSchema = z
  .object({
    message_id: z.string().describe("The letter."),
    queue: LetterQueueSchema.nullable().describe("Its queue; null: there is no such letter."),
    outcome: LetterOutcomeSchema.describe(
      "`done`: its row says that the work is done. `failed_again`: it came back and is open. `stale`: nothing was left to do. `refused`: it cannot be sent, and stays. `released`: the job was stopped before. `claimed`, `waiting`: not decided.",
    ),
    words: z.string().describe("Why, in words."),
    sent_at: z.iso.datetime().nullable().describe("When it was sent; null: it was not, or came back."),
    updated_at: z.iso.datetime().describe("When that was noted."),
  })
  .meta({ id: "RedrivenMessage" });
export type RedrivenMessage = z.infer<typeof RedrivenMessageSchema>;

/** A job without what only the work on it needs. */
export const redriveView = (job: LetterJob): RedriveView => {
  const { part, kind, state, selection, limit, rate_per_second } = job;
  const { requested_by, requested_at, stopped_by, stopped_at, finished_at } = job;
  return {
    ...{ job_id: part, kind, state, ...selection, limit, rate_per_second },
    ...{ requested_by, requested_at, stopped_by, stopped_at, finished_at },
    counts: countsOf(job),
  };
};

/** What a job did to a letter, as it is given out. */
export const redrivenMessageView = (item: LetterJobItem): RedrivenMessage => {
  const { part, queue, outcome, words, sent_at, updated_at } = item;
  return { message_id: part, queue, outcome, words, sent_at, updated_at };
};
