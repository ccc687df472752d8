import type { DeadLetterDetail } from "../../../common/core/contract/operations/dead-letters.ts";
import type { Letter } from "../../../common/core/dead-letters/letter.ts";
import { HOUR_MS } from "../../../common/core/durations.ts";

/** The console reads the part after its `#` with `$` in place of `%`, and that encoded once more. */
const consolePart = (text: string): string => encodeURIComponent(encodeURIComponent(text)).replaceAll("%", "$");

/** Log lines from so long before a letter was found dead: its five deliveries, with the back-off between them. */
const LOOK_BACK_MS = 2 * HOUR_MS;

/** Where the log lines about a letter are. @param region null: the stage has no console */
export const logLink = (
  { letter_key, correlation_id, log_group, dead_at }: Letter,
  region: string | null,
): DeadLetterDetail["log"] => {
  // A line about the record has the id of its message; a line about the work has that of its request.
  const words = [letter_key, ...(correlation_id === null ? [] : [correlation_id])];
  const filter_pattern = words.map((word) => `?"${word.replaceAll('"', "")}"`).join(" ");
  if (log_group === null || region === null) return { log_group, filter_pattern, url: null };
  const startMs = Date.parse(dead_at) - LOOK_BACK_MS;
  const query = `?filterPattern=${encodeURIComponent(filter_pattern)}&start=${startMs}`;
  const fragment = `logsV2:log-groups/log-group/${consolePart(log_group)}/log-events${encodeURIComponent(query).replaceAll("%", "$")}`;
  const url = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#${fragment}`;
  return { log_group, filter_pattern, url };
};
