/** One object being written. */
export interface CatalogObject {
  /** Where the object will be. */
  readonly key: string;
  /** Takes the next bytes; resolves when more may come. The bytes are the writer's again then, so they must be copied to be kept. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the object visible. Nothing can be read under the key before. */
  close(): Promise<void>;
}

/** Where a judged catalog is written. */
export interface CatalogSink {
  /** Starts the object of that name, such as `rows.ndjson` or `products/1.ndjson`. */
  open(name: string, contentType: string): CatalogObject;
  /** Removes everything written through this sink, closed or not, after a failure. Does not throw. */
  abort(): Promise<void>;
}
