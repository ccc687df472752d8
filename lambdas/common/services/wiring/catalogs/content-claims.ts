import { ContentClaims } from "../../../adapters/dynamodb/enrichment-status/content-claims.ts";
import type { Clients } from "../clients.ts";
import { buildCatalogStores, type CatalogStoresEnv } from "./catalog-stores.ts";

/** Environment that claims on content take. */
export interface ContentClaimsEnv extends CatalogStoresEnv {
  readonly OPERATIONS_TABLE_NAME: string;
}

/** Builds what knows which catalogs of a user have open runs over the same products. */
export const buildContentClaims = (env: ContentClaimsEnv, clients: Pick<Clients, "documents">): ContentClaims =>
  new ContentClaims(clients.documents, env.OPERATIONS_TABLE_NAME, buildCatalogStores(env, clients));
