import { DeleteObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { CatalogRow } from "../../core/catalogs/catalog-row.ts";
import { catalogPrefix, uploadKey } from "../../core/catalogs/upload-object.ts";
import { translateS3Error } from "./s3-errors.ts";

const PARALLEL_REMOVALS = 20;

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
    const Prefix = uploadKey(id);
    const { Contents = [] } = await this.#try(`find ${Prefix}`, () =>
      // Keys come in order, so that the prefix itself, when it is a key, is the first.
      this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix, MaxKeys: 1 })),
    );
    return Contents[0]?.Key === Prefix;
  }

  /** Removes the file that a catalog, or a dry run, was uploaded as. Safe to repeat. @throws TransientError */
  async removeUpload(id: string): Promise<void> {
    await this.#removeKey(uploadKey(id));
  }

  /**
   * Removes what was written for a catalog. Safe to repeat.
   * @param keep start of the keys that stay; none do without it
   * @throws TransientError
   */
  async removeWritten(catalogId: string, keep?: string): Promise<void> {
    for await (const page of this.#keys(catalogPrefix(catalogId))) {
      const gone = page.filter((key) => keep === undefined || !key.startsWith(keep));
      for (let from = 0; from < gone.length; from += PARALLEL_REMOVALS) {
        await Promise.all(gone.slice(from, from + PARALLEL_REMOVALS).map((key) => this.#removeKey(key)));
      }
    }
  }

  /** Keys below a prefix, a page at a time. Pages continue by key, so that removing what was listed moves nothing. */
  async *#keys(prefix: string): AsyncGenerator<string[]> {
    let after: string | undefined;
    do {
      const StartAfter = after;
      const { Contents = [], IsTruncated } = await this.#try(`list ${prefix}`, () =>
        this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, StartAfter })),
      );
      const keys = Contents.flatMap(({ Key }) => Key ?? []);
      yield keys;
      after = IsTruncated ? keys.at(-1) : undefined;
    } while (after !== undefined);
  }

  async #removeKey(Key: string): Promise<void> {
    await this.#try(`remove ${Key}`, () => this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key })));
  }

  async #try<Result>(doing: string, action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (error) {
      throw translateS3Error(error, doing);
    }
  }
}
