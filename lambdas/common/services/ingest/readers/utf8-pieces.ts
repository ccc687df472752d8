/** Cuts UTF-8 into pieces of about `size` bytes, never inside a character. */
export function* utf8Pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + size, bytes.length);
    // A byte that continues a character belongs to the piece with its first byte.
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end++;
    yield bytes.subarray(start, end);
    start = end;
  }
}
