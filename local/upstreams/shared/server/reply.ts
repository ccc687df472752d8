import type { IncomingMessage, ServerResponse } from "node:http";

/** An answer before it is sent. */
export interface Reply {
  readonly status: number;
  /** Sent as JSON, unless it is text. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends handling with an answer that is not a success. */
export class ReplyError extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`answered ${reply.status}`);
    this.name = "ReplyError";
    this.reply = reply;
  }
}

/**
 * Reads a request's body, byte for byte.
 * @throws ReplyError 413 when it is longer than `limitBytes`.
 */
export const readBody = async (request: IncomingMessage, limitBytes = 1_000_000): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > limitBytes) throw new ReplyError({ status: 413, body: { message: "Request body too large" } });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};

/** Sends an answer, JSON unless the body is text with its own content type. */
export const sendReply = (response: ServerResponse, reply: Reply): void => {
  if (response.destroyed || response.headersSent) return;
  const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
  const bytes = Buffer.from(text);
  response.writeHead(reply.status, {
    "content-type": "application/json",
    "content-length": bytes.length,
    ...reply.headers,
  });
  response.end(bytes);
};
