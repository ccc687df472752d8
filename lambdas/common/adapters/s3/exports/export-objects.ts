import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { TransientError } from "../../../core/errors.ts";
import type { UploadedPart } from "../../../core/exports/export-job.ts";
import { UploadGoneError } from "../../../core/exports/upload-gone-error.ts";
import { sdkErrorName } from "../../aws/sdk-errors.ts";
import { PART_CHECKSUM } from "../part-checksum.ts";
import { isMissingUnlisted, translateS3Error, translateUnlistedError } from "../s3-errors.ts";

/** Errors of S3 that say that the parts cannot become an object any more. */
const GONE = ["NoSuchUpload", "InvalidPart", "InvalidPartOrder"];

/** Objects that exports are read from and written to, in the stage's bucket. */
export class ExportObjects {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** At most `bytes` bytes of an object from `from` on; empty at its end. @throws NotFoundError without such an object */
  async readRange(key: string, from: number, bytes: number): Promise<Buffer> {
    try {
      const { Body } = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: key, Range: `bytes=${from}-${from + bytes - 1}` }),
      );
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    } catch (error) {
      if (sdkErrorName(error) === "InvalidRange") return Buffer.alloc(0);
      throw translateS3Error(error, `read ${key}`);
    }
  }

  /** The whole of a small object. @throws NotFoundError without such an object, or when it may not be read */
  async read(key: string): Promise<Buffer> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    } catch (error) {
      throw translateUnlistedError(error, `read ${key}`);
    }
  }

  /** Writes an object in one request. */
  async put(key: string, body: Uint8Array, contentType: string): Promise<void> {
    await this.#try(`write ${key}`, () =>
      this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body, ContentType: contentType })),
    );
  }

  /** Removes an object; without effect when there is none. */
  async remove(key: string): Promise<void> {
    await this.#try(`remove ${key}`, () =>
      this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key })),
    );
  }

  /** Begins an object in parts. One that is never completed is ended by the bucket's lifecycle after a day. */
  async startUpload(key: string, contentType: string): Promise<string> {
    const { UploadId } = await this.#try(`write ${key}`, () =>
      this.#client.send(
        new CreateMultipartUploadCommand({
          Bucket: this.#bucket,
          Key: key,
          ContentType: contentType,
          ChecksumAlgorithm: PART_CHECKSUM,
        }),
      ),
    );
    if (UploadId === undefined) throw new TransientError("S3 started an upload in parts without naming it");
    return UploadId;
  }

  /**
   * Writes a part, again if it was there already. Every part but the last must have 5 MiB or more.
   * @throws UploadGoneError
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
   */
  async uploadPart(key: string, uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart> {
    const answer = await this.#try(`write ${key}`, () =>
      this.#client.send(
        new UploadPartCommand({
          ...{ Bucket: this.#bucket, Key: key, UploadId: uploadId, PartNumber: number, Body: body },
          ChecksumAlgorithm: PART_CHECKSUM,
        }),
      ),
    );
    if (answer.ETag === undefined) throw new TransientError("S3 took a part without giving its ETag");
    return { number, etag: answer.ETag, checksum: answer.ChecksumCRC32 ?? null };
  }

  /** Makes the object of its parts. Safe to repeat after it succeeded. @throws UploadGoneError */
  async completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    try {
      await this.#try(`write ${key}`, () =>
        this.#client.send(
          new CompleteMultipartUploadCommand({
            Bucket: this.#bucket,
            Key: key,
            UploadId: uploadId,
            MultipartUpload: {
              Parts: parts.map(({ number, etag, checksum }) => ({
                PartNumber: number,
                ETag: etag,
                ...(checksum === null ? {} : { ChecksumCRC32: checksum }),
              })),
            },
          }),
        ),
      );
    } catch (error) {
      // An earlier attempt may have completed it and died before it could say so.
      if (!(error instanceof UploadGoneError) || !(await this.#exists(key))) throw error;
    }
  }

  async #exists(key: string): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return true;
    } catch (error) {
      if (isMissingUnlisted(error)) return false;
      throw translateS3Error(error, `check ${key}`);
    }
  }

  async #try<Result>(doing: string, action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (error) {
      if (GONE.includes(sdkErrorName(error))) {
        throw new UploadGoneError(`could not ${doing}: its parts are gone`, { cause: error });
      }
      throw translateS3Error(error, doing);
    }
  }
}
