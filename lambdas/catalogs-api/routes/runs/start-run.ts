import type { CatalogRow } from "../../../common/core/catalogs/catalog-row.ts";
import type { RunOptions } from "../../../common/core/catalogs/run-options.ts";
import { isoTime } from "../../../common/core/clock.ts";
import { newRun, trackingId } from "../../../common/core/runs/run.ts";
import type { RunRow } from "../../../common/core/runs/run-row.ts";
import type { Deps } from "../../deps.ts";

/** Builds the run of a catalog. Its id gets a suffix when the catalog's last run began in the same second. */
export const buildRun = (
  deps: Pick<Deps, "clock" | "newId">,
  catalog: CatalogRow,
  options: RunOptions,
  correlationId: string,
): RunRow => {
  const nowMs = deps.clock.now();
  const plain = trackingId(catalog.catalog_id, nowMs);
  const taken = catalog.tracking_id?.startsWith(plain) ?? false;
  return newRun(catalog, {
    tracking_id: taken ? `${plain}_${deps.newId(4)}` : plain,
    options,
    correlation_id: correlationId,
    now: isoTime(nowMs),
  });
};
