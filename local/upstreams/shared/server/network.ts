import * as z from "zod";
import type { SeededRandom } from "../seeded-random.ts";

/** Links between a caller and a simulator: none (this machine alone), a good one and a bad one. */
export const NetworkSchema = z.enum(["none", "good", "bad"]);
export type Network = z.infer<typeof NetworkSchema>;

/** What a link does, in milliseconds. The way of a request is drawn from a log-normal distribution. */
interface Link {
  /** Middle and 99th percentile of the way of a request. */
  readonly p50: number;
  readonly p99: number;
  /** Least time to open a connection. */
  readonly open: number;
  /** Share of requests that take much longer, and how long these take. */
  readonly rare?: { readonly share: number; readonly ms: number };
}

const LINKS: Readonly<Record<Exclude<Network, "none">, Link>> = {
  good: { p50: 20, p99: 60, open: 60 },
  bad: { p50: 40, p99: 200, open: 150, rare: { share: 0.01, ms: 400 } },
};

/** The standard normal value below which 99 % of all lie. */
const NORMAL_P99 = 2.3263;

const normal = (random: SeededRandom): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** Milliseconds that a request is on its way. */
export const wayMs = (network: Network, random: SeededRandom): number => {
  if (network === "none") return 0;
  const { p50, p99, rare } = LINKS[network];
  if (rare && random.chance(rare.share)) return rare.ms;
  return p50 * Math.exp((normal(random) * Math.log(p99 / p50)) / NORMAL_P99);
};

/** Milliseconds until a new connection is open: as slow as requests are at that moment. */
export const openingMs = (network: Network, random: SeededRandom): number => {
  if (network === "none") return 0;
  const { p50, open } = LINKS[network];
  return open + Math.max(0, wayMs(network, random) - p50);
};
