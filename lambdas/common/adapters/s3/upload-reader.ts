import { Readable } from "node:stream";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { TransientError } from "../../core/errors.ts";
import { translateS3Error, translateUnlistedError } from "./s3-errors.ts";

/** An uploaded file, open for reading once. */
export interface OpenUpload {
  readonly body: AsyncIterable<Uint8Array>;
  /** Bytes in all. */
  readonly bytes: number;
  /** Lets go of the connection when the body is not read to its end. */
  readonly close: () => void;
}

/** Reads uploaded files as streams. */
export class UploadReader {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /**
   * Opens a file. Its body throws TransientError when the connection breaks or ends early.
   * @throws NotFoundError when there is none
   * @throws TransientError when S3 cannot answer
   */
  async open(key: string): Promise<OpenUpload> {
    const doing = `read ${key}`;
    const { Body, ContentLength = 0 } = await this.#client
      .send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }))
      .catch((error: unknown) => {
        throw translateUnlistedError(error, doing);
      });
    if (!(Body instanceof Readable)) throw new TransientError(`could not ${doing}: S3 answered without a body`);
    // Between opening and reading nobody listens, and a broken connection would end the process.
    Body.on("error", () => {});
    return { body: whole(Body, ContentLength, doing), bytes: ContentLength, close: () => void Body.destroy() };
  }
}

async function* whole(body: Readable, length: number, doing: string): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      yield chunk;
    }
  } catch (error) {
    throw translateS3Error(error, doing);
  }
  if (bytes < length)
    throw new TransientError(`could not ${doing}: the answer ended after ${bytes} of ${length} bytes`);
}
