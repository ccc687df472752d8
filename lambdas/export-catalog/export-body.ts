import { NotFoundError } from "../common/core/errors.ts";
import type { ExportCheckpoint } from "../common/core/exports/export-job.ts";
import { ExportTooLargeError } from "../common/core/exports/export-too-large-error.ts";
import { bytesOfPart, MAX_PARTS } from "../common/core/exports/part-sizes.ts";
import { UploadGoneError } from "../common/core/exports/upload-gone-error.ts";
import type { Objects } from "./deps.ts";

/** What of a checkpoint says where the written bytes are. */
type Written = Pick<ExportCheckpoint, "upload_id" | "parts" | "tail">;

/** Where the export's object goes. */
export interface ExportPlace {
  readonly key: string;
  readonly contentType: string;
  /** Bytes gathered for each of the first parts; see `bytesOfPart`. */
  readonly partBytes: number;
}

const readTail = async (objects: Objects, key: string): Promise<Buffer> => {
  try {
    return await objects.read(key);
  } catch (error) {
    // Else it would pass for the catalog's own rows, and the export for one of a deleted catalog.
    if (error instanceof NotFoundError) throw new UploadGoneError(`the parked piece ${key} is gone`, { cause: error });
    throw error;
  }
};

/**
 * The object of an export while it is written: full parts are in S3, the rest is in memory. Whenever `written` is
 * recorded after `cut` or `park`, another worker can continue without losing or repeating a byte.
 */
export class ExportBody {
  readonly #objects: Objects;
  readonly #place: ExportPlace;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #written: Written;

  /** @param tail bytes that are gathered already, those that `written` says are parked; see `resumeExportBody` */
  constructor(objects: Objects, place: ExportPlace, written: Written, tail: Buffer | null) {
    this.#objects = objects;
    this.#place = place;
    this.#written = written;
    if (tail !== null) this.#push(tail);
  }

  /** Where the bytes are as of the last `cut` or `park`. */
  get written(): Written {
    return this.#written;
  }

  /** Whether enough is gathered for a part. */
  get isFull(): boolean {
    return this.#bytes >= bytesOfPart(this.#nextPart, this.#place.partBytes);
  }

  add(text: string): void {
    this.#push(Buffer.from(text));
  }

  #push(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
  }

  get #nextPart(): number {
    return (this.#written.parts.at(-1)?.number ?? 0) + 1;
  }

  /** Uploads all that is gathered as a part. @throws ExportTooLargeError when there are too many already */
  async cut(): Promise<void> {
    const { key, contentType } = this.#place;
    const number = this.#nextPart;
    if (number > MAX_PARTS) throw new ExportTooLargeError();
    const upload_id = this.#written.upload_id ?? (await this.#objects.startUpload(key, contentType));
    const part = await this.#objects.uploadPart(key, upload_id, number, Buffer.concat(this.#chunks));
    this.#written = { upload_id, parts: [...this.#written.parts, part], tail: null };
    this.#chunks = [];
    this.#bytes = 0;
  }

  /** Puts what is too little for a part aside, as an object of its own that no other worker writes. */
  async park(name: string): Promise<void> {
    if (this.#bytes === 0) {
      this.#written = { ...this.#written, tail: null };
      return;
    }
    const tail = `${this.#place.key}.${name}`;
    await this.#objects.put(tail, Buffer.concat(this.#chunks), "application/octet-stream");
    this.#written = { ...this.#written, tail };
  }

  /** Whether the object fits into one request, as no part was ever cut. */
  get isSmall(): boolean {
    return this.#written.upload_id === null;
  }

  /** Uploads the last part, if anything is left for it. */
  async cutLast(): Promise<void> {
    if (this.#bytes > 0) await this.cut();
    else this.#written = { ...this.#written, tail: null };
  }

  /** Makes a small object visible. */
  async putWhole(): Promise<void> {
    await this.#objects.put(this.#place.key, Buffer.concat(this.#chunks), this.#place.contentType);
  }
}

/** Continues where `written` says; an empty one begins the object. @throws UploadGoneError */
export const resumeExportBody = async (
  objects: Objects,
  place: ExportPlace,
  { upload_id, parts, tail }: Written,
): Promise<ExportBody> =>
  new ExportBody(objects, place, { upload_id, parts, tail }, tail === null ? null : await readTail(objects, tail));
