import type { Clock } from "../../lambdas/common/core/clock.ts";

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly ring: () => void;
}

const isBefore = (a: Timer, b: Timer): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

const nextEventLoopTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that jumps to the next thing that is waited for as soon as all code has come to rest. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  /** A binary heap, earliest first. */
  readonly #timers: Timer[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    if (!(ms > 0)) return Promise.resolve();
    return new Promise((ring) => this.#push({ atMs: this.#nowMs + ms, order: this.#order++, ring }));
  }

  /**
   * Lets time pass until `isOver`.
   * @throws Error when `mostRealMs` have passed on the machine's clock: what is waited for never comes
   */
  async run(isOver: () => boolean, mostRealMs: number): Promise<void> {
    const began = performance.now();
    while (!isOver()) {
      await nextEventLoopTick();
      const next = this.#pop();
      if (next) {
        this.#nowMs = next.atMs;
        next.ring();
        for (let same = this.#timers[0]; same?.atMs === this.#nowMs; same = this.#timers[0]) this.#pop()?.ring();
      }
      if (performance.now() - began > mostRealMs)
        throw new Error(`the simulation is not over after ${Math.round(mostRealMs / 1_000)} s of real time`);
    }
  }

  #push(timer: Timer): void {
    const heap = this.#timers;
    let place = heap.push(timer) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, timer)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#timers;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || first === last) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      let below = heap[child];
      if (!below) break;
      const right = heap[child + 1];
      if (right && isBefore(right, below)) {
        child += 1;
        below = right;
      }
      if (isBefore(last, below)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}
