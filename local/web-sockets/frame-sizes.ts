/** Of a frame's header (RFC 6455 section 5.2): how many bytes carry the length, by the seven bits that begin it. */
const lengthBytes = (sevenBits: number): number => (sevenBits === 127 ? 8 : sevenBits === 126 ? 2 : 0);
const MASK_BYTES = 4;

/** Reads the lengths of the frames that a client sends, wherever the network cuts them. */
export class FrameSizes {
  #header: number[] = [];
  /** Bytes of the frame at hand that are still to come. */
  #left = 0;

  /** Takes the next bytes of the connection. @returns length of the largest frame that began in them; 0: none did */
  add(bytes: Uint8Array): number {
    let largest = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, bytes.length - at);
        this.#left -= skipped;
        at += skipped;
        continue;
      }
      this.#header.push(bytes[at] ?? 0);
      at += 1;
      const length = this.#lengthOfHeader();
      if (length === undefined) continue;
      this.#header = [];
      this.#left = length;
      largest = Math.max(largest, length);
    }
    return largest;
  }

  /** Undefined while the header is not whole. */
  #lengthOfHeader(): number | undefined {
    const second = this.#header[1];
    if (second === undefined) return undefined;
    const sevenBits = second & 0x7f;
    const extended = lengthBytes(sevenBits);
    const mask = second & 0x80 ? MASK_BYTES : 0;
    if (this.#header.length < 2 + extended + mask) return undefined;
    if (extended === 0) return sevenBits;
    return this.#header.slice(2, 2 + extended).reduce((sum, byte) => sum * 256 + byte, 0);
  }
}
