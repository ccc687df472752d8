import * as z from "zod";
import { MAX_MESSAGE_DELAY_SECONDS } from "../../lambdas/common/core/batches/message-delay.ts";
import { type AwsCall, bytesOf, jsonOf } from "./aws-call.ts";
import type { ChangedCall, Trouble } from "./fault.ts";
import type { Seeded } from "./seeded.ts";

/** Most that a delivery is late by. */
const MAX_LATE_SECONDS = 5;

const EntrySchema = z.looseObject({ Id: z.string(), DelaySeconds: z.number().optional() });
const BatchSchema = z.looseObject({ Entries: z.array(EntrySchema) });
const AnswerSchema = z.looseObject({ Failed: z.array(z.unknown()).optional() });

const isSending = ({ service, operation }: AwsCall): boolean =>
  service === "sqs" && (operation === "SendMessage" || operation === "SendMessageBatch");

export const sqsFailing = (share: number): Trouble => ({
  name: "SQS fails",
  share,
  meets: ({ service }) => service === "sqs",
  fault: (_, random) =>
    random.next() < 0.3
      ? "lose-answer"
      : {
          status: 500,
          type: "application/x-amz-json-1.0",
          body: JSON.stringify({ __type: "com.amazonaws.sqs#InternalFailure", message: "made by the fault layer" }),
        },
});

const later = (delay: unknown, random: Seeded): number =>
  Math.min(MAX_MESSAGE_DELAY_SECONDS, Number(delay ?? 0) + random.whole(1, MAX_LATE_SECONDS));

/** Whether a message of the request can come later still. */
const canBeLater = (call: AwsCall): boolean =>
  (call.operation === "SendMessage" ? [jsonOf(call.body)] : entriesOf(call)).some(
    ({ DelaySeconds }) => Number(DelaySeconds ?? 0) < MAX_MESSAGE_DELAY_SECONDS,
  );

/** Messages that are delivered some seconds later than they should be. */
export const sqsDelayed = (share: number): Trouble => ({
  name: "SQS delivers late",
  share,
  meets: (call) => isSending(call) && canBeLater(call),
  fault: ({ operation, body }, random): ChangedCall => {
    const request = jsonOf(body);
    if (operation === "SendMessage") {
      return { body: bytesOf({ ...request, DelaySeconds: later(request.DelaySeconds, random) }) };
    }
    const { Entries } = BatchSchema.parse(request);
    const delayed = Entries.map((entry) => ({ ...entry, DelaySeconds: later(entry.DelaySeconds, random) }));
    return { body: bytesOf({ ...request, Entries: delayed }) };
  },
});

/** Messages that are delivered twice. The second one has an id of its own, so that both may be worked on at once. */
export const sqsDoubled = (share: number): Trouble => ({
  name: "SQS delivers twice",
  share,
  meets: isSending,
  fault: () => "twice",
});

/** Requests with several messages of which SQS takes some only. */
export const sqsPartlyRefused = (share: number): Trouble => ({
  name: "SQS refuses single messages",
  share,
  meets: (call) => isSending(call) && entriesOf(call).length > 1,
  fault: (call, random): ChangedCall => {
    const entries = entriesOf(call);
    const taken = random.whole(1, entries.length - 1);
    const Failed = entries
      .slice(taken)
      .map(({ Id }) => ({ Id, Code: "InternalError", SenderFault: false, Message: "made by the fault layer" }));
    return {
      body: bytesOf({ ...jsonOf(call.body), Entries: entries.slice(0, taken) }),
      answer: (body) => {
        const answer = AnswerSchema.parse(jsonOf(body));
        return bytesOf({ ...answer, Failed: [...(answer.Failed ?? []), ...Failed] });
      },
    };
  },
});

const entriesOf = ({ body }: AwsCall): z.infer<typeof EntrySchema>[] =>
  BatchSchema.safeParse(jsonOf(body)).data?.Entries ?? [];
