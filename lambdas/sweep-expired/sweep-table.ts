import type { Sweep } from "../common/adapters/dynamodb/content-ends/content-ends.ts";
import { isoTime } from "../common/core/clock.ts";
import { goneSources } from "../common/core/licences/revocations/revocation.ts";
import type { Deps } from "./deps.ts";
import { addProducts, type SweepReport } from "./sweep-report.ts";

/** Parts of 1 MB read a pass. */
const PARTS_PER_PASS = 3;
/** Time from one pass over the table to the next: it finds what an earlier version wrote, and what no row was noted for. */
const EVERY_MS = 7 * 86_400_000;

/** Continues the pass over the whole table of products. @returns how far it came */
export const sweepTable = async (deps: Deps, sweep: Sweep, untilMs: number, report: SweepReport): Promise<Sweep> => {
  const { clock } = deps;
  const isBetween = sweep.table_after === null && sweep.table_swept_at !== null;
  if (isBetween && clock.now() - Date.parse(sweep.table_swept_at ?? "") < EVERY_MS) return sweep;
  const gone = goneSources(await deps.revocations.list(), clock.now());
  let current = sweep;
  for (let parts = 0; parts < PARTS_PER_PASS && clock.now() < untilMs; parts += 1) {
    const { keys, next } = await deps.products.readKeys(current.table_after);
    addProducts(report, await deps.products.sweep(keys, gone));
    current = {
      ...current,
      table_after: next,
      ...(next === null ? { table_swept_at: isoTime(clock.now()) } : {}),
    };
    await deps.ends.saveSweep(current);
    if (next === null) break;
  }
  return current;
};
