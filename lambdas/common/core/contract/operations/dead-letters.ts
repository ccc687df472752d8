import * as z from "zod";
import {
  type Letter,
  LetterErrorSchema,
  LetterIdSchema,
  LetterStateSchema,
  MessageAttributeSchema,
} from "../../dead-letters/letter.ts";
import { LETTER_QUEUES, LetterQueueSchema } from "../../dead-letters/letter-queues.ts";
import { pageOf } from "../page.ts";

const Count = z.number().int().min(0);

/** One dead letter in a list. */
export const DeadLetterSchema = z
  .object({
    message_id: LetterIdSchema.describe("Its id: the one that SQS gave the message when it came first."),
    queue: LetterQueueSchema.describe("The queue that gave it up; `events`: a rule's target, others end a stream."),
    state: LetterStateSchema.describe(
      "`open`: it waits for you. `redriving`, `waiting`: a redrive has it; its outcome is not known. `done`, `stale`, `discarded`: it ended, and is kept for 30 days.",
    ),
    sent_at: z.iso.datetime().describe("When the message was sent first."),
    dead_at: z.iso.datetime().describe("When it was found dead, the last time."),
    receive_count: Count.describe("How often it was delivered before."),
    error: LetterErrorSchema.extend({
      code: z.string().describe("Code of the error; `DELIVERIES_FAILED`: the log lines say why."),
      message: z.string().describe("The error in words."),
    }).describe("What is known of why it is dead."),
    catalog_id: z.string().nullable().describe("The catalog that it names; null: none."),
    tracking_id: z.string().nullable().describe("The run that it names; null: none."),
    batch_id: z.string().nullable().describe("The batch that it names; null: none."),
    correlation_id: z.string().nullable().describe("Leads to the log lines of its request; null: it names none."),
    asins: z.array(z.string()).describe("Products that it names, 50 at most."),
    redrives: Count.describe("How often it was redriven."),
    job_id: z.string().nullable().describe("The redrive or discard that had it last; null: none had."),
    outcome: z.string().nullable().describe("What came of that, or what it waits for, in words; null: nothing yet."),
  })
  .meta({ id: "DeadLetter" });
export type DeadLetterView = z.infer<typeof DeadLetterSchema>;

/** Answer of `GET /operations/dead-letters`. */
export const DeadLetterPageSchema = pageOf(DeadLetterSchema).extend({
  approximate_total: Count.describe("Open dead letters of these queues, whatever the other filters."),
  complete: z.boolean().describe("Whether `approximate_total` counts all of them; it ends at 10,000 a queue."),
});

/** Answer of `GET /operations/dead-letters/{id}`. */
export const DeadLetterDetailSchema = DeadLetterSchema.extend({
  body: z.string().describe("The message as it came. Messages carry ids; content is read by the API."),
  body_bytes: Count.describe("Length of the body as UTF-8."),
  attributes: z.record(z.string(), MessageAttributeSchema).describe("Attributes that its sender gave it."),
  redrivable: z.boolean().describe("Whether it can be sent again."),
  advice: z.string().nullable().describe("What to do instead where it cannot; null: redrive or discard it."),
  log: z
    .object({
      log_group: z.string().nullable().describe("Log group of its consumer; null: nobody of ours read it."),
      filter_pattern: z.string().describe("Filter that finds the lines about it."),
      url: z.string().nullable().describe("The same in the CloudWatch console; null: there is none on this stage."),
    })
    .describe("Where the log lines about it are."),
}).meta({ id: "DeadLetterDetail" });
export type DeadLetterDetail = z.infer<typeof DeadLetterDetailSchema>;

/** A letter as it is given out. */
export const deadLetterView = (letter: Letter): DeadLetterView => {
  const { letter_key, queue, state, sent_at, dead_at, receive_count, error } = letter;
  const { catalog_id, tracking_id, batch_id, correlation_id, asins } = letter;
  return {
    ...{ message_id: letter_key, queue, state, sent_at, dead_at, receive_count, error },
    ...{ catalog_id, tracking_id, batch_id, correlation_id, asins },
    redrives: letter.attempt,
    job_id: letter.job_id,
    outcome: letter.outcome_words,
  };
};

/** What to do with a letter that cannot be sent again; null where it can. */
export const adviceOf = ({ queue }: Pick<Letter, "queue">): string | null => {
  const { holds } = LETTER_QUEUES[queue];
  if (holds.kind !== "places") return null;
  return `It says where records of a stream lay, not what was in them. ${holds.instead} Discard it.`;
};
