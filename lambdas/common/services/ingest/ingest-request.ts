import { SegmentRowSchema } from "../../core/catalogs/ingest/catalog-files.ts";
import type { CatalogObject, CatalogSink } from "../../core/catalogs/ingest/catalog-sink.ts";
import { REQUEST_LIMITS } from "../../core/catalogs/ingest/ingest-limits.ts";
import type { IngestReport } from "../../core/catalogs/ingest/ingest-report.ts";
import { type ReadingChoices, readingOptions } from "../../core/catalogs/ingest/reading-choices.ts";
import { catalogPrefix } from "../../core/catalogs/upload-object.ts";
import { productKey } from "../../core/products/product-key.ts";
import { ingestCatalog } from "./ingest-catalog.ts";
import { NullSink } from "./null-sink.ts";

/** Product keys that are kept for counting how many are still fresh. */
const SAMPLE_KEYS = 2_000;

/** A catalog in the body of a request. */
export interface RequestCatalog {
  readonly catalogId: string;
  readonly content: Uint8Array;
  readonly contentType: string | undefined;
  /** Shop of rows that name none, by code. */
  readonly marketplace: string;
  /** How the file is to be read, where the user has said so. */
  readonly reading?: ReadingChoices | undefined;
  /** False: judge only, store nothing. */
  readonly store: boolean;
}

/** How a catalog was judged. */
export interface RequestReport extends IngestReport {
  /** Product keys in order, evenly thinned out when there are very many. */
  readonly sample_keys: readonly string[];
  /** Removes what was stored, for a refusal that comes after; does not throw. */
  readonly discard: () => Promise<void>;
}

/** Passes everything on and keeps the segment files, which in a request are about 1 MB at most. */
class SegmentTap implements CatalogSink {
  readonly segments = new Map<string, Uint8Array[]>();
  readonly #sink: CatalogSink;

  constructor(sink: CatalogSink) {
    this.#sink = sink;
  }

  open(name: string, contentType: string): CatalogObject {
    const object = this.#sink.open(name, contentType);
    const parts: Uint8Array[] = [];
    this.segments.set(object.key, parts);
    return {
      key: object.key,
      write: async (bytes) => {
        // Copied, because a writer may use its buffer again.
        if (name.startsWith("products/")) parts.push(Uint8Array.from(bytes));
        await object.write(bytes);
      },
      close: () => object.close(),
    };
  }

  abort(): Promise<void> {
    return this.#sink.abort();
  }
}

const keysOf = (report: IngestReport, segments: ReadonlyMap<string, readonly Uint8Array[]>): string[] => {
  const step = Math.max(1, Math.ceil(report.rows.valid / SAMPLE_KEYS));
  return report.segments.flatMap(({ key, marketplace }) => {
    const lines = Buffer.concat([...(segments.get(key) ?? [])])
      .toString("utf8")
      .split("\n");
    const sampled = lines.filter((line, index) => line !== "" && index % step === 0);
    return sampled.map((line) => productKey(marketplace, SegmentRowSchema.parse(JSON.parse(line)).asin));
  });
};

/**
 * Judges catalogs that come in the body of a request, and stores them under `catalogs/<id>/` unless `store` is false.
 * @param openSink opens the place where objects under a key prefix are written
 * @param disabledShops shops of which nothing is taken. @default none
 */
export const createIngestRequest =
  (
    openSink: (prefix: string) => CatalogSink,
    disabledShops: () => Promise<ReadonlySet<string>> = async () => new Set(),
  ) =>
  async (catalog: RequestCatalog): Promise<RequestReport> => {
    const sink = catalog.store ? openSink(catalogPrefix(catalog.catalogId)) : new NullSink();
    const tap = new SegmentTap(sink);
    const body = (async function* () {
      yield catalog.content;
    })();
    const report = await ingestCatalog(
      { body, contentType: catalog.contentType, marketplace: catalog.marketplace, limits: REQUEST_LIMITS },
      tap,
      { ...readingOptions(catalog.reading), disabledShops: await disabledShops() },
    );
    if (report.rows.valid === 0) await tap.abort();
    return { ...report, sample_keys: keysOf(report, tap.segments), discard: () => tap.abort() };
  };
