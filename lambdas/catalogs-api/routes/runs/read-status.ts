import { instanceRegion } from "../../../common/adapters/aws/instance-region.ts";
import type { CatalogRow } from "../../../common/core/catalogs/catalog-row.ts";
import type { CatalogStatus } from "../../../common/core/contract/runs/run-status.ts";
import { costOfRun } from "../../../common/core/cost/cost-of-run.ts";
import type { RunRow } from "../../../common/core/runs/run-row.ts";
import { toEstimateSource } from "../../../common/services/source-statuses.ts";
import type { Deps } from "../../deps.ts";
import { runSources } from "./run-sources.ts";
import { catalogStatus } from "./run-status.ts";

/** Reads the status of a catalog with this run, and the time that is left at the pace of its sources, and what it has cost. */
export const readStatus = async (
  deps: Pick<Deps, "readSourceStatuses" | "clock">,
  catalog: CatalogRow,
  run: RunRow | undefined,
  region = instanceRegion,
): Promise<CatalogStatus> => {
  // A closed run has no time left, so the pace is not needed.
  const statuses = run?.open_shard === undefined ? [] : await deps.readSourceStatuses();
  const wish = { provider: run?.options.provider ?? undefined, fallback: run?.options.fallback ?? true };
  const sources = runSources(wish, statuses).flatMap((status) => toEstimateSource(status) ?? []);
  const cost = run && costOfRun(run, region);
  return { ...catalogStatus(catalog, run, sources, deps.clock.now()), ...(cost ? { cost } : {}) };
};
