import { DeleteObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { listKeys } from "./list-keys.ts";
import { PARALLEL_REMOVALS } from "./parallel-removals.ts";
import { translateS3Error } from "./s3-errors.ts";

/** Removes objects whose content may not be kept any more. */
export class EndedObjects {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /**
   * Removes raw answers of a source that were written before a time. Their keys begin with the day, so that the list ends
   * with the first day that is younger.
   * @param beforeMs epoch milliseconds
   * @param mayContinue false ends the pass
   * @returns how many, and whether it came to the end
   * @throws TransientError
   */
  async removeRaw(
    source: string,
    beforeMs: number,
    mayContinue: () => boolean,
  ): Promise<{ readonly removed: number; readonly isDone: boolean }> {
    const lastDay = new Date(beforeMs).toISOString().slice(0, 10);
    let removed = 0;
    let token: string | undefined;
    do {
      const { Contents = [], NextContinuationToken } = await this.#list(`raw/${source}/`, token);
      const old = Contents.filter(
        ({ LastModified }) => LastModified !== undefined && LastModified.getTime() <= beforeMs,
      );
      removed += await this.#removeAll(old.flatMap(({ Key }) => Key ?? []));
      const day = Contents.at(-1)?.Key?.split("/")[2] ?? "";
      token = day > lastDay ? undefined : NextContinuationToken;
      if (token !== undefined && !mayContinue()) return { removed, isDone: false };
    } while (token !== undefined);
    return { removed, isDone: true };
  }

  /** Removes an object. Safe to repeat. @throws TransientError */
  async remove(key: string): Promise<void> {
    await this.#removeAll([key]);
  }

  /** Removes what lies beside an object under the same folder, and not the object. Safe to repeat. @throws TransientError */
  async removeBeside(key: string): Promise<void> {
    const prefix = key.slice(0, key.lastIndexOf("/") + 1);
    for await (const page of listKeys(this.#client, { bucket: this.#bucket, prefix })) {
      await this.#removeAll(page.filter((one) => one !== key));
    }
  }

  async #list(prefix: string, token: string | undefined) {
    try {
      return await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: prefix,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
    } catch (error) {
      throw translateS3Error(error, `list ${prefix}`);
    }
  }

  async #removeAll(keys: readonly string[]): Promise<number> {
    for (let from = 0; from < keys.length; from += PARALLEL_REMOVALS) {
      await Promise.all(keys.slice(from, from + PARALLEL_REMOVALS).map((key) => this.#remove(key)));
    }
    return keys.length;
  }

  async #remove(Key: string): Promise<void> {
    try {
      await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key }));
    } catch (error) {
      throw translateS3Error(error, `remove ${Key}`);
    }
  }
}
