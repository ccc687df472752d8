/** Bytes of the lines that functions wrote to their logs themselves. */
export const logBytesOf = (text: string): number =>
  text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

/** Takes over what this process writes to its standard output, and hands on nothing of it. */
export const captureLog = () => {
  let bytes = 0;
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    bytes += logBytesOf(String(chunk));
    return true;
  };
  return {
    takeBytes: (): number => {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
  };
};
