import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { CliError, EXIT } from "../cli-error.ts";
import type { Io } from "./io.ts";

/** What is there of this name already. */
export const whatIsThere = async (path: string): Promise<"file" | "folder" | "nothing"> =>
  stat(path).then(
    (found) => (found.isDirectory() ? "folder" : "file"),
    (error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return "nothing";
      throw error;
    },
  );

/**
 * Fetches a presigned address into a file, in a stream. The file appears under its name only once it is whole.
 * @returns its size in bytes
 * @throws CliError UNAVAILABLE when it cannot be fetched whole, USAGE when it cannot be written, INTERRUPTED on Ctrl-C
 */
export const saveDownload = async (io: Io, url: string, file: string): Promise<number> => {
  const part = `${file}.part`;
  try {
    const response = await io.fetch(url, { signal: io.interrupted });
    if (!response.ok || !response.body) {
      throw new CliError(EXIT.UNAVAILABLE, `The file could not be fetched (HTTP ${response.status}). Try again.`);
    }
    // Two libraries describe the same stream in different words.
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(part));
    const { size } = await stat(part);
    await rename(part, file);
    return size;
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof CliError) throw error;
    if (io.interrupted.aborted) throw new CliError(EXIT.INTERRUPTED, "Interrupted.", { cause: error });
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (/^E(NOENT|ACCES|PERM|ISDIR|NOTDIR|ROFS|NOSPC)$/.test(code)) {
      throw new CliError(EXIT.USAGE, `${file} cannot be written (${code}). Name another file with -o.`, {
        cause: error,
      });
    }
    throw new CliError(EXIT.UNAVAILABLE, "The download broke off. Try again.", { cause: error });
  }
};
