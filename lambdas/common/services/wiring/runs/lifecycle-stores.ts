import { DeletedCatalogs } from "../../../adapters/dynamodb/enrichment-status/deleted-catalogs.ts";
import { RunSwitch } from "../../../adapters/dynamodb/enrichment-status/run-switch.ts";
import type { Clients } from "../clients.ts";
import { buildRunStores, type RunStores, type RunStoresEnv } from "./run-stores.ts";

/** What changes the course of a run, up to its removal. */
export interface LifecycleStores extends RunStores {
  readonly switch: RunSwitch;
  readonly deleted: DeletedCatalogs;
}

/** Builds the stores of runs together with those that pause, cancel and delete. */
export const buildLifecycleStores = (env: RunStoresEnv, parts: Pick<Clients, "documents">): LifecycleStores => ({
  ...buildRunStores(env, parts),
  switch: new RunSwitch(parts.documents, env.STATUS_TABLE_NAME),
  deleted: new DeletedCatalogs(parts.documents, env.STATUS_TABLE_NAME),
});
