import type { RunSwitch } from "../../adapters/dynamodb/enrichment-status/run-switch.ts";
import type { CatalogObjects } from "../../adapters/s3/catalog-objects.ts";
import { CATALOG_KEY } from "../../core/catalogs/catalog-key.ts";
import type { CatalogRow } from "../../core/catalogs/catalog-row.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import { type RemoveRowsDeps, removeRows } from "./remove-rows.ts";
import { type SettleCancelledDeps, settleCancelled } from "./settle-cancelled.ts";

/** Who cancels the run, as the run row says it. */
const BY_REMOVAL = "removal";

export interface RemoveCatalogDeps extends SettleCancelledDeps {
  readonly deleted: RemoveRowsDeps["deleted"];
  readonly failures: SettleCancelledDeps["failures"] & RemoveRowsDeps["failures"];
  readonly switch: Pick<RunSwitch, "cancel">;
  readonly objects: Pick<CatalogObjects, "remove">;
  readonly clock: Clock;
}

/**
 * Continues to remove a deleted catalog: cancels its run and waits until nothing of it is held, then removes batches, each
 * run after its failures, the files, and the catalog's own row last, because it is what the rest is found by. Products
 * stay: they are everybody's. What is being read is left until its lease has ended. Safe to repeat from any point.
 * @param untilMs nothing more is begun after this time
 * @returns whether the catalog is gone for good
 */
export const removeCatalog = async (
  deps: RemoveCatalogDeps,
  catalog: CatalogRow,
  untilMs: number,
): Promise<boolean> => {
  if (isBeingRead(catalog, deps.clock.now())) return false;
  if (catalog.tracking_id && (await isStillOpen(deps, catalog.catalog_id, catalog.tracking_id, untilMs))) return false;
  if (deps.clock.now() >= untilMs || !(await removeRows(deps, catalog.catalog_id, untilMs))) return false;
  await deps.objects.remove(catalog);
  await deps.deleted.removeRow(catalog.catalog_id, CATALOG_KEY);
  return true;
};

/** A reader of the file may still write. It sees the mark when it next reports its progress, or is dead, at the lease's end. */
const isBeingRead = ({ state, ingest }: CatalogRow, nowMs: number): boolean =>
  state === "ingesting" && ingest !== undefined && Date.parse(ingest.lease_until) > nowMs;

const isStillOpen = async (
  deps: RemoveCatalogDeps,
  catalogId: string,
  trackingId: string,
  untilMs: number,
): Promise<boolean> => {
  const run = await deps.runs.getRun(catalogId, trackingId);
  if (run?.open_shard === undefined) return false;
  const stopped = await deps.switch.cancel(run, isoTime(deps.clock.now()), BY_REMOVAL);
  const settled = await settleCancelled(deps, stopped ?? run, untilMs);
  return settled?.open_shard !== undefined;
};
