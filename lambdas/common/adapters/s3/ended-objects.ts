import type { S3Client } from "@aws-sdk/client-s3";
import { listKeys, listObjects } from "./list-keys.ts";
import { removeObjects, settleRemovals } from "./remove-objects.ts";

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
   * @returns how many, whether it came to the end, and why some could not be removed
   * @throws TransientError when they cannot be listed
   */
  async removeRaw(
    source: string,
    beforeMs: number,
    mayContinue: () => boolean,
  ): Promise<{ readonly removed: number; readonly isDone: boolean; readonly fault?: unknown }> {
    const lastDay = new Date(beforeMs).toISOString().slice(0, 10);
    let removed = 0;
    let isFirst = true;
    for await (const page of listObjects(this.#client, { bucket: this.#bucket, prefix: `raw/${source}/` })) {
      if (!isFirst && !mayContinue()) return { removed, isDone: false };
      isFirst = false;
      const old = page.filter(({ modifiedMs }) => modifiedMs !== undefined && modifiedMs <= beforeMs);
      const gone = await settleRemovals(
        this.#client,
        this.#bucket,
        old.map(({ key }) => key),
      );
      removed += gone.removed;
      if (gone.fault !== undefined) return { removed, isDone: false, fault: gone.fault };
      const day = page.at(-1)?.key.split("/")[2] ?? "";
      if (day > lastDay) break;
    }
    return { removed, isDone: true };
  }

  /**
   * Up to 1,000 keys below a prefix.
   * @param after key to continue after; null: from the beginning
   * @returns the key to continue after; null at the end
   * @throws TransientError
   */
  async listPage(
    prefix: string,
    after: string | null,
  ): Promise<{ readonly keys: readonly string[]; readonly next: string | null }> {
    const list = { bucket: this.#bucket, prefix, ...(after === null ? {} : { after }) };
    for await (const keys of listKeys(this.#client, list)) {
      // A page may be empty although more follows.
      const last = keys.at(-1);
      if (last !== undefined) return { keys, next: last };
    }
    return { keys: [], next: null };
  }

  /** Removes objects. Safe to repeat. @throws TransientError */
  async removeAll(keys: readonly string[]): Promise<void> {
    await removeObjects(this.#client, this.#bucket, keys);
  }

  /** Removes an object. Safe to repeat. @returns whether there was one @throws TransientError */
  async remove(key: string): Promise<boolean> {
    const { keys } = await this.listPage(key, null);
    await removeObjects(this.#client, this.#bucket, [key]);
    return keys.includes(key);
  }

  /** Removes what lies beside an object under the same folder, and not the object. Safe to repeat. @throws TransientError */
  async removeBeside(key: string): Promise<void> {
    const prefix = key.slice(0, key.lastIndexOf("/") + 1);
    for await (const page of listKeys(this.#client, { bucket: this.#bucket, prefix })) {
      await removeObjects(
        this.#client,
        this.#bucket,
        page.filter((one) => one !== key),
      );
    }
  }
}
