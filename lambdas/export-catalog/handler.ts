import { type ExportMessage, ExportMessageSchema } from "../common/core/exports/export-message.ts";
import { createBatchHandler } from "../common/platform/sqs/batch-handler.ts";
import type { QueueRecord } from "../common/platform/sqs/queue-record.ts";
import type { Deps } from "./deps.ts";
import { runExport } from "./run-export.ts";

/** Wait after a delivery that failed, more with every delivery. */
const BACK_OFF_SECONDS = 30;

/** Deliveries so far, this one and those of the messages that it replaces counted. */
const deliveriesOf = ({ message, receiveCount }: QueueRecord<ExportMessage>): number =>
  receiveCount + (message.earlier_deliveries ?? 0);

/** Consumer of the `exports` queue: one message gives one export a pass. Safe to deliver any number of times. */
export const createHandler = (deps: Deps) =>
  createBatchHandler(
    { queue: deps.ownQueue, log: deps.log, meter: deps.meter },
    {
      schema: ExportMessageSchema,
      logFields: ({ export_id, catalog_id, correlation_id }) => ({ export_id, catalog_id, correlation_id }),
      hidden: "invocation",
      backOffSeconds: (record) => BACK_OFF_SECONDS * deliveriesOf(record),
      work: {
        each: (record, remainingMs) =>
          runExport(deps, {
            message: record.message,
            receiveCount: deliveriesOf(record),
            remainingMs: remainingMs(),
          }),
      },
    },
  );
