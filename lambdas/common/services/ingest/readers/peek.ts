/** The start of a stream, and the stream as if nothing had been taken from it. */
export interface Peeked {
  /** First bytes: as many as asked for, or all when there are fewer. */
  readonly head: Buffer;
  readonly all: AsyncIterable<Buffer>;
}

async function* resume(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (first.length > 0) yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Looks at the first `size` bytes, however the stream is cut into chunks. */
export const peek = async (stream: AsyncIterable<Buffer>, size: number): Promise<Peeked> => {
  const rest = stream[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  let held = 0;
  while (held < size) {
    const next = await rest.next();
    if (next.done) break;
    chunks.push(next.value);
    held += next.value.length;
  }
  const first = Buffer.concat(chunks);
  return { head: first.subarray(0, size), all: resume(first, rest) };
};
