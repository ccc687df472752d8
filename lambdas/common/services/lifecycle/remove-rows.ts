import type { DeletedCatalogs } from "../../adapters/dynamodb/enrichment-status/deleted-catalogs.ts";
import type { FailureStore } from "../../adapters/dynamodb/failures/failure-store.ts";
import { CATALOG_KEY } from "../../core/catalogs/catalog-key.ts";
import type { Clock } from "../../core/clock.ts";

/** Failures of a run that are removed by one call. */
const FAILURES_AT_ONCE = 500;
const PARALLEL_REMOVALS = 20;

export interface RemoveRowsDeps {
  readonly deleted: Pick<DeletedCatalogs, "rowKeys" | "removeRow">;
  readonly failures: Pick<FailureStore, "removeSome">;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Removes the batches and runs of a catalog, each run after its batches and its failures; the catalog's own row stays.
 * Safe to repeat from any point.
 * @param untilMs nothing more is begun after this time
 * @returns whether all of them are gone
 */
export const removeRows = async (deps: RemoveRowsDeps, catalogId: string, untilMs: number): Promise<boolean> => {
  for await (const keys of deps.deleted.rowKeys(catalogId)) {
    const batches = keys.filter((key) => key.includes("#"));
    for (let from = 0; from < batches.length; from += PARALLEL_REMOVALS) {
      if (deps.clock.now() >= untilMs) return false;
      const slice = batches.slice(from, from + PARALLEL_REMOVALS);
      await Promise.all(slice.map((key) => deps.deleted.removeRow(catalogId, key)));
    }
    for (const key of keys.filter((key) => key !== CATALOG_KEY && !key.includes("#"))) {
      if (!(await removeFailures(deps, key, untilMs))) return false;
      await deps.deleted.removeRow(catalogId, key);
    }
  }
  return true;
};

const removeFailures = async (
  deps: Pick<RemoveRowsDeps, "failures" | "clock">,
  trackingId: string,
  untilMs: number,
): Promise<boolean> => {
  while (deps.clock.now() < untilMs) {
    if ((await deps.failures.removeSome(trackingId, FAILURES_AT_ONCE)) === 0) return true;
  }
  return false;
};
