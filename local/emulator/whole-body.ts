import type { IncomingMessage } from "node:http";

/** The whole body of a request to the emulator, or of its answer. */
export const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
};
