import ReconnectingWebSocket from "partysocket/ws";
import { LiveTicketSchema } from "../../lambdas/common/core/contract/live/live.ts";
import { ConfigSchema } from "../../lambdas/common/core/contract/operations/config.ts";
import {
  type CatalogProgress,
  CatalogProgressSchema,
  isNews,
} from "../../lambdas/common/core/live/catalog-progress.ts";
import type { Io } from "../output/io.ts";
import type { ApiClient } from "./api-client.ts";

/** Time between two attempts to connect, milliseconds: it grows, and half of the first one varies. */
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 10_000;
/** API Gateway closes a connection on which nothing was sent for ten minutes. */
const PING_MS = 5 * 60_000;

/** Pushed progress of one catalog. */
export interface LiveFeed {
  /** Whether progress is pushed now; else its reader polls. */
  readonly isLive: boolean;
  /** Waits for progress that is newer than all before, at most `ms`, or until Ctrl-C; then it gives undefined. */
  next(ms: number): Promise<CatalogProgress | undefined>;
  close(): void;
}

/** A connection that stays open, opens again by itself with a new ticket each time, and then subscribes again. */
class SocketFeed implements LiveFeed {
  readonly #io: Io;
  readonly #socket: ReconnectingWebSocket;
  readonly #ping: ReturnType<typeof setInterval>;
  #known: CatalogProgress | undefined;
  #unread: CatalogProgress | undefined;
  #isSubscribed = false;
  #wake = new AbortController();

  constructor(io: Io, address: () => Promise<string>, catalogId: string) {
    this.#io = io;
    this.#socket = new ReconnectingWebSocket(address, undefined, {
      WebSocket: io.webSocket,
      minReconnectionDelay: FIRST_RETRY_MS * (0.5 + Math.random() / 2),
      maxReconnectionDelay: MAX_RETRY_MS,
    });
    this.#socket.addEventListener("open", () =>
      this.#socket.send(JSON.stringify({ action: "subscribe_to_catalog", catalog_id: catalogId })),
    );
    this.#socket.addEventListener("close", () => {
      this.#isSubscribed = false;
      // Who waits long, because progress is pushed, polls from now on.
      this.#wake.abort();
    });
    this.#socket.addEventListener("message", ({ data }) => this.#take(String(data), catalogId));
    this.#ping = setInterval(() => {
      if (this.#isSubscribed) this.#socket.send(JSON.stringify({ action: "ping" }));
    }, PING_MS);
    this.#ping.unref();
  }

  get isLive(): boolean {
    return this.#isSubscribed;
  }

  async next(ms: number): Promise<CatalogProgress | undefined> {
    if (!this.#unread) {
      this.#wake = new AbortController();
      const stop = AbortSignal.any([this.#wake.signal, this.#io.interrupted]);
      await this.#io.sleep(ms, stop).catch((error: unknown) => {
        if (!stop.aborted) throw error;
      });
    }
    const progress = this.#unread;
    this.#unread = undefined;
    return progress;
  }

  close(): void {
    clearInterval(this.#ping);
    this.#socket.close();
  }

  /** Messages of other kinds, such as those of a newer server, say nothing here. */
  #take(text: string, catalogId: string): void {
    const parsed = CatalogProgressSchema.safeParse(jsonOrNothing(text));
    if (!parsed.success || parsed.data.catalog_id !== catalogId) return;
    this.#isSubscribed = true;
    if (!isNews(this.#known, parsed.data)) return;
    this.#known = parsed.data;
    this.#unread = parsed.data;
    this.#wake.abort();
  }
}

const jsonOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Opens a feed of a catalog's progress. It connects by itself, so it may not be live yet, or never become so: its reader polls
 * meanwhile.
 * @returns undefined where there is no WebSocket: the stage has none, or this Node is older than 22
 */
export const openLiveFeed = async (io: Io, api: ApiClient, catalogId: string): Promise<LiveFeed | undefined> => {
  if (!io.webSocket) return undefined;
  const { web_socket_url: url } = await api.call({
    path: "/config",
    answer: ConfigSchema.pick({ web_socket_url: true }),
  });
  if (url === null) return undefined;
  const address = async (): Promise<string> => {
    const { ticket } = await api.call({ method: "POST", path: "/live/tickets", answer: LiveTicketSchema });
    return `${url}?ticket=${encodeURIComponent(ticket)}`;
  };
  return new SocketFeed(io, address, catalogId);
};
