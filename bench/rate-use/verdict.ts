import type { Network } from "../../local/upstreams/shared/server/network.ts";

/** Most 429s in 300 calls. */
const MAX_REFUSED: Readonly<Record<Network, number>> = { none: 0, good: 0, bad: 1 };
/** Least share where no network delays anything. */
const LEAST_SHARE = 0.93;
/** How far below the best even pace the share may be over a network. */
const BELOW_BEST = 0.04;

/**
 * Whether the deployed line used a network as it should.
 * @param best share that the best even pace reaches at zero 429
 */
export const verdictOf = (
  network: Network,
  { share, refused }: { readonly share: number; readonly refused: number },
  best: number,
): { readonly goal: string; readonly isReached: boolean } => {
  const least = network === "none" ? LEAST_SHARE : best - BELOW_BEST;
  const most = MAX_REFUSED[network];
  return {
    goal: `at least ${(100 * least).toFixed(1)} %, at most ${most} × 429`,
    isReached: share >= least && refused <= most,
  };
};
