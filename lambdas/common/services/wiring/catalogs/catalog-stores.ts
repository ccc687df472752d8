import { CatalogStore } from "../../../adapters/dynamodb/enrichment-status/catalog-store.ts";
import { RunStore } from "../../../adapters/dynamodb/enrichment-status/run-store.ts";
import type { Clients } from "../clients.ts";

/** Environment that the stores of catalogs take. */
export interface CatalogStoresEnv {
  readonly STATUS_TABLE_NAME: string;
}

/** Catalogs, and the runs that they point at. */
export interface CatalogStores {
  readonly catalogs: CatalogStore;
  readonly runs: RunStore;
}

/** Builds the stores through which catalogs and their runs are written and read. */
export const buildCatalogStores = (env: CatalogStoresEnv, { documents }: Pick<Clients, "documents">): CatalogStores => {
  const runs = new RunStore(documents, env.STATUS_TABLE_NAME);
  return { catalogs: new CatalogStore(documents, env.STATUS_TABLE_NAME, runs), runs };
};
