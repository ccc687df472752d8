/** What opening connections to one address showed lately, in milliseconds. */
export interface ConnectTimes {
  /** Longest time of a whole opening: name, TCP and TLS. Absent: none was opened yet. */
  readonly longestMs?: number;
  /** Spread of the round trips of TCP and TLS. Absent: too few were measured, or the address is not TLS. */
  readonly spreadMs?: number;
}

/** A request that is written, but not sent: the connection for it is open. */
export interface OpenRequest {
  /** Sends it now, within this very call of the function. Rejects with the system's error when no answer comes. */
  send(): Promise<Response>;
  /** Whether the connection is still open. */
  isOpen(): boolean;
}

/** Connections that are opened before there is anything to send. */
export interface UpstreamConnections {
  /**
   * Opens a connection for the next request to this address, unless one is open.
   * @throws the system's error when the address cannot be reached
   */
  connect(url: string, signal: AbortSignal): Promise<void>;
  /**
   * Prepares a request to the last step.
   * @throws like `connect`
   */
  open(url: string, init: RequestInit): Promise<OpenRequest>;
  times(url: string): ConnectTimes;
}

/** `fetch` as sources use it. The one of the functions can open connections beforehand; another one opens its own. */
export type UpstreamFetch = typeof fetch & { readonly connections?: UpstreamConnections };
