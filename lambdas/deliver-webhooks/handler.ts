import * as z from "zod";
import { type WebhookMessage, WebhookMessageSchema } from "../common/core/webhooks/webhook-message.ts";
import { countScheduledCall } from "../common/platform/scheduled-call.ts";
import {
  createBatchHandler,
  type PartialBatchResponse,
  type QueueEvent,
  type RemainingTime,
} from "../common/platform/sqs/batch-handler.ts";
import { attemptDelivery } from "./attempt-delivery.ts";
import type { Deps } from "./deps.ts";
import { noteProducts } from "./note-products.ts";
import { noteRun } from "./note-run.ts";
import { sweepDue } from "./sweep-due.ts";
import { tellWindow } from "./tell-window.ts";

/** Wait after the first delivery of a message that failed; four times as much with every other, so five of them last 14 minutes. */
const BACK_OFF_SECONDS = 10;
const BACK_OFF_FACTOR = 4;

/** Which of its sources calls: the queue, the stream of products, or the schedule, which brings nothing. */
const EventSchema = z.union([
  z.object({ Records: z.array(z.looseObject({ messageId: z.string() })).min(1) }).transform(() => "queue" as const),
  z
    .object({ Records: z.array(z.looseObject({ dynamodb: z.looseObject({}) })).min(1) })
    .transform(() => "products" as const),
  z.object({ Records: z.undefined().optional() }).transform(() => "schedule" as const),
]);

const logFields = (message: WebhookMessage) => {
  if (message.kind === "attempt") return { webhook_id: message.webhook_id, delivery_id: message.delivery_id };
  return message.kind === "run" ? { tracking_id: message.run.batch_id } : { window: message.window };
};

/**
 * Makes deliveries of what runs and the stream of products tell, and attempts them as the queue says. Safe to call with anything any number of times:
 * rows decide.
 * @throws Error when what the stream told could not be noted: Lambda then halves the batch and tries again
 */
export const createHandler = (deps: Deps) => {
  const groups = new Set<string>();
  const take = (message: WebhookMessage): Promise<void> => {
    if (message.kind === "attempt") return attemptDelivery(deps, message);
    return message.kind === "run" ? noteRun(deps, message.run, groups) : tellWindow(deps, message.window);
  };
  const onMessages = createBatchHandler(
    { queue: deps.ownQueue, log: deps.log, meter: deps.meter },
    {
      schema: WebhookMessageSchema,
      logFields,
      hidden: "invocation",
      backOffSeconds: ({ receiveCount }) => BACK_OFF_SECONDS * BACK_OFF_FACTOR ** (receiveCount - 1),
      work: {
        // At the same time: no endpoint waits for a slower one.
        together: async (records) => {
          const results = await Promise.allSettled(records.map(({ message }) => take(message)));
          const failed = results.flatMap((result, index) => {
            const record = records[index];
            return result.status === "rejected" && record ? [{ record, error: result.reason as unknown }] : [];
          });
          return { failed, leased: [] };
        },
      },
    },
  );
  return async (event: unknown, context: RemainingTime): Promise<PartialBatchResponse | undefined> => {
    const source = EventSchema.parse(event);
    if (source === "queue") return onMessages(event as QueueEvent, context);
    try {
      if (source === "products") await noteProducts(deps, event);
      else {
        countScheduledCall(deps.meter);
        await sweepDue(deps);
      }
      return undefined;
    } finally {
      deps.meter.flush();
    }
  };
};
