import type { ConnectTimes } from "../../core/sources/upstream/upstream-fetch.ts";

/** Openings that are kept for each address: enough to see a slow one for a while, few enough to forget it. */
const KEPT = 32;
/** Openings from which on their spread says something. */
const ENOUGH = 4;

/** One opening, in milliseconds. */
export interface Opening {
  readonly totalMs: number;
  /** From the known address to the TCP connection: one round trip. */
  readonly tcpMs: number;
  /** Of the TLS handshake: one or two round trips; undefined without TLS. */
  readonly tlsMs: number | undefined;
  /** Whether the other end is this machine: then its TCP connection is the kernel's, and shows nothing of a network. */
  readonly isLocal: boolean;
}

const spreadOf = (times: readonly number[]): number => Math.max(...times) - Math.min(...times);

/** The last openings of connections, by address. */
export class ConnectLog {
  readonly #openings = new Map<string, Opening[]>();

  add(origin: string, opening: Opening): void {
    const kept = this.#openings.get(origin) ?? [];
    this.#openings.set(origin, [...kept, opening].slice(-KEPT));
  }

  /**
   * The times of an address. Its spread is that of its handshakes, TCP and TLS. Without TLS it is that of TCP alone, unless
   * the other end is this machine: a simulator's connections show nothing of the network that it simulates.
   */
  timesOf(origin: string): ConnectTimes {
    const kept = this.#openings.get(origin) ?? [];
    if (kept.length === 0) return {};
    const longestMs = Math.max(...kept.map(({ totalMs }) => totalMs));
    const tls = kept.flatMap(({ tlsMs }) => tlsMs ?? []);
    const tcp = kept.filter(({ tlsMs, isLocal }) => tlsMs !== undefined || !isLocal).map(({ tcpMs }) => tcpMs);
    if (tcp.length < ENOUGH) return { longestMs };
    return { longestMs, spreadMs: Math.max(spreadOf(tcp), tls.length < ENOUGH ? 0 : spreadOf(tls)) };
  }
}
