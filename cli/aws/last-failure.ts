import { CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import * as z from "zod";
import type { DeadLetterDetail } from "../../lambdas/common/core/contract/operations/dead-letters.ts";
import { HOUR_MS, MINUTE_MS } from "../../lambdas/common/core/durations.ts";
import { parseJson } from "../../lambdas/common/core/parse-json.ts";
import { boundedText } from "../../lambdas/common/core/text/bounded-text.ts";
import type { AwsAccess } from "./aws-access.ts";
import { awsError } from "./aws-error.ts";

/** Log lines from so long before a letter was found dead: its five deliveries, with the back-off between them. */
const LOOK_BACK_MS = 2 * HOUR_MS;
/** A line may be late. */
const LOOK_AHEAD_MS = MINUTE_MS;
/** Pages that one look reads; a page may be empty though more follow. */
const MAX_PAGES = 20;
const MAX_ERROR_BYTES = 4_000;

/** A line in which a consumer says why it gave a message back. */
const LineSchema = z.looseObject({
  message_id: z.string(),
  error: z.string(),
  batch_id: z.string().optional().catch(undefined),
});

/** What tells the lines about a letter. */
type Named = Pick<DeadLetterDetail, "message_id" | "batch_id" | "dead_at" | "log">;

/** What the consumer of a message said when it failed with it the last time. */
interface LastFailure {
  /** Time of the line, ISO. */
  readonly at: string;
  /** The error in words of ours, with its places in the code if nobody expected it. */
  readonly error: string;
}

/** SQS gives a redriven message another id; its batch stays. */
const isAbout = (line: z.infer<typeof LineSchema>, { message_id, batch_id }: Named): boolean =>
  line.message_id === message_id || (batch_id !== null && line.batch_id === batch_id);

const readLine = (text: string, letter: Named): string | undefined => {
  // Lambda's own lines and those of other shapes are passed over.
  const [json = ""] = /\{.*\}/s.exec(text) ?? [];
  const line = LineSchema.safeParse(parseJson(json));
  return line.success && isAbout(line.data, letter) ? boundedText(line.data.error, MAX_ERROR_BYTES) : undefined;
};

/**
 * Reads in the log of its consumer why a message was given back the last time before it was found dead.
 * @returns undefined where nobody of ours reads its queue, or no such line is there: the worker died with it, or the log forgot it
 * @param untilDead whether lines after that are left out; the clock of a local stack is another than that of its log
 * @throws CliError
 */
export const lastFailure = async (
  { config }: Pick<AwsAccess, "config">,
  letter: Named,
  untilDead: boolean,
): Promise<LastFailure | undefined> => {
  const { log, dead_at } = letter;
  if (log.log_group === null) return undefined;
  const client = new CloudWatchLogsClient(config);
  const deadMs = Date.parse(dead_at);
  let last: { atMs: number; error: string } | undefined;
  try {
    const pages = paginateFilterLogEvents(
      { client },
      {
        logGroupName: log.log_group,
        filterPattern: log.filter_pattern,
        ...(untilDead ? { startTime: deadMs - LOOK_BACK_MS, endTime: deadMs + LOOK_AHEAD_MS } : {}),
      },
    );
    let read = 0;
    for await (const { events = [] } of pages) {
      for (const { timestamp = 0, message = "" } of events) {
        const error = readLine(message, letter);
        if (error !== undefined && timestamp >= (last?.atMs ?? 0)) last = { atMs: timestamp, error };
      }
      read += 1;
      if (read === MAX_PAGES) break;
    }
  } catch (error) {
    throw awsError(error, "Reading the log of its consumer");
  } finally {
    client.destroy();
  }
  return last && { at: new Date(last.atMs).toISOString(), error: last.error };
};
