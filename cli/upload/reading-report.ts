import { type Catalog, CatalogSchema } from "../../lambdas/common/core/contract/catalogs/catalog.ts";
import type { Rejected } from "../../lambdas/common/core/contract/catalogs/rejected.ts";
import type { ApiClient } from "../api/api-client.ts";
import type { Io } from "../output/io.ts";
import { rowsLine } from "./print-report.ts";
import { printRejected, readRejected } from "./rejected-rows.ts";

/** What the reading of a large file came to. */
export interface ReadingReport {
  readonly catalog_id: string;
  readonly total_products: number;
  readonly duplicates: number;
  /** How many rows were not accepted, and the first 100 of them. */
  readonly rejected: Rejected;
}

/** As many rejected rows as the report of an upload in one request has. */
const REPORTED = "100";

/** Reads one catalog's own row. */
export const readCatalogRow = (api: ApiClient, catalogId: string): Promise<Catalog> =>
  api.call({ path: `/catalogs/${encodeURIComponent(catalogId)}`, answer: CatalogSchema });

/** Asks what a file that has been read came to. */
export const readReading = async (api: ApiClient, catalogId: string): Promise<ReadingReport> => {
  const { total_products, duplicates, rejected } = await readCatalogRow(api, catalogId);
  const rows = rejected === 0 ? [] : (await readRejected(api, catalogId, { limit: REPORTED })).items;
  return { catalog_id: catalogId, total_products, duplicates, rejected: { count: rejected, rows } };
};

/** Writes what a large file held and its first bad rows. */
export const printReading = (io: Io, report: ReadingReport): void => {
  io.out(rowsLine(report));
  printRejected(io, report.rejected, report.catalog_id);
};
