const FIRST_BYTES = 65_536;

/** Gathers the bytes of one part of an object, in a buffer that is used again for the next part. */
export class PartBuffer {
  readonly #full: number;
  #buffer = Buffer.alloc(0);
  #used = 0;

  /** @param full size of a part, bytes */
  constructor(full: number) {
    this.#full = full;
  }

  get isFull(): boolean {
    return this.#used === this.#full;
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  /** The bytes gathered; good until the next `clear`. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#used);
  }

  /** Copies as many bytes as still fit. @returns how many those are */
  fill(bytes: Uint8Array): number {
    const taken = Math.min(bytes.byteLength, this.#full - this.#used);
    const needed = this.#used + taken;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.#full, Math.max(FIRST_BYTES, needed, this.#buffer.length * 2)));
      this.#buffer.copy(larger, 0, 0, this.#used);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes.subarray(0, taken), this.#used);
    this.#used = needed;
    return taken;
  }

  /** Starts the next part. */
  clear(): void {
    this.#used = 0;
  }

  /** Gives the memory back. */
  release(): void {
    this.#buffer = Buffer.alloc(0);
    this.#used = 0;
  }
}
