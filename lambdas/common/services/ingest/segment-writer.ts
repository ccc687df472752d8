import type { CatalogSegment } from "../../core/catalogs/catalog-segment.ts";
import { SEGMENT_INDEX_EVERY, type SegmentIndex } from "../../core/catalogs/ingest/catalog-files.ts";
import type { CatalogObject, CatalogSink } from "../../core/catalogs/ingest/catalog-sink.ts";
import type { ItemRequest } from "../../core/catalogs/item-request.ts";
import { NdjsonWriter } from "./ndjson-writer.ts";

/** Writes the products of one shop, and beside them where every 500th one starts. */
export class SegmentWriter {
  readonly #marketplace: string;
  readonly #sink: CatalogSink;
  readonly #name: string;
  readonly #object: CatalogObject;
  readonly #writer: NdjsonWriter;
  readonly #offsets: number[] = [];
  #products = 0;

  /** @param number place of the segment in the catalog, from 1 */
  constructor(sink: CatalogSink, marketplace: string, number: number) {
    this.#sink = sink;
    this.#marketplace = marketplace;
    this.#name = `products/${number}`;
    this.#object = sink.open(`${this.#name}.ndjson`, "application/x-ndjson");
    this.#writer = new NdjsonWriter(this.#object);
  }

  /** Adds a product that the segment does not hold yet. @param sku empty for none @param request that it is for, if any */
  add(asin: string, sku: string, line: number, request?: ItemRequest): void {
    if (this.#products % SEGMENT_INDEX_EVERY === 0) this.#offsets.push(this.#writer.size);
    this.#products++;
    if (request) {
      this.#writer.add(JSON.stringify({ asin, line, request }));
      return;
    }
    this.#writer.add(
      sku === ""
        ? `{"asin":"${asin}","line":${line}}`
        : `{"asin":"${asin}","sku":${JSON.stringify(sku)},"line":${line}}`,
    );
  }

  /** Hands on what is full. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  /** Ends the segment and writes its index. */
  async close(): Promise<CatalogSegment> {
    const bytes = await this.#writer.close();
    const index: SegmentIndex = { every: SEGMENT_INDEX_EVERY, offsets: this.#offsets, bytes, products: this.#products };
    const object = this.#sink.open(`${this.#name}.index.json`, "application/json");
    await object.write(Buffer.from(JSON.stringify(index)));
    await object.close();
    return { marketplace: this.#marketplace, key: this.#object.key, index_key: object.key, products: this.#products };
  }
}
