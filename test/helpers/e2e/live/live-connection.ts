import { WebSocket } from "ws";

/** Longest wait for a message, milliseconds: far longer than a busy machine takes. */
const PATIENCE_MS = 120_000;

/** A message as it arrived. */
export type Message = Readonly<Record<string, unknown>>;

/** A WebSocket of the deployed stack, as a client that only listens: what does not arrive by itself fails, nothing is polled. */
export class LiveConnection {
  readonly #socket: WebSocket;
  readonly messages: Message[] = [];
  #onNews: () => void = () => {};
  #end: string | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      this.messages.push(JSON.parse(String(data)));
      this.#onNews();
    });
    socket.on("close", (code) => {
      this.#end = `closed with ${code}`;
      this.#onNews();
    });
  }

  /** @throws Error that names the status when the connection is refused */
  static async open(url: string): Promise<LiveConnection> {
    const socket = new WebSocket(url, { handshakeTimeout: PATIENCE_MS });
    const connection = new LiveConnection(socket);
    await new Promise<void>((resolve, reject) => {
      socket.on("open", resolve);
      socket.on("error", reject);
    });
    return connection;
  }

  say(message: Message): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Waits for a message and gives it. @throws Error that lists what came, when it does not come or the connection ends */
  async hears(what: string, isIt: (message: Message) => boolean): Promise<Message> {
    const timeout = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = this.messages.find(isIt);
      if (found) return found;
      const end = timeout.aborted ? "nothing more came" : this.#end;
      if (end !== undefined) throw new Error(`${what} did not arrive: ${end}; ${JSON.stringify(this.messages)}`);
      await new Promise<void>((resolve) => {
        this.#onNews = resolve;
        timeout.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  close(): void {
    this.#socket.terminate();
  }
}
