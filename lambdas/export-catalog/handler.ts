import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { type ExportMessage, ExportMessageSchema } from "../core/exports/export-message.ts";
import { METRICS } from "../core/metric-names.ts";
import { parseJson } from "../core/parse-json.ts";
import type { DeliveryResult } from "./delivery.ts";
import type { Deps } from "./deps.ts";
import { runExport } from "./run-export.ts";

/** Time does not mend an unreadable body: it need not wait out the visibility timeout before somebody looks. */
const UNREADABLE_SECONDS = 3;
/** Wait after a store did not even let the work begin, more with every delivery. */
const NOT_BEGUN_SECONDS = 30;

/**
 * Consumer of the `exports` queue. A message that is not done comes back by partial batch response; safe to deliver any
 * number of times.
 */
export const createHandler =
  (deps: Deps) =>
  async (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    try {
      for (const record of event.Records) {
        const result = await deliver(deps, record, context.getRemainingTimeInMillis());
        if (result.kind === "done") continue;
        failed.push(record.messageId);
        await comeBack(deps, record, result.seconds);
      }
    } finally {
      if (failed.length > 0) deps.meter.count(METRICS.RECORD_FAILED, failed.length);
      deps.meter.flush();
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

const read = (body: string): ExportMessage | undefined => ExportMessageSchema.safeParse(parseJson(body)).data;

const deliver = async (deps: Deps, record: SQSRecord, remainingMs: number): Promise<DeliveryResult> => {
  const message = read(record.body);
  if (!message) {
    deps.meter.count(METRICS.RECORD_INVALID, 1);
    deps.log.error("record is unreadable and will end in the dead-letter queue", { message_id: record.messageId });
    return { kind: "again", seconds: UNREADABLE_SECONDS };
  }
  const receiveCount = Number(record.attributes.ApproximateReceiveCount) + (message.earlier_deliveries ?? 0);
  try {
    return await runExport(deps, { message, receiveCount, remainingMs });
  } catch (error) {
    deps.log.error("an export could not be begun; its message comes back", {
      message_id: record.messageId,
      export_id: message.export_id,
      correlation_id: message.correlation_id,
      error: error instanceof Error ? (error.stack ?? "") : String(error),
    });
    return { kind: "again", seconds: NOT_BEGUN_SECONDS * receiveCount };
  }
};

const comeBack = async (deps: Deps, record: SQSRecord, seconds: number): Promise<void> => {
  try {
    await deps.comeBackAfter(record.receiptHandle, seconds);
  } catch (error) {
    deps.log.warn("a record comes back late", { message_id: record.messageId, error: String(error) });
  }
};
