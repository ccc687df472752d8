import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { CliError, EXIT } from "../cli-error.ts";
import { formatBytes } from "../output/format-bytes.ts";
import type { Io } from "../output/io.ts";
import { progressBar, REDRAW } from "../output/progress-line.ts";

const REDRAW_MS = 100;
/** Waits before a transfer that broke is begun again. */
const RETRY_MS = [1_000, 5_000];

/** Asked for by fetch of every body that is a stream; the browser's types do not know it. */
const STREAMING = { duplex: "half" } as const;

/** A file on its way. */
export interface OutgoingFile {
  readonly path: string;
  readonly bytes: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Shows how much of a file is sent: one line redrawn on a terminal, a line for every tenth when piped. */
const createShow = (io: Io, bytes: number) => {
  let shownAt = 0;
  let tenth = -1;
  return (sent: number): void => {
    const isDone = sent >= bytes;
    const text = `${progressBar(sent / bytes)}  ${formatBytes(sent)} of ${formatBytes(bytes)} sent`;
    if (io.live) {
      if (!isDone && io.now() - shownAt < REDRAW_MS) return;
      shownAt = io.now();
      io.err(`${REDRAW}${text}${isDone ? "\n" : ""}`);
    } else if (Math.floor((sent / bytes) * 10) > tenth) {
      tenth = Math.floor((sent / bytes) * 10);
      io.err(`${text}\n`);
    }
  };
};

async function* counted(path: string, bytes: number, show: (sent: number) => void): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of createReadStream(path)) {
    const piece = Buffer.from(chunk);
    sent += piece.length;
    if (sent > bytes) break;
    yield piece;
    show(sent);
  }
  if (sent !== bytes) throw new CliError(EXIT.USAGE, `${path} changed while it was being uploaded. Upload it again.`);
}

const reasonOf = (answer: string): string => /<Message>([^<]*)<\/Message>/.exec(answer)?.[1] ?? answer.slice(0, 200);

const putOnce = async (io: Io, file: OutgoingFile): Promise<Response> => {
  const body = Readable.toWeb(Readable.from(counted(file.path, file.bytes, createShow(io, file.bytes))));
  return io.fetch(file.url, {
    method: "PUT",
    headers: file.headers,
    // Node's two declarations of the same stream do not know each other.
    body: body as ReadableStream<Uint8Array>,
    ...STREAMING,
    signal: io.interrupted,
  });
};

/**
 * Sends a file to a presigned address, showing how far it is; again from the start when the line breaks.
 * @throws CliError when it is refused, cannot be sent or the user presses Ctrl-C: nothing was uploaded then
 */
export const putFile = async (io: Io, file: OutgoingFile): Promise<void> => {
  for (let attempt = 0; ; attempt += 1) {
    const wait = RETRY_MS[attempt];
    try {
      const response = await putOnce(io, file);
      if (response.ok) return;
      if (wait === undefined || response.status < 500) {
        const why = reasonOf(await response.text());
        throw new CliError(EXIT.UNAVAILABLE, `The file was not taken (HTTP ${response.status}): ${why}`);
      }
    } catch (error) {
      if (io.interrupted.aborted) {
        throw new CliError(EXIT.INTERRUPTED, "Interrupted: the file was not uploaded.", { cause: error });
      }
      const own = error instanceof CliError ? error : error instanceof Error ? error.cause : undefined;
      if (own instanceof CliError) throw own;
      if (wait === undefined) {
        throw new CliError(EXIT.UNAVAILABLE, "The file could not be sent: the connection broke.", { cause: error });
      }
    }
    await io.sleep(wait);
  }
};
