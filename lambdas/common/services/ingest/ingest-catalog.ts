import { AsinSet } from "../../core/catalogs/ingest/asin-set.ts";
import type { RejectedRow } from "../../core/catalogs/ingest/catalog-files.ts";
import type { CatalogSink } from "../../core/catalogs/ingest/catalog-sink.ts";
import { emptyCatalog, tooManyRows } from "../../core/catalogs/ingest/ingest-errors.ts";
import { REPORTED_REJECTS, SHOWN_VALUE_CHARACTERS } from "../../core/catalogs/ingest/ingest-limits.ts";
import type {
  IngestCatalog,
  IngestInput,
  IngestOptions,
  IngestReport,
} from "../../core/catalogs/ingest/ingest-report.ts";
import { judgeRow } from "../../core/catalogs/ingest/row-judge.ts";
import { CatalogWriter } from "./catalog-writer.ts";
import { contentHash } from "./content-hash.ts";
import { type OpenCatalog, openCatalog } from "./readers/open-catalog.ts";
import type { RawRow } from "./readers/row-reader.ts";

const shown = (value: string): string => value.slice(0, SHOWN_VALUE_CHARACTERS).toWellFormed();

/** Judges rows one after the other and keeps the counts. */
class Judgement {
  readonly rows = { total: 0, valid: 0, duplicates: 0, rejected: 0, blank: 0, repaired: 0 };
  readonly rejects: RejectedRow[] = [];
  readonly products = new Map<string, AsinSet>();
  readonly #writer: CatalogWriter;

  constructor(writer: CatalogWriter) {
    this.#writer = writer;
  }

  take(row: RawRow, layout: Parameters<typeof judgeRow>[1], options: Parameters<typeof judgeRow>[2]): void {
    const judged =
      row.broken === undefined
        ? judgeRow(row.cells, layout, options)
        : ({ kind: "invalid", value: row.cells[0] ?? "", reason: row.broken } as const);
    if (judged.kind === "blank") {
      this.rows.blank++;
      return;
    }
    this.rows.total++;
    if (judged.kind === "invalid") {
      this.rows.rejected++;
      const rejected = { line: row.line, value: shown(judged.value), reason: judged.reason };
      if (this.rejects.length < REPORTED_REJECTS) this.rejects.push(rejected);
      this.#writer.reject(rejected, row.cells);
      return;
    }
    const isDuplicate = !this.#setOf(judged.marketplace).add(judged.asin);
    if (isDuplicate) this.rows.duplicates++;
    else this.rows.valid++;
    if (judged.repaired) this.rows.repaired++;
    const { asin, marketplace, sku, repaired } = judged;
    this.#writer.accept({ line: row.line, cells: row.cells, marketplace, asin, sku, repaired, isDuplicate });
  }

  #setOf(marketplace: string): AsinSet {
    const known = this.products.get(marketplace);
    if (known) return known;
    const set = new AsinSet();
    this.products.set(marketplace, set);
    return set;
  }
}

const judgeAll = async (catalog: OpenCatalog, writer: CatalogWriter, input: IngestInput, options: IngestOptions) => {
  const judgement = new Judgement(writer);
  for await (const batch of catalog.reader.rows()) {
    const marketplace = catalog.reader.marketplace ?? input.marketplace;
    const judge = { marketplace, repairLeadingZeros: options.repair_leading_zeros ?? false };
    for (const row of batch) judgement.take(row, catalog.reader.layout, judge);
    if (judgement.rows.total > input.limits.rows) throw tooManyRows(input.limits);
    await writer.flush();
  }
  if (judgement.rows.total === 0) throw emptyCatalog("The file has no rows.");
  return judgement;
};

const run = async (input: IngestInput, sink: CatalogSink, options: IngestOptions): Promise<IngestReport> => {
  const catalog = await openCatalog(input);
  try {
    const writer = new CatalogWriter(sink);
    const { rows, rejects, products } = await judgeAll(catalog, writer, input, options);
    const written = await writer.close();
    return {
      format: catalog.format,
      name: catalog.reader.name,
      marketplace: catalog.reader.marketplace,
      rows,
      ...written,
      columns: [...catalog.reader.columns],
      content_hash: contentHash(products),
      rejects,
      bytes: catalog.bytes(),
    };
  } finally {
    await catalog.close();
  }
};

/**
 * Reads a catalog as a stream, judges every row and writes the result through `sink`, in memory that does not grow with
 * the file except for 16 bytes a product. A catalog without one valid row is no error: `rows.valid` is then 0.
 * After an error nothing is left stored, and the call may be repeated; after success a repeat overwrites the same keys.
 * @throws ValidationError 400, 413 or 415 with a message that says what to change
 * @throws TransientError when the sink cannot write
 */
export const ingestCatalog: IngestCatalog = async (input, sink, options = {}) => {
  try {
    return await run(input, sink, options);
  } catch (error) {
    await sink.abort();
    throw error;
  }
};
