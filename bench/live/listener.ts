import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import {
  type CatalogProgress,
  CatalogProgressSchema,
  isNews,
} from "../../lambdas/common/core/live/catalog-progress.ts";

/** Longest wait for a connection and its first snapshot, milliseconds: so long that what is measured is how long it takes. */
const CONNECT_MS = 300_000;
const RETRY_MS = 500;

/** A page that watches one catalog: connects again with a new ticket when its connection ends, until it is closed. */
export class Listener {
  readonly #url: string;
  readonly catalogId: string;
  readonly #ticket: () => Promise<string>;
  #socket: WebSocket | undefined;
  #isClosed = false;
  /** The newest state that arrived. */
  last: CatalogProgress | undefined;
  /** Milliseconds from the commit of a state to its arrival, of each one that was pushed; snapshots are left out. */
  readonly pushedAfterMs: number[] = [];
  /** Tries to connect that failed. */
  failures = 0;
  /** Connections that ended by themselves after their snapshot; it connected again each time. */
  ends = 0;

  constructor(url: string, catalogId: string, ticket: () => Promise<string>) {
    this.#url = url;
    this.catalogId = catalogId;
    this.#ticket = ticket;
  }

  /** Connects, and tries again until the first snapshot is there. @throws Error after five minutes */
  async open(): Promise<void> {
    const endMs = Date.now() + CONNECT_MS;
    while (!this.#isClosed) {
      try {
        return await this.#connect(await this.#ticket());
      } catch (error) {
        this.failures += 1;
        if (Date.now() > endMs) throw error;
        await delay(RETRY_MS * Math.random());
      }
    }
  }

  /** Reads nothing more of its connection, which stays open. */
  stopReading(): void {
    this.#socket?.pause();
  }

  /** The network is lost. */
  drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.terminate();
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.terminate();
  }

  #connect(ticket: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${this.#url}?ticket=${ticket}`, { handshakeTimeout: CONNECT_MS });
      let hasSnapshot = false;
      this.#socket = socket;
      socket.on("open", () =>
        socket.send(JSON.stringify({ action: "subscribe_to_catalog", catalog_id: this.catalogId })),
      );
      socket.on("message", (data) => {
        const progress = CatalogProgressSchema.safeParse(JSON.parse(String(data)));
        if (!progress.success) return;
        if (hasSnapshot) this.pushedAfterMs.push(Date.now() - Date.parse(progress.data.updated_at));
        hasSnapshot = true;
        if (isNews(this.last, progress.data)) this.last = progress.data;
        resolve();
      });
      socket.on("error", reject);
      socket.on("close", () => {
        reject(new Error("the connection ended before its snapshot"));
        if (!hasSnapshot || this.#isClosed || this.#socket !== socket) return;
        this.ends += 1;
        this.open().catch(() => {});
      });
    });
  }
}
