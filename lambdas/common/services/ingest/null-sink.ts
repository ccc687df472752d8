import type { CatalogObject, CatalogSink } from "../../core/catalogs/ingest/catalog-sink.ts";

/** A sink that stores nothing, for dry runs. The keys in the report are then names without a place. */
export class NullSink implements CatalogSink {
  open(name: string): CatalogObject {
    return { key: name, write: async () => {}, close: async () => {} };
  }

  async abort(): Promise<void> {}
}
