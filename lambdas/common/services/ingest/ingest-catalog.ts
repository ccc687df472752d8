import type { RejectedRow } from "../../core/catalogs/ingest/catalog-files.ts";
import type { CatalogSink } from "../../core/catalogs/ingest/catalog-sink.ts";
import { furtherRejects, nameAsins } from "../../core/catalogs/ingest/cells/name-asins.ts";
import type { RowLayout } from "../../core/catalogs/ingest/columns/row-layout.ts";
import { emptyCatalog, tooManyRows } from "../../core/catalogs/ingest/ingest-errors.ts";
import { REPORTED_REJECTS, SHOWN_VALUE_CHARACTERS } from "../../core/catalogs/ingest/ingest-limits.ts";
import type { IngestOptions } from "../../core/catalogs/ingest/ingest-options.ts";
import type { IngestCatalog, IngestInput, IngestReport } from "../../core/catalogs/ingest/ingest-report.ts";
import type { JudgeOptions, ProductJudgement } from "../../core/catalogs/ingest/rows/accept-product.ts";
import { AsinSet } from "../../core/catalogs/ingest/rows/asin-set.ts";
import { enclosedProducts } from "../../core/catalogs/ingest/rows/enclosed-products.ts";
import { type Damage, isWholeRow, leftOver } from "../../core/catalogs/ingest/rows/left-over.ts";
import { type UnreadProduct, unreadProducts } from "../../core/catalogs/ingest/rows/other-products.ts";
import { judgeRow, readAsins } from "../../core/catalogs/ingest/rows/row-judge.ts";
import type { TableShape } from "../../core/catalogs/ingest/rows/uneven-row.ts";
import { disabledWords } from "../../core/marketplaces/shop-settings.ts";
import { CatalogWriter } from "./catalog-writer.ts";
import { contentHash } from "./content-hash.ts";
import { counted } from "./counted.ts";
import { type OpenCatalog, openCatalog } from "./readers/open-catalog.ts";
import type { RawRow, RowReader } from "./readers/row-reader.ts";

/** The start of a value as text of its own: a piece of a longer text would keep all of it in memory. */
const shown = (value: string): string => Buffer.from(value.slice(0, SHOWN_VALUE_CHARACTERS).toWellFormed()).toString();

const enclosedReason = (line: number): string =>
  `is on a line inside quotes, which make it text of the row at line ${line}: if it is a product, close the quotes on the line that opens them`;

const LEFT_OVER =
  "is not read as it stands beside the other products of its row: leave nothing but the ASIN in the cell, or put each product in a row of its own";

const MOVED =
  "is in a column of other text, and its row has not as many cells as the header: look for a delimiter or a line break too many or too few in it and in the row before, and put the product into its column";

/** Products that are in a column which is not read. */
interface UnreadColumn {
  rows: number;
  /** Of the first. */
  readonly line: number;
  readonly asin: string;
}

/** Judges rows one after the other and keeps the counts. */
class Judgement {
  readonly rows = { total: 0, valid: 0, duplicates: 0, rejected: 0, blank: 0, repaired: 0 };
  readonly rejects: RejectedRow[] = [];
  readonly products = new Map<string, AsinSet>();
  /** Products whose shop a column named that is not called marketplace, by column. */
  readonly shopHints = new Map<number, number>();
  /** Rows of which another column names another product, and the line of the first. */
  readonly besideOthers = { rows: 0, line: 0 };
  /** Columns that are not read and hold products that no other column names, by column. */
  readonly unread = new Map<number, UnreadColumn>();
  readonly #writer: CatalogWriter;
  readonly #disabledShops: ReadonlySet<string>;
  /** Whether the record before has as many cells as columns; both halves of a row have not that a line break tore. */
  #isBehindWhole = true;

  constructor(writer: CatalogWriter, { disabledShops = new Set() }: IngestOptions) {
    this.#writer = writer;
    this.#disabledShops = disabledShops;
  }

  take(row: RawRow, reader: RowReader, options: JudgeOptions): void {
    if (row.broken !== undefined) {
      const text = row.cells.join(" ");
      const value = row.cells[0] ?? "";
      this.#product(row, row.cells, { kind: "invalid", value, reason: nameAsins(row.broken, value, text) });
      return;
    }
    const damage = this.#damageOf(row, reader.shape);
    const judged = judgeRow(row.cells, reader.layout, options, reader.shape);
    if (judged.isBesideOther && this.besideOthers.rows++ === 0) this.besideOthers.line = row.line;
    if (judged.kind === "blank") {
      this.rows.blank++;
      return;
    }
    const products = judged.kind === "several" ? judged.rows : [{ cells: row.cells, judged }];
    for (const one of products) this.#product(row, one.cells, one.judged);
    if (judged.kind !== "invalid" && reader.shape?.hasHeader !== false) {
      this.#noteUnread(row, unreadProducts(row.cells, reader.layout.products, readAsins(judged)));
    }
    const made = products.map((one) => one.judged);
    if (made.every(({ kind }) => kind === "invalid")) this.#isBehindWhole = false;
    if (row.lines && reader.shape) made.push(...this.#enclosed(row, row.lines, reader.layout, reader.shape, made));
    for (const { value, asins, isMoved } of leftOver(row.cells, reader.layout, reader.shape, made, damage)) {
      const reason = nameAsins(isMoved ? MOVED : LEFT_OVER, value, asins.join(" "));
      this.#product(row, row.cells, { kind: "invalid", value, reason });
    }
  }

  #damageOf(row: RawRow, shape: TableShape | undefined): Damage {
    const isBehindWhole = this.#isBehindWhole;
    this.#isBehindWhole = isWholeRow(row.cells, shape);
    if (row.isRepaired) return "cells";
    return isBehindWhole ? "none" : "row";
  }

  /** Rejects the products of lines that quotes made text of another row. @returns what was made of them */
  #enclosed(
    row: RawRow,
    lines: readonly (readonly string[])[],
    layout: RowLayout,
    shape: TableShape,
    made: readonly ProductJudgement[],
  ): ProductJudgement[] {
    return enclosedProducts(lines, layout, shape, made).map(({ below, value }) => {
      const reason = nameAsins(enclosedReason(row.line), value, value);
      const judged: ProductJudgement = { kind: "invalid", value, reason };
      this.#product({ line: row.line + below }, lines[below] ?? [], judged);
      return judged;
    });
  }

  #noteUnread({ line }: Pick<RawRow, "line">, products: readonly UnreadProduct[]): void {
    for (const { column, asin } of products) {
      const known = this.unread.get(column);
      if (known) known.rows++;
      else this.unread.set(column, { rows: 1, line, asin });
    }
  }

  #product({ line }: Pick<RawRow, "line">, cells: readonly string[], read: ProductJudgement): void {
    this.rows.total++;
    const isRefused = read.kind === "accepted" && this.#disabledShops.has(read.marketplace);
    const judged: ProductJudgement = isRefused
      ? { kind: "invalid", value: read.asin, reason: disabledWords(read.marketplace) }
      : read;
    if (judged.kind === "invalid") {
      this.rows.rejected++;
      const rejected = { line, value: shown(judged.value), reason: judged.reason };
      if (this.rejects.length < REPORTED_REJECTS) this.rejects.push(rejected);
      this.#writer.reject(rejected, cells);
      for (const further of furtherRejects(judged, cells)) this.#further({ line, ...further });
      return;
    }
    const { asin, marketplace, sku, repaired, shopHint } = judged;
    const isDuplicate = !this.#setOf(marketplace).add(asin);
    if (isDuplicate) this.rows.duplicates++;
    else this.rows.valid++;
    if (repaired) this.rows.repaired++;
    if (shopHint !== undefined) this.shopHints.set(shopHint, (this.shopHints.get(shopHint) ?? 0) + 1);
    this.#writer.accept({ line, cells, marketplace, asin, sku, repaired, isDuplicate });
  }

  /** The rest of a rejected row's ASINs, as a row of its own. */
  #further(rejected: RejectedRow): void {
    this.rows.total++;
    this.rows.rejected++;
    if (this.rejects.length < REPORTED_REJECTS) this.rejects.push(rejected);
    this.#writer.reject(rejected, [rejected.value]);
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
  const judgement = new Judgement(writer, options);
  for await (const batch of catalog.reader.rows()) {
    const marketplace = catalog.reader.marketplace ?? input.marketplace;
    const judge = { marketplace, repairLeadingZeros: options.repairLeadingZeros ?? false };
    for (const row of batch) judgement.take(row, catalog.reader, judge);
    if (judgement.rows.total > input.limits.rows) throw tooManyRows(input.limits);
    await writer.flush();
  }
  if (judgement.rows.total === 0) throw emptyCatalog("The file has no rows.");
  return judgement;
};

/** Columns of shops that notes name, so that a catalog's row stays small. */
const MAX_NOTED_COLUMNS = 5;

/** Characters of a column's name in a note. */
const SHOWN_NAME_CHARACTERS = 40;
const shownName = (name = ""): string => name.slice(0, SHOWN_NAME_CHARACTERS).toWellFormed();

/** What the user should know about how the file was taken. */
const notesOf = ({ reader, note }: OpenCatalog, { shopHints, besideOthers, unread }: Judgement): string[] => {
  const { rows, line } = besideOthers;
  return [
    ...(note === undefined ? [] : [note]),
    ...(reader.notes ?? []),
    ...[...shopHints]
      .slice(0, MAX_NOTED_COLUMNS)
      .map(
        ([column, products]) =>
          `The column "${reader.columns[column] ?? ""}" named the shop of ${counted(products, "product", "products")}.`,
      ),
    ...(rows === 0
      ? []
      : [
          `In ${counted(rows, "row", "rows")} another column, or the query of an address, names another product, which is not read: the first such column counts, first at line ${line}.`,
        ]),
    ...[...unread]
      .slice(0, MAX_NOTED_COLUMNS)
      .map(
        ([column, one]) =>
          `The column "${shownName(reader.columns[column])}" names other products in ${counted(one.rows, "row", "rows")}, which are not read: ${one.asin} at line ${one.line} is the first. To read them, name the column by asin_column, or upload them as rows of their own.`,
      ),
    ...(unread.size > MAX_NOTED_COLUMNS
      ? [
          `${counted(unread.size - MAX_NOTED_COLUMNS, "more column names", "more columns name")} other products that are not read.`,
        ]
      : []),
  ];
};

const run = async (input: IngestInput, sink: CatalogSink, options: IngestOptions): Promise<IngestReport> => {
  const catalog = await openCatalog(input, options);
  try {
    const writer = new CatalogWriter(sink);
    const judgement = await judgeAll(catalog, writer, input, options);
    const { rows, rejects, products } = judgement;
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
      notes: notesOf(catalog, judgement),
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
