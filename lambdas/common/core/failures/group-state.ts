import { isoTime } from "../clock.ts";
import type { FailureGroupRow, GroupEvent, KeptState } from "./failure-group-row.ts";
import { withEvents } from "./failure-group-row.ts";
import type { GroupTally } from "./group-tally.ts";

/** States of a failure group. `trying`: a trial of it is under way. */
export const GROUP_STATES = ["open", "trying", "resolved", "ignored"] as const;
export type GroupState = (typeof GROUP_STATES)[number];

type Seen = Pick<GroupTally, "count" | "last_seen">;

/** What happens to a group by itself, from its last event on; undefined: nothing. */
const byItself = (
  { state, since, ignored_until }: FailureGroupRow,
  seen: Seen | undefined,
  nowMs: number,
): { readonly state: KeptState; readonly event: GroupEvent } | undefined => {
  const event = (at: string, name: "reopen" | "resolve", note: string): GroupEvent => ({
    ...{ at, by: null, event: name, note },
  });
  if (state === "ignored") {
    const isOver = ignored_until !== null && Date.parse(ignored_until) <= nowMs;
    return isOver
      ? { state: "open", event: event(ignored_until, "reopen", "the time to ignore it is over") }
      : undefined;
  }
  if (state === "resolved") {
    // Only what failed since then: those that are left of before were there when somebody resolved it.
    if (!seen || seen.count === 0 || seen.last_seen <= since) return undefined;
    return { state: "open", event: event(seen.last_seen, "reopen", "it came back") };
  }
  if (seen && seen.count > 0) return undefined;
  return { state: "resolved", event: event(isoTime(nowMs), "resolve", "no product of it is failed any more") };
};

/**
 * A group's row with what happened to it by itself since it was written. Runs count failures and nobody watches them for
 * this, so it is found out when somebody reads or changes the group.
 * @param seen undefined: no product of it is failed
 */
export const caughtUp = (row: FailureGroupRow, seen: Seen | undefined, nowMs: number): FailureGroupRow => {
  const next = byItself(row, seen, nowMs);
  if (!next) return row;
  const { event, state } = next;
  const opened = {
    ...row,
    ...{ state, since: event.at, ignored_until: null },
    history: withEvents(row.history, event),
  };
  // What was ignored until now may have nothing left.
  return state === "open" ? caughtUp(opened, seen, nowMs) : opened;
};

/** What somebody does with a group. */
export type GroupVerb =
  | { readonly verb: "resolve" | "reopen"; readonly by: string; readonly note: string | null }
  | { readonly verb: "ignore"; readonly by: string; readonly note: string | null; readonly until: string | null };

const AFTER: Readonly<Record<GroupVerb["verb"], KeptState>> = {
  resolve: "resolved",
  ignore: "ignored",
  reopen: "open",
};

/** The group after a verb. One that changes nothing leaves it as it is, so that repeats do no harm. */
export const afterVerb = (row: FailureGroupRow, verb: GroupVerb, nowMs: number): FailureGroupRow => {
  const state = AFTER[verb.verb];
  const until = verb.verb === "ignore" ? verb.until : null;
  if (row.state === state && row.ignored_until === until) return row;
  const at = isoTime(nowMs);
  const note = until === null ? verb.note : [`until ${until}`, verb.note].filter((part) => part !== null).join(": ");
  return {
    ...row,
    ...{ state, since: at, ignored_until: until },
    history: withEvents(row.history, { at, by: verb.by, event: verb.verb, note }),
  };
};
