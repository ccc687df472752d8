import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";

/** A request to open a WebSocket, as a server hands it over. */
export interface Upgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  /** First bytes of the connection, where the client sent some already. */
  readonly head: Buffer;
}

/** Status line and headers of an answer, as they came. */
const headOf = ({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string => {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
};

/**
 * Opens the same WebSocket at a path of the emulator and passes all bytes on, in both directions, until one side ends. A refusal
 * is passed on as it is.
 */
export const proxyWebSocket = (emulatorUrl: string, path: string, { incoming, socket, head }: Upgrade): void => {
  const emulator = new URL(emulatorUrl);
  const outgoing = request({
    host: emulator.hostname,
    port: emulator.port,
    path,
    headers: { ...incoming.headers, host: emulator.host },
  });
  const end = (): void => {
    outgoing.destroy();
    socket.destroy();
  };
  socket.on("error", end);
  socket.on("close", () => outgoing.destroy());
  outgoing.on("error", () => {
    if (socket.writable) socket.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n");
  });
  outgoing.on("response", (answer) => {
    socket.write(headOf(answer));
    answer.pipe(socket);
  });
  outgoing.on("upgrade", (answer, upstream, upstreamHead) => {
    socket.write(headOf(answer));
    if (upstreamHead.length > 0) socket.write(upstreamHead);
    if (head.length > 0) upstream.write(head);
    upstream.on("error", () => socket.destroy());
    upstream.on("close", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
    upstream.pipe(socket);
    socket.pipe(upstream);
  });
  outgoing.end();
};
