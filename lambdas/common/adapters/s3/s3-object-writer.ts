import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { CatalogObject } from "../../core/catalogs/ingest/catalog-sink.ts";
import { TransientError } from "../../core/errors.ts";
import { sdkErrorName } from "../aws/sdk-errors.ts";
import { PartBuffer } from "./part-buffer.ts";
import { PART_CHECKSUM } from "./part-checksum.ts";
import { isMissingUnlisted, translateS3Error } from "./s3-errors.ts";

/** Smallest part that S3 takes, but for the last. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const PART_BYTES = 5 * 1024 * 1024;

/** Where an object is to be written. */
export interface S3Place {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
}

/** Writes one object: in one request when it is small, else in parts: one fills up while another one is on its way. */
export class S3ObjectWriter implements CatalogObject {
  readonly key: string;
  readonly #client: S3Client;
  readonly #place: S3Place;
  readonly #parts: CompletedPart[] = [];
  #part = new PartBuffer(PART_BYTES);
  #sentPart = new PartBuffer(PART_BYTES);
  /** The part on its way; its failure is thrown by the next call that needs the connection. */
  #sending: Promise<void> | undefined;
  #uploadId: string | undefined;
  #isStored = false;
  #bytes = 0;

  constructor(client: S3Client, place: S3Place) {
    this.#client = client;
    this.#place = place;
    this.key = place.key;
  }

  get #target() {
    return { Bucket: this.#place.bucket, Key: this.#place.key };
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#bytes += bytes.byteLength;
    for (let taken = 0; taken < bytes.byteLength; ) {
      taken += this.#part.fill(bytes.subarray(taken));
      if (this.#part.isFull) await this.#try("write", () => this.#sendPart());
    }
  }

  async close(): Promise<void> {
    await this.#try("write", async () => {
      await this.#sending;
      await (this.#uploadId === undefined ? this.#put() : this.#complete());
    });
    this.#release();
  }

  /** Takes back what was written, whether closed or not. @throws TransientError when S3 refuses */
  async discard(): Promise<void> {
    // A part that arrives after the upload was ended would stay. Its failure is why this object is taken back.
    await this.#sending?.catch(() => {});
    const uploadId = this.#uploadId;
    this.#release();
    await this.#try("remove", async () => {
      if (this.#isStored) await this.#client.send(new DeleteObjectCommand(this.#target));
      else if (uploadId !== undefined) {
        await this.#client.send(new AbortMultipartUploadCommand({ ...this.#target, UploadId: uploadId }));
      }
    });
  }

  #release(): void {
    this.#part.release();
    this.#sentPart.release();
  }

  /** Sends the part that is full once the one before it has arrived, and continues with the other buffer. */
  async #sendPart(): Promise<void> {
    await this.#sending;
    [this.#part, this.#sentPart] = [this.#sentPart, this.#part];
    this.#part.clear();
    this.#sending = this.#uploadPart(this.#sentPart.bytes);
    this.#sending.catch(() => {});
  }

  async #put(): Promise<void> {
    const Body = this.#part.bytes;
    // Set before the request: one that fails without an answer may have stored the object all the same.
    this.#isStored = true;
    await this.#client.send(new PutObjectCommand({ ...this.#target, Body, ContentType: this.#place.contentType }));
  }

  async #uploadPart(Body: Buffer): Promise<void> {
    const UploadId = this.#uploadId ?? (await this.#start());
    const PartNumber = this.#parts.length + 1;
    const { ETag, ChecksumCRC32 } = await this.#client.send(
      new UploadPartCommand({ ...this.#target, UploadId, PartNumber, Body, ChecksumAlgorithm: PART_CHECKSUM }),
    );
    this.#parts.push({ PartNumber, ETag, ChecksumCRC32 });
  }

  async #start(): Promise<string> {
    const { UploadId } = await this.#client.send(
      new CreateMultipartUploadCommand({
        ...this.#target,
        ContentType: this.#place.contentType,
        ChecksumAlgorithm: PART_CHECKSUM,
      }),
    );
    if (UploadId === undefined) throw new TransientError("S3 started an upload in parts without naming it");
    this.#uploadId = UploadId;
    return UploadId;
  }

  async #complete(): Promise<void> {
    if (!this.#part.isEmpty) await this.#uploadPart(this.#part.bytes);
    this.#isStored = true;
    try {
      await this.#client.send(
        new CompleteMultipartUploadCommand({
          ...this.#target,
          UploadId: this.#uploadId,
          MultipartUpload: { Parts: this.#parts },
        }),
      );
    } catch (error) {
      // The SDK repeats a request whose answer was lost, and the one before may have completed the upload.
      if (sdkErrorName(error) !== "NoSuchUpload" || !(await this.#isThere())) throw error;
    }
  }

  /** Whether the object is there as it was written: of the same length, and made of as many parts. */
  async #isThere(): Promise<boolean> {
    try {
      const { ContentLength, ETag = "" } = await this.#client.send(new HeadObjectCommand(this.#target));
      return ContentLength === this.#bytes && ETag.replaceAll('"', "").endsWith(`-${this.#parts.length}`);
    } catch (error) {
      if (isMissingUnlisted(error)) return false;
      throw error;
    }
  }

  async #try(verb: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      throw error instanceof TransientError ? error : translateS3Error(error, `${verb} ${this.key}`);
    }
  }
}
