import * as z from "zod";
import { IsoTimeSchema } from "../iso-time.ts";
import { LetterQueueSchema } from "./letter-queues.ts";

const Count = z.number().int().min(0);

/**
 * State of a dead letter. `open`: it waits for a person. `redriving`: a redrive has it in hand. `waiting`: it was sent, and its row
 * has not said yet what came of it. The other three are ends.
 */
export const LetterStateSchema = z.enum(["open", "redriving", "waiting", "done", "stale", "discarded"]);
export type LetterState = z.infer<typeof LetterStateSchema>;

/** Lists that letters are in: what waits for a person, what is under way, what ended. */
export const LetterListSchema = z.enum(["open", "moving", "ended"]);
export type LetterList = z.infer<typeof LetterListSchema>;

const LISTS: Readonly<Record<LetterState, LetterList>> = {
  open: "open",
  redriving: "moving",
  waiting: "moving",
  done: "ended",
  stale: "ended",
  discarded: "ended",
};

/** The list that letters of a state are in. */
export const listOf = (state: LetterState): LetterList => LISTS[state];

/** Days that a letter is kept after its end. One that is open is kept for ever. */
export const ENDED_LETTER_DAYS = 30;

/** Id of a letter: the id that SQS gave its message. */
export const LetterIdSchema = z.string().regex(/^[A-Za-z0-9-]{1,100}$/, "a dead letter's id is that of its message");

/** What went wrong, as far as anybody knows. */
export const LetterErrorSchema = z.object({
  /** Code of the error class, or one of ours about the message. */
  code: z.string(),
  message: z.string(),
});
export type LetterError = z.infer<typeof LetterErrorSchema>;

/** An attribute that the message's sender gave it. */
export const MessageAttributeSchema = z.object({
  type: z.string().describe("Type of SQS: `String`, `Number`, `Binary`, or one of its sender's own after a dot."),
  value: z.string().describe("Value; of a binary one as base64."),
});
export type MessageAttribute = z.infer<typeof MessageAttributeSchema>;

/** Row of a dead letter. Its body lies in rows of its own, so that lists do not read bodies. */
export const LetterSchema = z.object({
  letter_key: LetterIdSchema,
  part: z.literal("letter"),
  queue: LetterQueueSchema,
  state: LetterStateSchema,
  /** When it came to its queue first. */
  sent_at: IsoTimeSchema,
  /** When it was found dead, the last time. */
  dead_at: IsoTimeSchema,
  receive_count: Count,
  error: LetterErrorSchema,
  /** Log group that has the lines about it; null: nobody of ours wrote any. */
  log_group: z.string().nullable(),
  catalog_id: z.string().nullable(),
  tracking_id: z.string().nullable(),
  batch_id: z.string().nullable(),
  correlation_id: z.string().nullable(),
  /** Products that it names, 50 at most. */
  asins: z.array(z.string()),
  body_bytes: Count,
  attributes: z.record(z.string(), MessageAttributeSchema),
  /** Fair queues: whose share of the queue it takes. */
  group_id: z.string().nullable(),
  /** How often it was sent again. What comes back names the attempt that it is of. */
  attempt: Count,
  /** The job that has, or had, it in hand. */
  job_id: z.string().nullable(),
  /** What came of it, in words; null while it is open for the first time. */
  outcome_words: z.string().nullable(),
  /** Epoch seconds; only once it ended. */
  expires_at: z.number().int().optional(),
});
export type Letter = z.infer<typeof LetterSchema>;

/** Key of the list of one queue's letters. */
export const listKeyOf = (list: LetterList, queue: string): string => `${list}#${queue}`;
/** Place of a letter in its list: by time, and then by id. */
export const listPlaceOf = ({ dead_at, letter_key }: Pick<Letter, "dead_at" | "letter_key">): string =>
  `${dead_at}#${letter_key}`;
