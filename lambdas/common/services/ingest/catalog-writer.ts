import type { CatalogSegment } from "../../core/catalogs/catalog-segment.ts";
import type { RejectedRow } from "../../core/catalogs/ingest/catalog-files.ts";
import type { CatalogSink } from "../../core/catalogs/ingest/catalog-sink.ts";
import type { ItemRequest } from "../../core/catalogs/item-request.ts";
import { productKey } from "../../core/products/product-key.ts";
import { NdjsonWriter } from "./ndjson-writer.ts";
import { SegmentWriter } from "./segment-writer.ts";

/** A row with an ASIN, as it is written. */
export interface AcceptedRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly marketplace: string;
  readonly asin: string;
  /** Empty for none. */
  readonly sku: string;
  readonly repaired: boolean;
  readonly isDuplicate: boolean;
  /** The event that asked for it. @default none: it comes from a file */
  readonly request?: ItemRequest;
}

/** What was written, once all objects are closed. */
export interface WrittenCatalog {
  readonly segments: CatalogSegment[];
  readonly rows_key: string;
  readonly rejects_key: string | null;
}

/** Writes a judged catalog: its rows as they were, its products by shop, and its rejects. */
export class CatalogWriter {
  readonly #sink: CatalogSink;
  readonly #rowsKey: string;
  readonly #rows: NdjsonWriter;
  readonly #segments = new Map<string, SegmentWriter>();
  #rejectsKey: string | null = null;
  #rejects: NdjsonWriter | undefined;

  constructor(sink: CatalogSink) {
    this.#sink = sink;
    const rows = sink.open("rows.ndjson", "application/x-ndjson");
    this.#rowsKey = rows.key;
    this.#rows = new NdjsonWriter(rows);
  }

  /** Adds a row with an ASIN; its product too, when it is the first with it. */
  accept(row: AcceptedRow): void {
    const verdict = row.isDuplicate ? "duplicate" : "valid";
    const repaired = row.repaired ? ',"repaired":true' : "";
    // Built by hand, as this runs a million times: key and verdict hold nothing that JSON would escape.
    this.#rows.add(
      `{"line":${row.line},"verdict":"${verdict}","product_key":"${productKey(row.marketplace, row.asin)}"${repaired},"cells":${JSON.stringify(row.cells)}}`,
    );
    if (!row.isDuplicate) this.#segment(row.marketplace).add(row.asin, row.sku, row.line, row.request);
  }

  /** Adds a row that was not accepted. */
  reject(rejected: RejectedRow, cells: readonly string[]): void {
    this.#rows.add(JSON.stringify({ line: rejected.line, verdict: "invalid", reason: rejected.reason, cells }));
    if (!this.#rejects) {
      const object = this.#sink.open("rejects.ndjson", "application/x-ndjson");
      this.#rejectsKey = object.key;
      this.#rejects = new NdjsonWriter(object);
    }
    this.#rejects.add(JSON.stringify(rejected));
  }

  /** Hands on what is full; to be awaited every some hundred rows, so that memory stays bounded. */
  async flush(): Promise<void> {
    await this.#rows.flush();
    await this.#rejects?.flush();
    for (const segment of this.#segments.values()) await segment.flush();
  }

  /** Closes all objects. */
  async close(): Promise<WrittenCatalog> {
    const segments: CatalogSegment[] = [];
    for (const segment of this.#segments.values()) segments.push(await segment.close());
    await this.#rejects?.close();
    await this.#rows.close();
    return { segments, rows_key: this.#rowsKey, rejects_key: this.#rejectsKey };
  }

  #segment(marketplace: string): SegmentWriter {
    const known = this.#segments.get(marketplace);
    if (known) return known;
    const segment = new SegmentWriter(this.#sink, marketplace, this.#segments.size + 1);
    this.#segments.set(marketplace, segment);
    return segment;
  }
}
