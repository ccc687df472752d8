import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { withSdkErrors } from "../aws/sdk-errors.ts";

/** Keeps upstream answers as they came: one object per call, under `raw/<source>/<day>/`. */
export class RawArchive {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #newId: () => string;

  constructor(client: S3Client, bucket: string, newId: () => string) {
    this.#client = client;
    this.#bucket = bucket;
    this.#newId = newId;
  }

  /** @param at ISO time of the answer. @returns the object's key. */
  async put(source: string, operation: string, marketplace: string, body: string, at: string): Promise<string> {
    const key = `raw/${source}/${at.slice(0, 10)}/${operation}-${marketplace}-${this.#newId()}`;
    await withSdkErrors("archiving an answer", () =>
      this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body })),
    );
    return key;
  }
}
