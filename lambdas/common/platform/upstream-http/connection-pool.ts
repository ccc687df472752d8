import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ConnectTimes } from "../../core/sources/upstream/upstream-fetch.ts";
import { ConnectLog } from "./connect-log.ts";

/**
 * Milliseconds for which an idle connection is kept. Servers and gateways drop idle connections after five seconds or
 * more, often without a word, and a request on such a connection is lost.
 */
const IDLE_MS = 4_000;

const portOf = ({ port, protocol }: URL): number => (port === "" ? (protocol === "https:" ? 443 : 80) : Number(port));

/** Name of a host as sockets take it: an IPv6 address without its brackets. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "");

/** Whether a connection is open on both sides, as far as anybody knows. */
export const isAlive = (socket: Socket): boolean => !socket.destroyed && socket.writable && !socket.readableEnded;

/**
 * Connections to upstreams. Other than Node's own agents, it opens one before there is a request, so that nothing has to
 * be waited for when a request is to be sent. A connection serves one request at a time and is kept for the next one.
 */
export class ConnectionPool {
  readonly #agents = { "http:": new HttpAgent(AGENT), "https:": new HttpsAgent(AGENT) };
  readonly #log = new ConnectLog();
  /** Open connections that no request has used yet, by origin. */
  readonly #ready = new Map<string, Socket[]>();
  readonly #opening = new Map<string, Promise<void>>();
  /** Last TLS session of each origin, which makes the next handshake cheaper. */
  readonly #sessions = new Map<string, Buffer>();

  constructor() {
    this.#serve("http:", this.#agents["http:"]);
    this.#serve("https:", this.#agents["https:"]);
  }

  /** The agent for requests to an address. It takes the connections that `connect` opened. */
  agentFor(url: URL): HttpAgent {
    return url.protocol === "https:" ? this.#agents["https:"] : this.#agents["http:"];
  }

  #isConnected(url: URL): boolean {
    const kept = this.agentFor(url).freeSockets;
    const isKept = Object.entries(kept).some(
      ([name, sockets]) => name.startsWith(`${hostOf(url)}:${portOf(url)}:`) && sockets?.some(isAlive),
    );
    return isKept || (this.#ready.get(originOf(url)) ?? []).some(isAlive);
  }

  /** @see UpstreamConnections */
  async connect(url: URL, signal: AbortSignal): Promise<void> {
    if (this.#isConnected(url)) return;
    const origin = originOf(url);
    const opening = this.#opening.get(origin) ?? this.#open(url, origin).finally(() => this.#opening.delete(origin));
    this.#opening.set(origin, opening);
    await untilAborted(opening, signal);
  }

  timesOf(url: URL): ConnectTimes {
    return this.#log.timesOf(originOf(url));
  }

  /** Has the agent take an open connection, where there is one, instead of opening its own. */
  #serve(protocol: string, agent: HttpAgent): void {
    const openNow = agent.createConnection.bind(agent);
    agent.createConnection = (options, done) =>
      this.#take(`${protocol}//${options.host}:${options.port}`) ?? openNow(options, done);
  }

  #open(url: URL, origin: string): Promise<void> {
    const [host, port, session] = [hostOf(url), portOf(url), this.#sessions.get(origin)];
    const isTls = url.protocol === "https:";
    const socket = isTls
      ? connectTls({
          ...{ host, port, ALPNProtocols: ["http/1.1"] },
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ...(session ? { session } : {}),
        }).on("session", (fresh: Buffer) => this.#sessions.set(origin, fresh))
      : connectTcp({ host, port });
    socket.setNoDelay(true);
    const began = performance.now();
    let foundAt = began;
    let connectedAt = began;
    socket.once("lookup", () => {
      foundAt = performance.now();
    });
    socket.once("connect", () => {
      connectedAt = performance.now();
    });
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.once("close", () => reject(new Error(`${origin} closed the connection while it was opened`)));
      socket.setTimeout(OPEN_MS, () => socket.destroy(new Error(`${origin} was not reached in ${OPEN_MS} ms`)));
      socket.once(isTls ? "secureConnect" : "connect", () => {
        const now = performance.now();
        const tlsMs = isTls ? now - connectedAt : undefined;
        const isLocal = isThisMachine(socket.remoteAddress ?? "");
        this.#log.add(origin, { totalMs: now - began, tcpMs: connectedAt - foundAt, tlsMs, isLocal });
        this.#keep(origin, socket);
        resolve();
      });
    });
  }

  #keep(origin: string, socket: Socket): void {
    socket.removeAllListeners("timeout");
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    // Ours while it is idle: without a listener its error would end the process.
    socket.on("error", () => socket.destroy());
    // An idle connection keeps no process alive.
    socket.unref();
    this.#ready.set(origin, [...(this.#ready.get(origin) ?? []).filter(isAlive), socket]);
  }

  #take(origin: string): Socket | undefined {
    const sockets = (this.#ready.get(origin) ?? []).filter(isAlive);
    const socket = sockets.pop();
    this.#ready.set(origin, sockets);
    socket?.removeAllListeners("timeout").setTimeout(0).ref();
    return socket;
  }
}

const AGENT = { keepAlive: true, timeout: IDLE_MS } as const;
/** Longest that the opening of a connection takes. */
const OPEN_MS = 30_000;

const originOf = (url: URL): string => `${url.protocol}//${hostOf(url)}:${portOf(url)}`;

/** Whether an address is one that no network leads to. */
const isThisMachine = (address: string): boolean => /^(?:::ffff:)?127\.|^::1$/.test(address);

/** Stops waiting when the signal is aborted. The connection may still open, for the next request. */
const untilAborted = async (opening: Promise<void>, signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([opening, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
};
