import { seededRandom } from "../../local/upstreams/shared/seeded-random.ts";
import { AccountLimits } from "../../local/upstreams/shared/server/account-limits.ts";
import { type Network, wayMs } from "../../local/upstreams/shared/server/network.ts";
import { quantile } from "../shared/statistics.ts";

/** Calls that one sender makes at an even pace, without ever being late itself. */
export interface StaticPace {
  readonly network: Network;
  /** Calls per second that the upstream allows. */
  readonly rate: number;
  readonly calls: number;
}

/** Calls that the simulator's own limit refuses when they are sent every `intervalMs` and are so long on their way. */
export const refusedAt = (rate: number, intervalMs: number, waysMs: readonly number[]): number => {
  const limits = new AccountLimits();
  const allowance = { calls_per_second: rate, calls_per_day: Number.MAX_SAFE_INTEGER, refused_calls_count: false };
  return waysMs
    .map((wayMs, call) => call * intervalMs + wayMs)
    .sort((one, other) => one - other)
    .filter((atMs) => !limits.take(atMs, allowance).ok).length;
};

/** Smallest interval in whole milliseconds at which none of the calls is refused. */
const leastIntervalMs = (rate: number, waysMs: readonly number[]): number => {
  let tooSmall = Math.floor(1_000 / rate) - 1;
  let enough = tooSmall + 1;
  while (refusedAt(rate, enough, waysMs) > 0) enough += Math.ceil(1_000 / rate);
  while (enough - tooSmall > 1) {
    const middle = Math.floor((tooSmall + enough) / 2);
    if (refusedAt(rate, middle, waysMs) > 0) tooSmall = middle;
    else enough = middle;
  }
  return enough;
};

/** Shares of the rate, 0 to 1, that an even pace reaches with no call refused. */
export interface StaticBest {
  /** By a pace that half of the seeds let through: what a sender reaches who guesses the network of this hour. */
  readonly half: number;
  /** By a pace that 95 of 100 seeds let through: what a sender reaches who wants to be safe. */
  readonly safe: number;
}

/**
 * The best share of the rate that an even pace reaches over a network without a 429, by simulation: the simulator's own ways
 * and its own limit, drawn anew for each seed.
 */
export const staticBest = ({ network, rate, calls }: StaticPace, seeds: number): StaticBest => {
  const intervals = Array.from({ length: seeds }, (_, seed) => {
    const random = seededRandom("static pace", network, seed);
    return leastIntervalMs(
      rate,
      Array.from({ length: calls }, () => wayMs(network, random)),
    );
  });
  const shareOf = (quantileOfSeeds: number): number => 1_000 / rate / quantile(intervals, quantileOfSeeds);
  return { half: shareOf(0.5), safe: shareOf(0.95) };
};
