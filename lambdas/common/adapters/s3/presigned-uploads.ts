import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { UPLOAD_ADDRESS_SECONDS } from "../../core/catalogs/upload-object.ts";

/** A file that is to come. */
export interface ExpectedUpload {
  readonly key: string;
  readonly contentType: string;
  /** Bytes; signed, so that nothing longer or shorter is taken. */
  readonly contentLength: number;
}

/** Where and how a file is to be put. */
export interface UploadAddress {
  readonly url: string;
  /** The PUT must carry exactly these. A browser sets the length by itself and leaves ours out. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The client that signs addresses. Unlike the one that sends, it leaves the bucket in the host name, as AWS wants it of
 * browsers (an emulator's numeric host gives a path all the same), and signs no checksum of a body that it has not. It
 * makes no request, so it needs no time limit.
 */
export const createSigningClient = (): S3Client => new S3Client({ requestChecksumCalculation: "WHEN_REQUIRED" });

/** Makes addresses to put files under. Signing asks nobody, so it cannot fail for want of a network. */
export class PresignedUploads {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** An address that may be used within the hour, for this length and type only. */
  async sign(upload: ExpectedUpload): Promise<UploadAddress> {
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: upload.key,
      ContentType: upload.contentType,
      ContentLength: upload.contentLength,
    });
    const url = await getSignedUrl(this.#client, command, {
      expiresIn: UPLOAD_ADDRESS_SECONDS,
      // The signer leaves the type out unless it is named here.
      signableHeaders: new Set(["host", "content-type", "content-length"]),
    });
    return {
      url,
      headers: { "content-type": upload.contentType, "content-length": String(upload.contentLength) },
    };
  }
}
