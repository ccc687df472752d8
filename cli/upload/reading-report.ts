import { type Catalog, CatalogSchema } from "../../lambdas/common/core/contract/catalogs/catalog.ts";
import type { Rejected } from "../../lambdas/common/core/contract/catalogs/rejected.ts";
import type { ApiClient } from "../api/api-client.ts";
import { inPath } from "../api/in-path.ts";
import type { Io } from "../output/io.ts";
import { printNotes, rowsLine } from "./print-report.ts";
import { printRejected, readRejected } from "./rejected-rows.ts";

/** What the reading of a large file came to. */
export interface ReadingReport {
  readonly catalog_id: string;
  readonly total_products: number;
  readonly duplicates: number;
  /** How many rows were not accepted, and the first 100 of them. */
  readonly rejected: Rejected;
  /** How the file was read where that is not obvious. */
  readonly notes: readonly string[];
}

/** As many rejected rows as the report of an upload in one request has. */
const REPORTED = "100";

/** Reads one catalog's own row. */
export const readCatalogRow = (api: ApiClient, catalogId: string): Promise<Catalog> =>
  api.call({ path: `/catalogs/${inPath(catalogId)}`, answer: CatalogSchema });

/** Asks what a file that has been read came to. */
export const readReading = async (api: ApiClient, catalogId: string): Promise<ReadingReport> => {
  const { total_products, duplicates, rejected, notes } = await readCatalogRow(api, catalogId);
  const rows = rejected === 0 ? [] : (await readRejected(api, catalogId, { limit: REPORTED })).items;
  return { catalog_id: catalogId, total_products, duplicates, rejected: { count: rejected, rows }, notes };
};

/** Writes what a large file held and its first bad rows. */
export const printReading = (io: Io, report: ReadingReport): void => {
  io.out(rowsLine(report));
  printNotes(io, report.notes);
  printRejected(io, report.rejected, report.catalog_id);
};
