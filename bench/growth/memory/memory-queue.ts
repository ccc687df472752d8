import type { VirtualClock } from "../../shared/virtual-clock.ts";

/** A message as a function gets it. */
export interface Message {
  readonly id: string;
  readonly body: string;
  receives: number;
  /** When it comes back unless it is deleted; a change of visibility moves it. */
  backAtMs: number;
}

/** A standard queue in memory. */
export class MemoryQueue {
  readonly #clock: VirtualClock;
  #visible: Message[] = [];
  readonly #inFlight = new Map<string, Message>();
  #ids = 0;
  #delayed = 0;
  #waiting: (() => void)[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Messages that are not deleted. */
  get size(): number {
    return this.#visible.length + this.#inFlight.size + this.#delayed;
  }

  send(body: string, delayMs: number): void {
    this.#ids += 1;
    const message: Message = { id: String(this.#ids), body, receives: 0, backAtMs: 0 };
    if (delayMs <= 0) {
      this.#show(message);
      return;
    }
    this.#delayed += 1;
    void this.#clock.sleep(delayMs).then(() => {
      this.#delayed -= 1;
      this.#show(message);
    });
  }

  /** Up to `most` messages, as soon as there is one; hidden from others until they are deleted or given back. */
  async receive(most: number, hiddenMs: number): Promise<Message[]> {
    while (this.#visible.length === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const taken = this.#visible.splice(0, most);
    for (const message of taken) {
      message.receives += 1;
      message.backAtMs = this.#clock.now() + hiddenMs;
      this.#inFlight.set(message.id, message);
    }
    return taken;
  }

  /** Up to `most` messages that are there, after `waitMs` if there are none now; a reader's own request. */
  async receiveNow(most: number, hiddenMs: number, waitMs: number): Promise<Message[]> {
    if (this.#visible.length === 0) await this.#clock.sleep(waitMs);
    const isThere = this.#visible.length > 0;
    const taken = isThere ? await this.receive(most, hiddenMs) : [];
    for (const message of taken) void this.giveBack(message);
    return taken;
  }

  hide(id: string, ms: number): void {
    const message = this.#inFlight.get(id);
    if (message) message.backAtMs = this.#clock.now() + ms;
  }

  delete(id: string): void {
    this.#inFlight.delete(id);
  }

  /** Lets a message that failed come back when its time has come. */
  async giveBack(message: Message): Promise<void> {
    // It may be moved meanwhile.
    for (let atMs = -1; atMs !== message.backAtMs && this.#inFlight.has(message.id); ) {
      atMs = message.backAtMs;
      await this.#clock.sleep(atMs - this.#clock.now());
    }
    if (this.#inFlight.delete(message.id)) this.#show(message);
  }

  #show(message: Message): void {
    this.#visible.push(message);
    this.#waiting.shift()?.();
  }
}
