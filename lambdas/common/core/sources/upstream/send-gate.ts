/**
 * Holds one call's request back until its slot. The sender of the request passes the gate with everything ready: the
 * token read, the request signed, the connection open. Nothing that can wait comes after it.
 */
export interface SendGate {
  /**
   * Resolves at the slot time.
   * @throws SlotMissed when the slot is void or the call is no longer wanted
   */
  arrive(): Promise<void>;
  /**
   * The last thing before the request is sent. Later requests of the same call, such as a redirect's, pass freely.
   * @throws SlotMissed when it is too late
   */
  pass(): void;
  /** The head of an answer has come. */
  answered(): void;
}

/** No request was sent, because its slot was void, unwanted or over. The slot is given back. */
export class SlotMissed extends Error {
  constructor() {
    super("the slot was not used");
    this.name = "SlotMissed";
  }
}

const gates = new WeakMap<AbortSignal, SendGate>();

/** Attaches a gate to the signal that a source's client gets for one call. */
export const attachGate = (signal: AbortSignal, gate: SendGate): void => {
  gates.set(signal, gate);
};

/** The gate of a call; undefined for a request that needs no slot. */
export const gateOf = (signal: AbortSignal): SendGate | undefined => gates.get(signal);
