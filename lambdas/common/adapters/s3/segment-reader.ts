import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { CatalogSegment } from "../../core/catalogs/catalog-segment.ts";
import {
  type SegmentIndex,
  SegmentIndexSchema,
  type SegmentRow,
  SegmentRowSchema,
} from "../../core/catalogs/ingest/catalog-files.ts";
import { TransientError } from "../../core/errors.ts";
import { translateS3Error } from "./s3-errors.ts";

/** Indexes kept; the one of a million products is about 20 KB. */
const KEPT_INDEXES = 100;

/** Reads stretches of a catalog's products. Indexes are kept for the life of the instance. */
export class SegmentReader {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #indexes = new Map<string, Promise<SegmentIndex>>();

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /**
   * Products `fromRow` to `fromRow + count - 1` (from 0) of a segment, fewer at its end, none past it. One request for the
   * stretch; one more for the index the first time.
   * @throws NotFoundError when the catalog was deleted
   * @throws TransientError when S3 cannot answer
   */
  async read(
    segment: Pick<CatalogSegment, "key" | "index_key">,
    fromRow: number,
    count: number,
  ): Promise<SegmentRow[]> {
    const { every, offsets, bytes, products } = await this.#index(segment.index_key);
    const end = Math.min(fromRow + count, products);
    if (fromRow >= end) return [];
    const first = Math.floor(fromRow / every);
    const from = offsets[first] ?? 0;
    const to = offsets[Math.ceil(end / every)] ?? bytes;
    const text = await this.#get(segment.key, `bytes=${from}-${to - 1}`);
    const skip = fromRow - first * every;
    const lines = text.split("\n").slice(skip, skip + end - fromRow);
    const rows = lines.filter((line) => line !== "").map((line) => SegmentRowSchema.parse(JSON.parse(line)));
    if (rows.length !== end - fromRow) {
      throw new TransientError(
        `${segment.key} holds ${rows.length} of the ${end - fromRow} products that its index promises`,
      );
    }
    return rows;
  }

  #index(key: string): Promise<SegmentIndex> {
    const known = this.#indexes.get(key);
    if (known) return known;
    const index = this.#get(key).then((text) => SegmentIndexSchema.parse(JSON.parse(text)));
    // A failure is not remembered; every caller that awaits the promise sees it.
    index.catch(() => this.#indexes.delete(key));
    this.#indexes.set(key, index);
    const oldest = this.#indexes.size > KEPT_INDEXES ? this.#indexes.keys().next().value : undefined;
    if (oldest !== undefined) this.#indexes.delete(oldest);
    return index;
  }

  async #get(key: string, range?: string): Promise<string> {
    try {
      const answer = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: key, ...(range === undefined ? {} : { Range: range }) }),
      );
      return (await answer.Body?.transformToString()) ?? "";
    } catch (error) {
      throw translateS3Error(error, `read ${key}`);
    }
  }
}
