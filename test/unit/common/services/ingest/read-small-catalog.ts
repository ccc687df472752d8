import { CatalogFileRowSchema } from "../../../../../lambdas/common/core/catalogs/ingest/catalog-files.ts";
import { UPLOAD_LIMITS } from "../../../../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import type { IngestOptions } from "../../../../../lambdas/common/core/catalogs/ingest/ingest-options.ts";
import { ingestCatalog } from "../../../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { MemorySink } from "../../../../helpers/memory/memory-sink.ts";
import { catalogInput } from "../../../../helpers/uploads/catalog-input.ts";

/** Ingests a catalog in memory: the report, the rows that are kept, and the ASINs among them in order. */
export const readSmallCatalog = async (
  content: string | Uint8Array,
  options: IngestOptions = {},
  limits = UPLOAD_LIMITS,
) => {
  const sink = new MemorySink();
  const report = await ingestCatalog(catalogInput(content, { limits }), sink, options);
  const rows = sink.lines("rows.ndjson").map((line) => CatalogFileRowSchema.parse(JSON.parse(line)));
  return { report, rows, asins: rows.flatMap(({ product_key }) => product_key?.split("#")[1] ?? []) };
};
