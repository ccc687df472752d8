import { describe, expect, it } from "vitest";
import { useOf } from "../../../../../../bench/rate-use/arrivals.ts";
import { seededRandom } from "../../../../../../local/upstreams/shared/seeded-random.ts";
import { type Network, wayMs } from "../../../../../../local/upstreams/shared/server/network.ts";
import { testRuns } from "../../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../../helpers/test-seed.ts";
import { SlotWorld } from "./slot-world.ts";

const SEED = testSeed("networks", 20_261_129);
const [WORKERS, CALLS_EACH] = [5, 40];

/** Calls of workers in virtual time over a simulated network, to an upstream that refuses what comes too soon. */
const callOver = async (network: Network, run: number) => {
  const random = seededRandom("calls over a network", network, SEED, run);
  const world = new SlotWorld({ way: () => wayMs(network, random) });
  world.isStrict = true;
  const calls = Array.from({ length: WORKERS }, async () => {
    const call = world.worker();
    for (let made = 0; made < CALLS_EACH; made += 1) await call();
  });
  await world.run(Promise.all(calls));
  const times = world.arrived.toSorted((one, other) => one - other);
  const arrivals = times.map((arrived_ms) => ({ sent_ms: arrived_ms, arrived_ms, status: "200" }));
  // A refused call is none that the rate was used for.
  return { refused: world.refused, share: useOf(arrivals, 1).share * (1 - world.refused / arrivals.length) };
};

describe("workers that share one call a second", () => {
  // The best even pace that sees no 429 in 300 calls reaches 1, 0.945 and 0.726, see bench/rate-use/static-pace.ts.
  it.each([
    ["none", 0.96, 0],
    ["good", 0.945, 0.2],
    ["bad", 0.9, 1],
  ] as const)(
    "over the network %s use at least %f of it, with at most %f × 429 in 300 calls",
    async (network, least, most) => {
      const runs = testRuns(4);
      let refused = 0;
      let shares = 0;
      for (let run = 0; run < runs; run += 1) {
        const used = await callOver(network, run);
        refused += used.refused;
        shares += used.share;
      }
      expect((refused / (runs * WORKERS * CALLS_EACH)) * 300).toBeLessThanOrEqual(most);
      expect(shares / runs).toBeGreaterThanOrEqual(least);
    },
  );
});
