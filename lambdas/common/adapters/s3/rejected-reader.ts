import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type RejectedRow, RejectedRowSchema } from "../../core/catalogs/ingest/catalog-files.ts";
import { sdkErrorName, translateSdkError } from "../aws/sdk-errors.ts";

/** A row is at most about 700 bytes, so a stretch holds a page of 100 and more. */
const STRETCH_BYTES = 262_144;
const LINE_FEED = 0x0a;

/** A page of rejected rows; `next` is the byte offset of the row after it, absent at the end. */
export interface RejectedPage {
  readonly rows: readonly RejectedRow[];
  readonly next?: number;
}

/** Reads `rejects.ndjson` of a catalog page by page, by byte offset, so that no page costs more than another. */
export class RejectedReader {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /**
   * At most `limit` rows from byte `offset` on; `offset` must be 0 or a `next` of the same object.
   * @throws TransientError when the object cannot be read now
   */
  async read(key: string, offset: number, limit: number): Promise<RejectedPage> {
    const { bytes, total } = await this.#stretch(key, offset);
    const rows: RejectedRow[] = [];
    let at = 0;
    while (rows.length < limit && at < bytes.length) {
      const end = bytes.indexOf(LINE_FEED, at);
      // A row cut off by the end of the stretch belongs to the next page.
      if (end < 0) break;
      rows.push(RejectedRowSchema.parse(JSON.parse(bytes.toString("utf8", at, end))));
      at = end + 1;
    }
    const next = offset + at;
    return next < total && at > 0 ? { rows, next } : { rows };
  }

  async #stretch(key: string, offset: number): Promise<{ bytes: Buffer; total: number }> {
    try {
      const answer = await this.#client.send(
        new GetObjectCommand({
          Bucket: this.#bucket,
          Key: key,
          Range: `bytes=${offset}-${offset + STRETCH_BYTES - 1}`,
        }),
      );
      const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      const total = Number(/\/(\d+)$/.exec(answer.ContentRange ?? "")?.[1] ?? offset + bytes.length);
      return { bytes, total };
    } catch (error) {
      if (sdkErrorName(error) === "InvalidRange") return { bytes: Buffer.alloc(0), total: offset };
      throw translateSdkError(error, "reading the rejected rows");
    }
  }
}
