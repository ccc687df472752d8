import { SegmentRowSchema } from "../../core/catalogs/ingest/catalog-files.ts";
import type { CatalogObject, CatalogSink } from "../../core/catalogs/ingest/catalog-sink.ts";

/**
 * A sink that stores nothing and keeps an even sample of the products: at most `most` lines over all segments, however
 * many products there are.
 */
export class SamplingSink implements CatalogSink {
  readonly #most: number;
  #every = 1;
  #seen = 0;
  #kept: { readonly name: string; readonly asin: string; readonly index: number }[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  open(name: string): CatalogObject {
    let rest = "";
    const isSegment = name.startsWith("products/") && name.endsWith(".ndjson");
    return {
      key: name,
      write: async (bytes) => {
        if (!isSegment) return;
        const text = rest + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
        const end = text.lastIndexOf("\n") + 1;
        rest = text.slice(end);
        for (let at = 0; at < end; ) {
          const next = text.indexOf("\n", at) + 1;
          if (this.#seen % this.#every === 0) this.#keep(name, text.slice(at, next - 1));
          this.#seen += 1;
          at = next;
        }
      },
      close: async () => {},
    };
  }

  async abort(): Promise<void> {}

  /** ASINs of the sampled products by the name of their segment. */
  sampled(): Map<string, string[]> {
    const byName = new Map<string, string[]>();
    for (const { name, asin } of this.#kept) {
      const asins = byName.get(name) ?? [];
      byName.set(name, asins);
      asins.push(asin);
    }
    return byName;
  }

  #keep(name: string, line: string): void {
    // Parsed at once: a piece of text would hold on to the whole stretch that it was cut from. The text was taken as
    // bytes, so that a character cut in two by the end of a stretch is whole again.
    const { asin } = SegmentRowSchema.parse(JSON.parse(Buffer.from(line, "latin1").toString()));
    this.#kept.push({ name, asin, index: this.#seen });
    if (this.#kept.length <= this.#most) return;
    this.#every *= 2;
    this.#kept = this.#kept.filter(({ index }) => index % this.#every === 0);
  }
}
