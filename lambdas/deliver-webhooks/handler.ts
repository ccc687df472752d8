import * as z from "zod";
import { WebhookMessageSchema } from "../common/core/webhooks/webhook-message.ts";
import {
  createBatchHandler,
  type PartialBatchResponse,
  type QueueEvent,
  type RemainingTime,
} from "../common/platform/sqs/batch-handler.ts";
import { attemptDelivery } from "./attempt-delivery.ts";
import type { Deps } from "./deps.ts";
import { noteProducts } from "./note-products.ts";
import { noteRuns } from "./note-runs.ts";
import { sweepDue } from "./sweep-due.ts";
import { tellWindow } from "./tell-window.ts";

/** Wait after a delivery of a message that failed, more with every delivery. */
const BACK_OFF_SECONDS = 10;

/** Which of its sources calls: the queue, one of two streams, or the schedule, which brings nothing. */
const EventSchema = z.union([
  z.object({ Records: z.array(z.looseObject({ messageId: z.string() })).min(1) }).transform(() => "queue" as const),
  z
    .object({ Records: z.array(z.looseObject({ dynamodb: z.looseObject({ NewImage: z.looseObject({}) }) })).min(1) })
    .transform(() => "runs" as const),
  z
    .object({ Records: z.array(z.looseObject({ dynamodb: z.looseObject({}) })).min(1) })
    .transform(() => "products" as const),
  z.object({ Records: z.undefined().optional() }).transform(() => "schedule" as const),
]);

/**
 * Makes deliveries of what the streams tell, and attempts them as the queue says. Safe to call with anything any number of times:
 * rows decide.
 * @throws Error when what a stream told could not be noted: Lambda then halves the batch and tries again
 */
export const createHandler = (deps: Deps) => {
  const onMessages = createBatchHandler(
    { queue: deps.ownQueue, log: deps.log, meter: deps.meter },
    {
      schema: WebhookMessageSchema,
      logFields: (message) =>
        message.kind === "attempt"
          ? { webhook_id: message.webhook_id, delivery_id: message.delivery_id }
          : { window: message.window },
      hidden: "invocation",
      backOffSeconds: ({ receiveCount }) => BACK_OFF_SECONDS * receiveCount,
      work: {
        // At the same time: no endpoint waits for a slower one.
        together: async (records) => {
          const results = await Promise.allSettled(
            records.map(({ message }) =>
              message.kind === "attempt" ? attemptDelivery(deps, message) : tellWindow(deps, message.window),
            ),
          );
          const failed = results.flatMap((result, index) => {
            const record = records[index];
            return result.status === "rejected" && record ? [{ record, error: result.reason as unknown }] : [];
          });
          return { failed, leased: [] };
        },
      },
    },
  );
  const groups = new Set<string>();
  return async (event: unknown, context: RemainingTime): Promise<PartialBatchResponse | undefined> => {
    const source = EventSchema.parse(event);
    if (source === "queue") return onMessages(event as QueueEvent, context);
    try {
      if (source === "runs") await noteRuns(deps, event, groups);
      else if (source === "products") await noteProducts(deps, event);
      else await sweepDue(deps);
      return undefined;
    } finally {
      deps.meter.flush();
    }
  };
};
