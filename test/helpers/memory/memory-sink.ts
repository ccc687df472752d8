import type { CatalogObject, CatalogSink } from "../../../lambdas/common/core/catalogs/ingest/catalog-sink.ts";

/** A sink that keeps closed objects in memory, by name. */
export class MemorySink implements CatalogSink {
  readonly objects = new Map<string, Buffer>();
  /** Names opened so far, closed or not. */
  readonly opened: string[] = [];
  isAborted = false;

  open(name: string): CatalogObject {
    this.opened.push(name);
    const chunks: Uint8Array[] = [];
    return {
      key: name,
      write: async (bytes) => {
        chunks.push(Uint8Array.from(bytes));
      },
      close: async () => {
        this.objects.set(name, Buffer.concat(chunks));
      },
    };
  }

  async abort(): Promise<void> {
    this.objects.clear();
    this.isAborted = true;
  }

  /** Lines of an NDJSON object; empty when there is no such object. */
  lines(name: string): string[] {
    return (this.objects.get(name)?.toString() ?? "").split("\n").filter((line) => line !== "");
  }
}
