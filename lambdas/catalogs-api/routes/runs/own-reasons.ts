import type { CatalogStatus } from "../../../common/core/contract/runs/run-status.ts";
import type { RunRow } from "../../../common/core/runs/run-row.ts";
import type { Unrecorded } from "../../../common/core/runs/unrecorded.ts";
import { plainTime } from "../../../common/core/sources/plain-time.ts";

const CAUSES: Readonly<Record<Exclude<Unrecorded["reason"], "no_answer">, string>> = {
  not_recorded: "the results of finished work could not be saved",
  not_finished: "work that was begun did not come to its end",
};

/** What a run waits for that no recorded result says. A closed run waits for nothing. */
export const ownReasons = ({ unrecorded, open_shard }: RunRow): CatalogStatus["blocked_by"] => {
  if (unrecorded === undefined || open_shard === undefined) return [];
  const { reason, since, retry_at, source } = unrecorded;
  const sinceText = plainTime(Date.parse(since));
  if (reason === "no_answer") {
    const action = `Nothing to do: since ${sinceText} a call to ${source ?? "a source"} is under way without an answer. It ends by itself, and its products are asked about again.`;
    return [{ source: source ?? "enrichline", code: reason, action, retry_at }];
  }
  const action =
    `Nothing to do: since ${sinceText} ${CAUSES[reason]}, and it is repeated by itself. ` +
    "If it lasts for more than 15 minutes, an operator finds the cause by the alarm MainLine/RecordFailed in the runbook.";
  return [{ source: "enrichline", code: reason, action, retry_at }];
};
