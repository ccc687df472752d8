import { type CatalogFileRow, CatalogFileRowSchema } from "../common/core/catalogs/ingest/catalog-files.ts";

/** Bytes asked for at once. */
const CHUNK_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;

/** How much is taken at once. Ingest takes records of up to a megabyte, so that a number of rows alone bounds nothing. */
export interface PageLimits {
  readonly rows: number;
  /** Bytes of the rows with what is added to them; the row that reaches it is the last one. */
  readonly bytes: number;
  /** Bytes that each row is written with beyond its own. */
  readonly addedBytes: number;
}

/** Reads `rows.ndjson` in order, by ranges, from any row on; holds one chunk and the row that it cuts. */
export class RowFile {
  readonly #readRange: (from: number, bytes: number) => Promise<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);
  /** Where in the file the buffer starts. */
  #start: number;
  #at = 0;

  /** @param offset byte at which a row starts */
  constructor(readRange: (from: number, bytes: number) => Promise<Buffer>, offset: number) {
    this.#readRange = readRange;
    this.#start = offset;
  }

  /** Byte at which the next row starts. */
  get offset(): number {
    return this.#start + this.#at;
  }

  /** The next rows, as many as a page takes, one at least; none at the end. */
  async next(page: PageLimits): Promise<CatalogFileRow[]> {
    const rows: CatalogFileRow[] = [];
    let bytes = 0;
    while (rows.length < page.rows && bytes < page.bytes) {
      const end = this.#buffer.indexOf(LINE_FEED, this.#at);
      if (end >= 0) {
        rows.push(CatalogFileRowSchema.parse(JSON.parse(this.#buffer.toString("utf8", this.#at, end))));
        bytes += end + 1 - this.#at + page.addedBytes;
        this.#at = end + 1;
      } else if (!(await this.#fill())) break;
    }
    return rows;
  }

  async #fill(): Promise<boolean> {
    const rest = this.#buffer.subarray(this.#at);
    const more = await this.#readRange(this.offset + rest.length, CHUNK_BYTES);
    if (more.length === 0) {
      if (rest.length > 0) throw new Error(`the catalog's rows end in the middle of one, at byte ${this.offset}`);
      return false;
    }
    this.#start = this.offset;
    this.#at = 0;
    this.#buffer = Buffer.concat([rest, more]);
    return true;
  }
}
