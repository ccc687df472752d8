import type { CatalogObject } from "../../core/catalogs/ingest/catalog-sink.ts";
import { MAX_BYTES_PER_UNIT } from "../../core/text/bounded-text.ts";

/** Bytes gathered before they are handed on. */
const FULL_BYTES = 65_536;
/** Characters gathered before they are encoded. */
const ENCODED_AT_ONCE = 8192;

/**
 * Gathers lines for one object. It writes into one buffer that it uses again and again: a million short-lived buffers
 * outside the heap would stay until a full collection, and cost more memory than all the rest.
 */
export class NdjsonWriter {
  readonly #object: CatalogObject;
  #buffer = Buffer.allocUnsafe(4096);
  /** Lines that are not encoded yet. */
  #text = "";
  #used = 0;
  #handedOn = 0;

  constructor(object: CatalogObject) {
    this.#object = object;
  }

  /** Bytes of all lines so far: the offset at which the next one will start. */
  get size(): number {
    this.#encode();
    return this.#handedOn + this.#used;
  }

  /** Adds a line; the line feed is added. */
  add(line: string): void {
    this.#text += line;
    this.#text += "\n";
    if (this.#text.length >= ENCODED_AT_ONCE) this.#encode();
  }

  /** Hands on what is gathered, once it is worth it. */
  async flush(): Promise<void> {
    if (this.#used + this.#text.length >= FULL_BYTES) await this.#handOn();
  }

  /** Hands on all that is left and ends the object. @returns its size in bytes */
  async close(): Promise<number> {
    await this.#handOn();
    await this.#object.close();
    return this.#handedOn;
  }

  /** Many lines in one call: by the line, calling the encoder would cost more than its work. */
  #encode(): void {
    if (this.#text === "") return;
    const needed = this.#used + this.#text.length * MAX_BYTES_PER_UNIT;
    if (needed > this.#buffer.length) this.#grow(needed);
    this.#used += this.#buffer.write(this.#text, this.#used);
    this.#text = "";
  }

  async #handOn(): Promise<void> {
    this.#encode();
    if (this.#used === 0) return;
    await this.#object.write(this.#buffer.subarray(0, this.#used));
    this.#handedOn += this.#used;
    this.#used = 0;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(2 ** Math.ceil(Math.log2(needed)));
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }
}
