import type { Sweep } from "../common/adapters/dynamodb/content-ends/content-ends.ts";
import { isoTime } from "../common/core/clock.ts";
import { SOURCE_IDS } from "../common/core/source-ids.ts";
import type { Deps } from "./deps.ts";

/** Parts of 1 MB read a pass. */
const PARTS_PER_PASS = 3;
/** Time from one pass over the history to the next. */
const EVERY_MS = 7 * 86_400_000;

/**
 * Continues the pass over the recorded changes: removes those of every source whose licence has no history now, because the
 * owner of the stage took an acknowledgement back. Readers give none of them out before. @returns how far it came
 */
export const sweepHistory = async (deps: Deps, sweep: Sweep, untilMs: number): Promise<Sweep> => {
  const { clock, history } = deps;
  const isBetween = !sweep.history_at && !!sweep.history_swept_at;
  if (isBetween && clock.now() - Date.parse(sweep.history_swept_at ?? "") < EVERY_MS) return sweep;
  const sources = SOURCE_IDS.filter((source) => !deps.licences[source].history);
  let current = sweep;
  for (let parts = 0; parts < PARTS_PER_PASS && clock.now() < untilMs; parts += 1) {
    // A licence that has a history again meanwhile is left alone.
    const at = sources.some((one) => one === current.history_at?.source) ? current.history_at : null;
    const { source = sources[0], after = null } = at ?? {};
    const part = source === undefined ? undefined : await history.removeSource(source, after, clock.now());
    if (part?.fault !== undefined) throw part.fault;
    const following = source === undefined ? undefined : sources[sources.indexOf(source) + 1];
    const onwards = following === undefined ? null : { source: following, after: null };
    const history_at = source !== undefined && part?.next ? { source, after: part.next } : onwards;
    current = { ...current, history_at };
    if (history_at === null) current = { ...current, history_swept_at: isoTime(clock.now()) };
    await deps.ends.saveSweep(current);
    if (history_at === null) break;
  }
  return current;
};
