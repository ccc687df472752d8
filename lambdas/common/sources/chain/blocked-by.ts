import { PARKED_AFTER_MS } from "../../core/batches/settle/settle-item.ts";
import { isoTime } from "../../core/clock.ts";
import type { SourceId } from "../../core/source-ids.ts";
import type { BlockedBy } from "../../core/sources/blocked-by.ts";
import { explainCode } from "../checks/explain-code.ts";
import type { Candidate, RefusalNote } from "./candidate.ts";
import type { ChainOutcome } from "./chain-result.ts";

/** A shorter wait for pace is ordinary work and is not reported. Parked products always are. */
export const WORTH_REPORTING_MS = PARKED_AFTER_MS;

const causeOf = ({ source, code, detail }: Pick<RefusalNote, "source" | "code" | "detail">): string => {
  const words = explainCode(source, code);
  return words ? `${words.reason} ${words.next_step}` : `${detail.replace(/[.\s]{1,9}$/, "")}.`;
};

/** What a person can do about a source that holds products up, one or two sentences. */
export const actionFor = (note: Pick<RefusalNote, "source" | "reason" | "code" | "detail">): string => {
  switch (note.reason) {
    case "not_configured":
      return note.detail;
    case "paused":
      return `${note.source} is paused: ${causeOf(note)} It is asked again by itself.`;
    case "daily-quota":
      return `Nothing to do: the day's allowance of ${note.source} is used up, and work continues by itself.`;
    case "circuit-open":
      return `Nothing to do: ${note.source} is in trouble and is asked again by itself.`;
    case "rate":
      return `Nothing to do: ${note.source} allows no faster pace, and work continues by itself.`;
  }
};

/**
 * The sources that waiting products wait for, one entry a source with its earliest retry time. Left out are waits that
 * end within a minute, and missing credentials where the product waits for another source.
 */
export const blockedBy = (
  results: readonly { readonly candidate: Candidate; readonly outcome: ChainOutcome }[],
  nowMs: number,
): BlockedBy[] => {
  const notes = new Map<SourceId, RefusalNote>();
  const add = (note: RefusalNote): void => {
    const other = notes.get(note.source);
    if (!other || (note.retryAtMs ?? Infinity) < (other.retryAtMs ?? Infinity)) notes.set(note.source, note);
  };
  for (const { candidate, outcome } of results) {
    if (outcome.kind !== "wait") continue;
    const { reason, source, retryAtMs, detail } = outcome;
    if (reason === "rate" && source && (retryAtMs ?? 0) > nowMs + WORTH_REPORTING_MS) {
      add({ source, reason, code: reason, retryAtMs, detail });
    }
    if (candidate.halted) continue;
    for (const note of candidate.refusals) {
      if (note.reason !== "not_configured" || reason === "not_configured") add(note);
    }
  }
  return [...notes.values()].map((note) => ({
    source: note.source,
    code: note.code,
    action: actionFor(note),
    retry_at: note.retryAtMs === null ? null : isoTime(note.retryAtMs),
  }));
};
