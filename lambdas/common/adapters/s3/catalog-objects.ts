import type { S3Client } from "@aws-sdk/client-s3";
import type { CatalogRow } from "../../core/catalogs/catalog-row.ts";
import { catalogPrefix, uploadKey } from "../../core/catalogs/upload-object.ts";
import { listKeys } from "./list-keys.ts";
import { removeObjects } from "./remove-objects.ts";

/** The stored files of catalogs. */
export class CatalogObjects {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /**
   * Removes all files of a catalog: what it was uploaded as, and whatever any attempt at it wrote, whether its row names
   * it or not. Safe to repeat. Its exports expire by themselves, after 30 days.
   * @throws TransientError
   */
  async remove({ catalog_id }: Pick<CatalogRow, "catalog_id">): Promise<void> {
    await this.removeUpload(catalog_id);
    await this.removeWritten(catalog_id);
  }

  /**
   * Whether the file that a catalog is to be made of is there. Asks the list, where a missing right is not
   * mistaken for a missing file.
   * @throws TransientError
   */
  async hasUpload(id: string): Promise<boolean> {
    const prefix = uploadKey(id);
    // Keys come in order, so that the prefix itself, when it is a key, is the first.
    for await (const [first] of listKeys(this.#client, { bucket: this.#bucket, prefix }, 1)) {
      if (first !== undefined) return first === prefix;
    }
    return false;
  }

  /** Removes the file that a catalog, or a dry run, was uploaded as. Safe to repeat. @throws TransientError */
  async removeUpload(id: string): Promise<void> {
    await removeObjects(this.#client, this.#bucket, [uploadKey(id)]);
  }

  /**
   * Removes what was written for a catalog. Safe to repeat.
   * @param keep start of the keys that stay; none do without it
   * @throws TransientError
   */
  async removeWritten(catalogId: string, keep?: string): Promise<void> {
    const list = { bucket: this.#bucket, prefix: catalogPrefix(catalogId) };
    for await (const page of listKeys(this.#client, list)) {
      const gone = page.filter((key) => keep === undefined || !key.startsWith(keep));
      await removeObjects(this.#client, this.#bucket, gone);
    }
  }
}
