import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { CATALOG_KEY } from "../../../core/catalogs/catalog-key.ts";
import { type CatalogRow, CatalogRowSchema } from "../../../core/catalogs/catalog-row.ts";
import { type RunRow, RunRowSchema } from "../../../core/runs/run-row.ts";
import { batchGet } from "../batch-get.ts";
import { ownCatalog } from "../enrichment-status/no-catalog.ts";

/** A catalog and the run that it points at. */
export interface CatalogWithRun {
  readonly catalog: CatalogRow;
  /** Undefined before the first run. */
  readonly run: RunRow | undefined;
}

/** Reads a catalog together with its newest run, as of now, by one call where the run is known. */
export class NewestRun {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * @param known the catalog as it was read before; a run that was started since is read by a second call
   * @throws NotFoundError when it is not the user's, or gone
   * @throws TransientError
   */
  async read(known: Pick<CatalogRow, "catalog_id" | "tracking_id">, userId: string): Promise<CatalogWithRun> {
    const first = await this.#readOnce(known, userId);
    return first.catalog.tracking_id === known.tracking_id ? first : this.#readOnce(first.catalog, userId);
  }

  async #readOnce(
    { catalog_id, tracking_id }: Pick<CatalogRow, "catalog_id" | "tracking_id">,
    userId: string,
  ): Promise<CatalogWithRun> {
    const keys = [CATALOG_KEY, ...(tracking_id === null ? [] : [tracking_id])];
    const items = await batchGet(this.#client, {
      ...{ table: this.#table, doing: "reading how far a catalog is", consistent: true },
      keys: keys.map((batch_id) => ({ catalog_id, batch_id })),
    });
    const itemOf = (key: string) => items.find(({ batch_id }) => batch_id === key);
    const [catalog, run] = [itemOf(CATALOG_KEY), tracking_id === null ? undefined : itemOf(tracking_id)];
    const own = ownCatalog(catalog ? CatalogRowSchema.parse(catalog) : undefined, catalog_id, userId);
    return { catalog: own, run: run ? RunRowSchema.parse(run) : undefined };
  }
}
