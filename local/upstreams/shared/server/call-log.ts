import type { CallReport } from "./call-report.ts";

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/** The most calls that arrived inside any span of a fixed length, updated call by call. */
class Peak {
  readonly #spanMs: number;
  readonly #recent: number[] = [];
  #start = 0;
  #most = 0;

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  add(atMs: number): void {
    this.#recent.push(atMs);
    while (atMs - (this.#recent[this.#start] ?? atMs) >= this.#spanMs) this.#start += 1;
    this.#most = Math.max(this.#most, this.#recent.length - this.#start);
    if (this.#start > 10_000) {
      this.#recent.splice(0, this.#start);
      this.#start = 0;
    }
  }

  get most(): number {
    return this.#most;
  }
}

class Tally {
  total = 0;
  readonly second = new Peak(SECOND_MS);
  readonly day = new Peak(DAY_MS);
  readonly byStatus = new Map<string, number>();

  arrive(atMs: number): void {
    this.total += 1;
    this.second.add(atMs);
    this.day.add(atMs);
  }

  finish(status: string): void {
    this.byStatus.set(status, (this.byStatus.get(status) ?? 0) + 1);
  }
}

/** One API call that arrived, as `GET /arrivals` lists it. */
export interface Arrival {
  /** First sight of the request, before its way over a simulated network, in epoch milliseconds with fractions. */
  readonly sent_ms: number;
  /** When it arrived, by which the rate is judged. */
  readonly arrived_ms: number;
  readonly operation: string;
  /** HTTP status of the answer, or `aborted`; null while there is none. */
  status: string | null;
}

/** Arrivals that are kept; the oldest are forgotten first. */
const KEPT_ARRIVALS = 10_000;

/** One call on its way through the simulator. */
export interface LoggedCall {
  /** Says how many ids the call asked for. */
  countIds(ids: number): void;
  /** Ends the call with its HTTP status, or `aborted`. */
  finish(status: number | "aborted"): void;
}

/** Everything that arrived since the start or the last reset. */
export class CallLog {
  #all = new Tally();
  #operations = new Map<string, Tally>();
  #ids = new Map<number, number>();
  #tokens = new Tally();
  #arrivals: Arrival[] = [];
  #firstAt: number | null = null;
  #lastAt: number | null = null;

  /** Notes an API call at the moment of its arrival. `sentMs`: when it was sent, by the same clock. */
  arrive(operation: string, atMs: number, sentMs = atMs): LoggedCall {
    const tally = this.#operations.get(operation) ?? new Tally();
    this.#operations.set(operation, tally);
    const all = this.#all;
    const ids = this.#ids;
    all.arrive(atMs);
    tally.arrive(atMs);
    const arrival: Arrival = { sent_ms: sentMs, arrived_ms: atMs, operation, status: null };
    this.#arrivals.push(arrival);
    if (this.#arrivals.length > 2 * KEPT_ARRIVALS) this.#arrivals = this.arrivals();
    this.#firstAt ??= atMs;
    this.#lastAt = atMs;
    return {
      countIds: (count) => void ids.set(count, (ids.get(count) ?? 0) + 1),
      finish: (status) => {
        all.finish(String(status));
        tally.finish(String(status));
        arrival.status = String(status);
      },
    };
  }

  /** Notes a call to the token endpoint. */
  arriveToken(atMs: number): LoggedCall {
    const tokens = this.#tokens;
    tokens.arrive(atMs);
    return { countIds: () => undefined, finish: (status) => tokens.finish(String(status)) };
  }

  /** The newest API calls in the order of their arrival, 10,000 at most. */
  arrivals(): Arrival[] {
    return this.#arrivals.slice(-KEPT_ARRIVALS);
  }

  report(): CallReport {
    const counts = [...this.#ids].sort(([left], [right]) => left - right);
    const calls = counts.reduce((sum, [, times]) => sum + times, 0);
    const ids = counts.reduce((sum, [size, times]) => sum + size * times, 0);
    const iso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());
    return {
      total: this.#all.total,
      by_status: Object.fromEntries(this.#all.byStatus),
      ids_per_call: {
        mean: calls === 0 ? 0 : Math.round((ids / calls) * 1000) / 1000,
        histogram: Object.fromEntries(counts.map(([size, times]) => [String(size), times])),
      },
      max_calls_in_any_second: this.#all.second.most,
      max_calls_in_any_day: this.#all.day.most,
      first_at: iso(this.#firstAt),
      last_at: iso(this.#lastAt),
      token_calls: this.#tokens.total,
      token_calls_by_status: Object.fromEntries(this.#tokens.byStatus),
      by_operation: Object.fromEntries(
        [...this.#operations].map(([name, tally]) => [
          name,
          {
            total: tally.total,
            by_status: Object.fromEntries(tally.byStatus),
            max_calls_in_any_second: tally.second.most,
          },
        ]),
      ),
    };
  }

  clear(): void {
    this.#all = new Tally();
    this.#operations = new Map();
    this.#ids = new Map();
    this.#tokens = new Tally();
    this.#arrivals = [];
    this.#firstAt = null;
    this.#lastAt = null;
  }
}
