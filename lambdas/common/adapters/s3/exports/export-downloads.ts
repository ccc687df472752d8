import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { attachment } from "../../../core/exports/export-file-name.ts";
import type { ExportJob } from "../../../core/exports/export-job.ts";

/** Makes addresses under which an export can be fetched without signing in. */
export class ExportDownloads {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** An address that is good for `seconds`; a browser saves what it finds there under the export's file name. */
  async urlOf(job: Pick<ExportJob, "object_key" | "file_name">, seconds: number): Promise<string> {
    const command = new GetObjectCommand({
      Bucket: this.#bucket,
      Key: job.object_key,
      ResponseContentDisposition: attachment(job.file_name),
      // Its licence may end before a cache forgets it.
      ResponseCacheControl: "no-store",
    });
    return getSignedUrl(this.#client, command, { expiresIn: seconds });
  }
}
