import type { Sweep } from "../common/adapters/dynamodb/content-ends/content-ends.ts";
import { isoTime } from "../common/core/clock.ts";
import { workingSources } from "../common/core/licences/revocations/revocation.ts";
import { SOURCE_IDS } from "../common/core/source-ids.ts";
import type { Deps } from "./deps.ts";
import type { SweepReport } from "./sweep-report.ts";

/** Time from one pass over the raw answers to the next: each lists two days of them. */
const EVERY_MS = 3_600_000;

/**
 * Removes raw answers that are older than the licence of their source allows; those of a source that is being revoked are the
 * revocation's. @returns how far it came
 */
export const sweepRaw = async (deps: Deps, sweep: Sweep, untilMs: number, report: SweepReport): Promise<Sweep> => {
  const nowMs = deps.clock.now();
  if (sweep.raw_swept_at !== null && nowMs - Date.parse(sweep.raw_swept_at) < EVERY_MS) return sweep;
  const working = workingSources(await deps.revocations.list(), nowMs);
  for (const source of SOURCE_IDS.filter((one) => !working.has(one))) {
    const seconds = deps.licences[source].store_seconds;
    if (seconds === null) continue;
    const mayContinue = (): boolean => deps.clock.now() < untilMs;
    const { removed, isDone, fault } = await deps.objects.removeRaw(source, nowMs - seconds * 1_000, mayContinue);
    report.raw_answers += removed;
    if (removed > 0) report.raw[source] = (report.raw[source] ?? 0) + removed;
    if (fault !== undefined) throw fault;
    if (!isDone) return sweep;
  }
  const next = { ...sweep, raw_swept_at: isoTime(nowMs) };
  await deps.ends.saveSweep(next);
  return next;
};
