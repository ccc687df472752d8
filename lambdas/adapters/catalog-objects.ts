import { DeleteObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { CatalogRow } from "../core/status-rows.ts";
import { uploadKey } from "../core/upload-object.ts";
import { withSdkErrors } from "./sdk-errors.ts";

/** Keys of the file that a catalog was uploaded as, if it was, and of all objects that its row names. */
const keysOf = (catalog: CatalogRow): string[] =>
  [
    uploadKey(catalog.catalog_id),
    catalog.rows_key,
    catalog.rejects_key,
    ...catalog.segments.flatMap((segment) => [segment.key, segment.index_key]),
  ].flatMap((key) => key ?? []);

/** The stored files of catalogs. */
export class CatalogObjects {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Removes the files of a deleted catalog. Safe to repeat. Its exports expire by themselves, after 30 days. */
  async remove(catalog: CatalogRow): Promise<void> {
    for (const Key of keysOf(catalog)) {
      await withSdkErrors("removing a catalog's file", () =>
        this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key })),
      );
    }
  }
}
