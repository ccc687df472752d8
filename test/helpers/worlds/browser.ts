import type { ServerMessage } from "../../../lambdas/common/core/live/server-message.ts";
import type { LiveWorld } from "./live-world.ts";

/** What a page's WebSocket has, as far as clients of ours use it. */
export interface PageSocket {
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (() => void) | null;
  /** As browsers number them: 0 connecting, 1 open, 3 closed. */
  readyState: 0 | 1 | 3;
  send(text: string): void;
  close(): void;
}

/** The WebSockets of a page, connected to the live functions in memory. A dropped connection is reported to the page, as a browser does. */
export class Browser {
  readonly #world: LiveWorld;
  readonly #sockets = new Map<string, PageSocket>();
  /** Addresses that were connected to, in order. */
  readonly opened: string[] = [];
  /** What listeners of the page threw: a browser reports it, and the server never learns of it. */
  readonly uncaught: unknown[] = [];
  /** While true no connection can be opened. */
  isOffline = false;

  constructor(world: LiveWorld) {
    this.#world = world;
    world.onArrival = (id, message) => this.#arrive(id, message);
  }

  /** The class that the page calls `WebSocket`. */
  get WebSocket(): new (
    url: string,
  ) => PageSocket {
    const open = (socket: PageSocket, url: string): string => this.#open(socket, url);
    const world = this.#world;
    const sockets = this.#sockets;
    return class implements PageSocket {
      declare onopen?: () => void;
      declare onmessage?: (event: { data: string }) => void;
      declare onclose?: (() => void) | null;
      readyState: PageSocket["readyState"] = 0;
      readonly #id: string;
      constructor(url: string) {
        this.#id = open(this, url);
      }
      send(text: string): void {
        void world.say(this.#id, text);
      }
      close(): void {
        this.readyState = 3;
        sockets.delete(this.#id);
        void world.leave(this.#id, true);
      }
    };
  }

  /** The network is lost: every connection ends. */
  drop(): void {
    for (const [id, socket] of this.#sockets) {
      this.#sockets.delete(id);
      void this.#world.leave(id, true);
      socket.readyState = 3;
      socket.onclose?.();
    }
  }

  /** Every connection gets this message, also one that the functions of today do not send. */
  hear(message: unknown): void {
    for (const socket of this.#sockets.values()) this.#tell(socket, message);
  }

  #open(socket: PageSocket, url: string): string {
    const id = `page-${this.opened.length + 1}`;
    this.opened.push(url);
    const ticket = new URL(url).searchParams.get("ticket");
    const connect = async (): Promise<void> => {
      // A page hears nothing before it had time to listen.
      await Promise.resolve();
      const refused = this.isOffline || (await this.#world.connect(id, ticket ? { ticket } : {})).statusCode !== 200;
      if (refused) {
        socket.readyState = 3;
        return socket.onclose?.();
      }
      socket.readyState = 1;
      this.#sockets.set(id, socket);
      socket.onopen?.();
    };
    void connect();
    return id;
  }

  #arrive(id: string, message: ServerMessage): void {
    const socket = this.#sockets.get(id);
    if (socket) this.#tell(socket, message);
  }

  #tell(socket: PageSocket, message: unknown): void {
    try {
      socket.onmessage?.({ data: JSON.stringify(message) });
    } catch (error) {
      this.uncaught.push(error);
    }
  }
}
