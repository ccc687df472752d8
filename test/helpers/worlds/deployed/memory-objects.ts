import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { NoSuchKey, NotFound, S3ServiceException } from "@aws-sdk/client-s3";

interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
}

const bytesOf = async (body: unknown): Promise<Buffer> => {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === "string" || body instanceof Uint8Array) return Buffer.from(body);
  const parts: Buffer[] = [];
  for await (const part of body as AsyncIterable<Uint8Array>) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
};

const streamOf = (bytes: Buffer) =>
  Object.assign(Readable.from(bytes.length === 0 ? [] : [bytes]), {
    transformToByteArray: async () => new Uint8Array(bytes),
    transformToString: async () => bytes.toString("utf8"),
  });

const range = (bytes: Buffer, wanted: unknown): Buffer => {
  const [, from = "", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(String(wanted ?? "")) ?? [];
  return from === "" ? bytes : bytes.subarray(Number(from), to === "" ? undefined : Number(to) + 1);
};

/** A bucket in memory, as far as adapters use one. */
export class MemoryObjects {
  readonly #objects = new Map<string, StoredObject>();
  readonly #uploads = new Map<string, Map<number, Buffer>>();
  #ids = 0;

  /** What is there: names and digests. */
  dump(): unknown {
    return [...this.#objects].map(([key, { etag }]) => [key, etag]).sort();
  }

  async step(name: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
    const key = String(input.Key ?? "");
    switch (name) {
      case "PutObjectCommand":
        if (input.IfNoneMatch === "*" && this.#objects.has(key)) throw precondition();
        return { ETag: this.#store(key, await bytesOf(input.Body), input) };
      case "GetObjectCommand":
      case "HeadObjectCommand": {
        const found = this.#objects.get(key);
        if (!found) {
          const details = { message: "The specified key does not exist.", $metadata: { httpStatusCode: 404 } };
          throw name === "GetObjectCommand" ? new NoSuchKey(details) : new NotFound(details);
        }
        if (input.IfMatch !== undefined && input.IfMatch !== found.etag) throw precondition();
        const bytes = range(found.body, input.Range);
        const facts = {
          ContentLength: bytes.length,
          ETag: found.etag,
          Metadata: found.metadata,
          ContentType: found.contentType,
        };
        return name === "HeadObjectCommand" ? facts : { ...facts, Body: streamOf(bytes) };
      }
      case "DeleteObjectCommand":
        this.#objects.delete(key);
        return {};
      case "ListObjectsV2Command": {
        const after = String(input.StartAfter ?? input.ContinuationToken ?? "");
        const keys = [...this.#objects.keys()]
          .filter((one) => one.startsWith(String(input.Prefix ?? "")) && one > after)
          .sort();
        return { Contents: keys.map((Key) => ({ Key, LastModified: new Date(0) })), IsTruncated: false };
      }
      case "CreateMultipartUploadCommand":
        this.#ids += 1;
        this.#uploads.set(String(this.#ids), new Map());
        return { UploadId: String(this.#ids) };
      case "UploadPartCommand": {
        const bytes = await bytesOf(input.Body);
        this.#uploads.get(String(input.UploadId))?.set(Number(input.PartNumber), bytes);
        return { ETag: createHash("md5").update(bytes).digest("hex") };
      }
      case "CompleteMultipartUploadCommand": {
        const parts = [...(this.#uploads.get(String(input.UploadId)) ?? [])].sort(([a], [b]) => a - b);
        return { ETag: this.#store(key, Buffer.concat(parts.map(([, part]) => part)), input) };
      }
      case "AbortMultipartUploadCommand":
        return {};
      default:
        throw new Error(`the bucket in memory does not know ${name}`);
    }
  }

  #store(key: string, body: Buffer, input: Readonly<Record<string, unknown>>): string {
    const etag = `"${createHash("md5").update(body).digest("hex")}"`;
    const metadata = (input.Metadata ?? {}) as Record<string, string>;
    this.#objects.set(key, { body, etag, metadata, contentType: input.ContentType as string | undefined });
    return etag;
  }
}

const precondition = (): Error =>
  new S3ServiceException({
    ...{ name: "PreconditionFailed", $fault: "client", message: "At least one of the pre-conditions did not hold" },
    $metadata: { httpStatusCode: 412 },
  });
