import * as z from "zod";
import { parseJson } from "../parse-json.ts";
import { boundedText } from "../text/bounded-text.ts";
import type { LetterError, MessageAttribute } from "./letter.ts";
import { LETTER_QUEUES, type LetterQueue } from "./letter-queues.ts";
import { isUnreadable } from "./subject.ts";

const MAX_MESSAGE_BYTES = 2_000;

const LambdaFailureSchema = z.looseObject({
  requestContext: z.looseObject({ condition: z.string().optional().catch(undefined) }),
  responsePayload: z
    .looseObject({
      errorType: z.string().optional().catch(undefined),
      errorMessage: z.string().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

const bounded = (code: string, message: string): LetterError => ({
  code: boundedText(code, 200),
  message: boundedText(message, MAX_MESSAGE_BYTES),
});

/**
 * Why a message is dead, as far as it tells by itself: what EventBridge or Lambda wrote on it, or that its body is no message of its
 * queue. Why a consumer failed with a good one stands in its log, under the id of the message.
 */
export const letterError = (
  queue: LetterQueue,
  message: {
    readonly body: string;
    readonly attributes: Readonly<Record<string, MessageAttribute>>;
    readonly receiveCount: number;
  },
): LetterError => {
  const { body, attributes, receiveCount } = message;
  const { ERROR_CODE, ERROR_MESSAGE } = attributes;
  if (ERROR_CODE) return bounded(ERROR_CODE.value, ERROR_MESSAGE?.value ?? "EventBridge could not deliver the event");
  const failure = LambdaFailureSchema.safeParse(parseJson(body));
  if (failure.success) {
    const { requestContext, responsePayload } = failure.data;
    const words =
      responsePayload?.errorMessage ?? `its function failed (${requestContext.condition ?? "no condition"})`;
    return bounded(responsePayload?.errorType ?? requestContext.condition ?? "FUNCTION_FAILED", words);
  }
  if (LETTER_QUEUES[queue].holds.kind === "places") {
    return { code: "RECORDS_GIVEN_UP", message: "records of a stream were given up; the body says where they lie" };
  }
  if (isUnreadable(queue, body)) {
    return {
      code: "RECORD_UNREADABLE",
      message: "the body is no message of this queue, so no delivery of it can go well",
    };
  }
  return {
    code: "DELIVERIES_FAILED",
    message: `each of ${receiveCount} deliveries failed, or its worker died with it; the log lines with the message's id say why`,
  };
};
