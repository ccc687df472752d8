import * as z from "zod";

const DurationSchema = z.object({ ProcessingDuration: z.union([z.number(), z.array(z.number())]) });

/** What functions wrote to their logs: bytes of their own lines, and the durations (ms) of enriching invocations. */
export const readLog = (text: string): { readonly bytes: number; readonly durations: readonly number[] } => {
  const own = text.split("\n").filter((line) => line.startsWith("{"));
  const durations = own.flatMap((line) => {
    if (!line.includes('"ProcessingDuration":')) return [];
    const parsed = DurationSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data.ProcessingDuration].flat() : [];
  });
  return { bytes: own.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0), durations };
};

/** Takes over what this process writes to its standard output, and hands on nothing of it. */
export const captureLog = () => {
  let bytes = 0;
  let durations: number[] = [];
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    const found = readLog(String(chunk));
    bytes += found.bytes;
    durations.push(...found.durations);
    return true;
  };
  return {
    take: () => {
      const taken = { bytes, durations };
      bytes = 0;
      durations = [];
      return taken;
    },
  };
};
