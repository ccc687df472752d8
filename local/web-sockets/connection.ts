import type { WebSocket } from "ws";
import { MAX_FRAME_BYTES } from "../../lambdas/common/core/live/live-limits.ts";
import type { Client } from "./events.ts";
import { FrameSizes } from "./frame-sizes.ts";
import { DURATION_MS, IDLE_MS, MAX_UNREAD_BYTES } from "./quotas.ts";

const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;
const TOO_BIG = 1009;
/** Of a connection that ended without a close. */
const ABNORMAL = 1006;

/** Hears of what happens on a connection. */
export interface ConnectionListener {
  onMessage(text: string): void;
  /** Once, when it is over. */
  onEnd(code: number, reason: string): void;
}

/** An open WebSocket, under the rules of API Gateway: binary data, frames that are too long, silence and old age end it. */
export class Connection {
  readonly client: Client;
  readonly #socket: WebSocket;
  readonly #idle: NodeJS.Timeout;
  readonly #age: NodeJS.Timeout;
  lastActiveAtMs: number;

  /** @param onBytes hands over what arrives, before the socket reads it */
  constructor(
    client: Client,
    socket: WebSocket,
    onBytes: (listener: (bytes: Uint8Array) => void) => void,
    listener: ConnectionListener,
  ) {
    this.client = client;
    this.#socket = socket;
    this.lastActiveAtMs = client.connectedAtMs;
    this.#idle = setTimeout(() => socket.close(GOING_AWAY, "Going away"), IDLE_MS);
    this.#age = setTimeout(() => socket.close(GOING_AWAY, "Going away"), DURATION_MS);
    const frames = new FrameSizes();
    onBytes((bytes) => {
      if (frames.add(bytes) > MAX_FRAME_BYTES) socket.close(TOO_BIG, "Frame too long");
    });
    socket.on("message", (data, isBinary) => {
      this.#noteActive();
      if (isBinary) socket.close(UNSUPPORTED_DATA, "Binary data is not supported");
      // A frame that was too long has closed it already.
      else if (socket.readyState === socket.OPEN) listener.onMessage(String(data));
    });
    // A close follows.
    socket.on("error", () => {});
    socket.on("close", (code, reason) => {
      clearTimeout(this.#idle);
      clearTimeout(this.#age);
      listener.onEnd(code === 0 ? ABNORMAL : code, String(reason));
    });
  }

  /** Sends a text, in frames as long as they may be. @returns false when too much waits for a client that does not read */
  send(text: string): boolean {
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) return false;
    this.#noteActive();
    const bytes = Buffer.from(text);
    let at = 0;
    do {
      const end = at + MAX_FRAME_BYTES;
      this.#socket.send(bytes.subarray(at, end), { binary: false, fin: end >= bytes.length });
      at = end;
    } while (at < bytes.length);
    return true;
  }

  /** False from the moment on in which either side closes it. */
  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  close(): void {
    this.#socket.close(1_000, "Connection Closed Normally");
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #noteActive(): void {
    this.lastActiveAtMs = Date.now();
    this.#idle.refresh();
  }
}
