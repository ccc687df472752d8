import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { TransientError } from "../../core/errors.ts";
import type { CatalogObject } from "../../core/ingest/catalog-sink.ts";
import { PartBuffer } from "./part-buffer.ts";
import { translateS3Error } from "./s3-errors.ts";

/** Smallest part that S3 takes, but for the last. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const PART_BYTES = 5 * 1024 * 1024;

/** Where an object is to be written. */
export interface S3Place {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
}

/** Writes one object: in one request when it is small, else in parts, of which it holds one at a time. */
export class S3ObjectWriter implements CatalogObject {
  readonly key: string;
  readonly #client: S3Client;
  readonly #place: S3Place;
  readonly #parts: CompletedPart[] = [];
  readonly #part = new PartBuffer(PART_BYTES);
  #uploadId: string | undefined;
  #isStored = false;

  constructor(client: S3Client, place: S3Place) {
    this.#client = client;
    this.#place = place;
    this.key = place.key;
  }

  get #target() {
    return { Bucket: this.#place.bucket, Key: this.#place.key };
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let taken = 0; taken < bytes.byteLength; ) {
      taken += this.#part.fill(bytes.subarray(taken));
      if (this.#part.isFull) await this.#try("write", () => this.#uploadPart());
    }
  }

  async close(): Promise<void> {
    await this.#try("write", () => (this.#uploadId === undefined ? this.#put() : this.#complete()));
    this.#part.release();
  }

  /** Takes back what was written, whether closed or not. @throws TransientError when S3 refuses */
  async discard(): Promise<void> {
    const uploadId = this.#uploadId;
    this.#part.release();
    await this.#try("remove", async () => {
      if (this.#isStored) await this.#client.send(new DeleteObjectCommand(this.#target));
      else if (uploadId !== undefined) {
        await this.#client.send(new AbortMultipartUploadCommand({ ...this.#target, UploadId: uploadId }));
      }
    });
  }

  async #put(): Promise<void> {
    const Body = this.#part.bytes;
    // Set before the request: one that fails without an answer may have stored the object all the same.
    this.#isStored = true;
    await this.#client.send(new PutObjectCommand({ ...this.#target, Body, ContentType: this.#place.contentType }));
  }

  async #uploadPart(): Promise<void> {
    const UploadId = this.#uploadId ?? (await this.#start());
    const PartNumber = this.#parts.length + 1;
    const { ETag, ChecksumCRC32 } = await this.#client.send(
      new UploadPartCommand({ ...this.#target, UploadId, PartNumber, Body: this.#part.bytes }),
    );
    this.#parts.push({ PartNumber, ETag, ChecksumCRC32 });
    this.#part.clear();
  }

  async #start(): Promise<string> {
    const { UploadId } = await this.#client.send(
      new CreateMultipartUploadCommand({ ...this.#target, ContentType: this.#place.contentType }),
    );
    if (UploadId === undefined) throw new TransientError("S3 started an upload in parts without naming it");
    this.#uploadId = UploadId;
    return UploadId;
  }

  async #complete(): Promise<void> {
    if (!this.#part.isEmpty) await this.#uploadPart();
    this.#isStored = true;
    await this.#client.send(
      new CompleteMultipartUploadCommand({
        ...this.#target,
        UploadId: this.#uploadId,
        MultipartUpload: { Parts: this.#parts },
      }),
    );
  }

  async #try(verb: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      throw error instanceof TransientError ? error : translateS3Error(error, `${verb} ${this.key}`);
    }
  }
}
