import { setTimeout as delay } from "node:timers/promises";
import { WakeUps } from "../../../lambdas/adapters/wake-ups.ts";
import { wakeUpFor } from "../../../lambdas/core/batch-wake-up.ts";
import { asinSeries } from "../e2e/asins.ts";
import { waitFor } from "../e2e/wait-for.ts";
import type { Trouble } from "./faults.ts";
import type { Seeded } from "./seeded.ts";
import type { StormWorld } from "./storm-world.ts";

/** Longest wait for something that a trouble can hit: with many workers dead it comes with their messages' return. */
const MEET_SECONDS = 90;
/** Kills of which one must have hit a worker at work. */
const MOST_KILLS = 10;
/** How often, and how long after each other, is looked for the emulator's word that a worker died. */
const LOOKS_AFTER_KILL = 10;
const LOOK_EVERY_MS = 200;
/** With so many of them one is at work, or is given work before it is missed. */
const LEAST_FROZEN = 3;
/** Longest wait for a breaker to open, and for a run to say so. */
const BREAK_SECONDS = 40;

/** One kind of trouble. It is over, and has struck, when it returns. */
export interface Act {
  readonly name: string;
  readonly play: (world: StormWorld, draws: Seeded) => Promise<void>;
}

const aLivingHolder = ({ leases }: StormWorld) =>
  waitFor(
    "a living worker that holds a batch",
    () => leases.held(),
    (rows) => rows.length > 0,
    MEET_SECONDS,
  );

/** Kills many of the processes that work on batches, until some died while they had messages in their hands. */
export const killMidBatch: Act = {
  name: "workers killed mid-batch",
  play: async (world, draws) => {
    const { workers, functions, leases, log } = world;
    await delay(draws.between(0, 800));
    const before = log.diedMidBatch(functions.enrich);
    for (let kills = 0; kills < MOST_KILLS; kills += 1) {
      const held = await aLivingHolder(world);
      const pids = draws.shuffled(await workers.pids(functions.enrich));
      workers.signalPids(pids.slice(0, Math.ceil(pids.length * draws.between(0.3, 0.6))), "SIGKILL");
      leases.noteKill(held);
      for (let looks = 0; looks < LOOKS_AFTER_KILL; looks += 1) {
        await delay(LOOK_EVERY_MS);
        const died = log.diedMidBatch(functions.enrich) - before;
        if (died === 0) continue;
        world.strike("workers killed mid-batch", died);
        return;
      }
    }
    throw new Error(`${MOST_KILLS} kills never hit a worker that was at work`);
  },
};

/** Kills all that is not at work on batches: the API's functions, the dispatcher, the housekeeping. */
export const killOthers: Act = {
  name: "other functions killed",
  play: async ({ workers, functions, strike }) => {
    strike("other functions killed", await workers.signal(functions.others, "SIGKILL"));
  },
};

/** Stops all workers where they are, for less than a function may take. */
export const freeze: Act = {
  name: "workers frozen",
  play: async (world, draws) => {
    await aLivingHolder(world);
    const pids = await world.workers.pids(world.functions.enrich);
    world.strike("workers frozen", world.workers.signalPids(pids, "SIGSTOP"));
    await delay(draws.between(500, 2_500));
    world.workers.signalPids(pids, "SIGCONT");
  },
};

/** Stops some workers where they are, for good: Lambda ends each when its time is up, whatever its code would do. */
export const freezeForGood: Act = {
  name: "workers frozen until their time was up",
  play: async (world, draws) => {
    await aLivingHolder(world);
    const pids = draws.shuffled(await world.workers.pids(world.functions.enrich));
    const chosen = pids.slice(0, Math.max(LEAST_FROZEN, Math.ceil(pids.length / 3)));
    world.strike("workers frozen until their time was up", world.workers.signalPids(chosen, "SIGSTOP"));
  },
};

/** Wake-ups of batches that others work on, that are done or that are still to come, out of order. */
export const duplicate: Act = {
  name: "messages delivered again",
  play: async ({ accepted, deployed, sqs, strike }, draws) => {
    const rows = await Promise.all(accepted.map(({ catalog_id }) => deployed.batches(catalog_id)));
    const chosen = draws.shuffled(rows.flat()).slice(0, 60);
    const wakeUps = chosen.map((row) => ({
      message: wakeUpFor(draws.next() < 0.3 ? { ...row, generation: 1 } : row),
      delay_seconds: draws.whole(0, 3),
    }));
    const queue = deployed.queue(draws.next() < 0.7 ? "enrich" : "enrich-express").url;
    await new WakeUps(sqs).send(queue, wakeUps);
    strike("messages delivered again", wakeUps.length);
  },
};

/** @param bodies that no version of the product could read, each once only */
export const litter = (bodies: readonly string[]): Act => ({
  name: "unreadable messages",
  play: async ({ deployed }, draws) => {
    for (const body of draws.shuffled(bodies)) await deployed.send(deployed.queue("enrich").url, body);
  },
});

export const killGateway: Act = {
  name: "gateways killed",
  play: async ({ upload, gateway, strike }, draws) => {
    // In the middle of an upload, which its client must then send again.
    upload(1, "while the gateway dies", asinSeries("CHGW", 240));
    await delay(draws.between(5, 300));
    await gateway.kill();
    strike("gateways killed");
    await delay(draws.between(300, 1_500));
    await gateway.start();
  },
};

/** A fault of AWS, for a while and until it met a call. */
export const awsTrouble = (trouble: Trouble): Act => ({
  name: trouble.name,
  play: async ({ proxy }, draws) => {
    const end = proxy.begin(trouble);
    await delay(draws.between(1_000, 2_500));
    await waitFor(
      trouble.name,
      async () => proxy.met.get(trouble.name) ?? 0,
      (met) => met > 0,
      MEET_SECONDS,
    );
    end();
  },
});

/** The upstream goes away until its breaker is open and a run says that it waits for it, and comes back. */
export const upstreamDies: Act = {
  name: "upstream outages",
  play: async ({ upstream, deployed, watcher, upload, strike }) => {
    await upstream.set({ outage: 503 });
    // Nothing else may need the upstream by now.
    upload(2, "while the upstream is dead", asinSeries("CHUP", 120));
    await waitFor(
      "an open breaker",
      () => deployed.limit(),
      (item) => item?.breaker === "open",
      BREAK_SECONDS,
    );
    await waitFor(
      "a run that waits for the source",
      async () => watcher.latest,
      (runs) =>
        runs.some(({ state, blocked_by }) => state === "waiting_for_source" && blocked_by[0]?.code === "circuit-open"),
      BREAK_SECONDS,
    );
    strike("upstream outages");
    await upstream.set({ outage: false });
  },
};
