import { setTimeout as delay } from "node:timers/promises";
import { BatchQueue } from "../../../lambdas/common/adapters/sqs/batch-queue.ts";
import { batchMessageFor } from "../../../lambdas/common/core/batches/message-for-row.ts";
import type { Trouble } from "../../../local/faults/fault.ts";
import type { Seeded } from "../../../local/faults/seeded.ts";
import { asinSeries } from "../e2e/asins.ts";
import { waitFor } from "../e2e/wait-for.ts";
import { type Accepted, persistentCall } from "./persistent-upload.ts";
import type { StormWorld } from "./storm-world.ts";
import { focused, type Victims } from "./victims.ts";

/** Longest wait for something that a trouble can hit: with many workers dead it comes with their messages' return. */
const MEET_SECONDS = 240;
/** Kills of which one must have hit a worker at work. */
const MAX_KILLS = 10;
/** How often, and how long after each other, the log is checked for the emulator's word that a worker died. */
const CHECKS_AFTER_KILL = 10;
const RECHECK_EVERY_MS = 200;
/** With so many of them one is at work, or is given work before it is missed. */
const LEAST_FROZEN = 3;
/** Time limit of a function and a moment, after which the emulator has said that it ended a worker for it. */
const OUTLIVED_SECONDS = 68;
/** Freezes of which one must have hit a worker at work. */
const MAX_FREEZES = 3;
const FILE_PRODUCTS = 150;
/** Of a run that is not express, so that it is served round-robin and lasts. */
const CANCELLED_PRODUCTS = 1_000;
/** Runs of which one must be cancelled before it ends by itself. */
const MAX_CANCELS = 5;

/** A trouble that has met nobody in so long gets fresh work to meet. */
const FEED_EVERY_MS = 20_000;
/** Of a run that is not express, so that a dispatcher claims it. */
const FED_PRODUCTS = 150;

/** One kind of trouble. It is over, and has struck, when it returns. */
export interface Act {
  readonly name: string;
  readonly play: (world: StormWorld, draws: Seeded) => Promise<void>;
}

/** Catalogs that were uploaded so, in the one storm of a process: each needs products of its own. */
let fed = 0;

/** Uploads fresh catalogs until a wait is over: once all is dispatched and done, nobody would make the calls that it is for. */
const whileFed = async <Met>({ upload }: StormWorld, wait: Promise<Met>): Promise<Met> => {
  const isOver = wait.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([isOver, delay(FEED_EVERY_MS, false)]))) {
    fed += 1;
    void upload(fed % 3, `to be met ${fed}`, asinSeries(`CE${String(fed).padStart(2, "0")}`, FED_PRODUCTS));
  }
  return wait;
};

const aLivingHolder = (world: StormWorld) =>
  whileFed(
    world,
    waitFor(
      "a living worker that holds a batch",
      () => world.leases.held(),
      (rows) => rows.length > 0,
      MEET_SECONDS,
    ),
  );

/** Kills many of the processes that work on batches, until some died while they had messages in their hands. */
export const killMidBatch: Act = {
  name: "workers killed mid-batch",
  play: async (world, draws) => {
    const { workers, functions, leases, log } = world;
    await delay(draws.between(0, 800));
    const before = log.diedMidBatch(functions.enrich);
    for (let kills = 0; kills < MAX_KILLS; kills += 1) {
      const held = await aLivingHolder(world);
      const pids = draws.shuffled(await workers.pids(functions.enrich));
      workers.signalPids(pids.slice(0, Math.ceil(pids.length * draws.between(0.3, 0.6))), "SIGKILL");
      leases.noteKill(held);
      for (let checks = 0; checks < CHECKS_AFTER_KILL; checks += 1) {
        await delay(RECHECK_EVERY_MS);
        const died = log.diedMidBatch(functions.enrich) - before;
        if (died === 0) continue;
        world.strike("workers killed mid-batch", died);
        return;
      }
    }
    throw new Error(`${MAX_KILLS} kills never hit a worker that was at work`);
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

/**
 * Stops some workers where they are, for good: Lambda ends each when its time is up, whatever its code would do. `freeze`
 * stops them; `outlive` waits for the emulator's word that one of them was at work, and else stops others. Nobody may kill
 * workers between the two.
 * @param meanwhile what is to be done again and again while it waits
 */
export const freezing = (meanwhile: () => Promise<void>): { readonly freezeForGood: Act; readonly outlive: Act } => {
  let frozenAtMs = 0;
  let before = 0;
  const freezeSome = async (world: StormWorld, draws: Seeded): Promise<void> => {
    await aLivingHolder(world);
    const pids = draws.shuffled(await world.workers.pids(world.functions.enrich));
    const chosen = pids.slice(0, Math.max(LEAST_FROZEN, Math.ceil(pids.length / 3)));
    frozenAtMs = Date.now();
    world.strike("workers frozen for good", world.workers.signalPids(chosen, "SIGSTOP"));
  };
  return {
    freezeForGood: {
      name: "workers frozen for good",
      play: async (world, draws) => {
        before = world.log.timedOut(world.functions.enrich);
        await freezeSome(world, draws);
      },
    },
    outlive: {
      name: "workers ended by their time limit",
      play: async (world, draws) => {
        const { log, functions, strike, upload } = world;
        const ended = () => log.timedOut(functions.enrich) - before;
        for (let freezes = 1; ; freezes += 1) {
          while (ended() === 0 && Date.now() - frozenAtMs < OUTLIVED_SECONDS * 1_000) {
            await meanwhile();
            await delay(RECHECK_EVERY_MS);
          }
          if (ended() > 0) break;
          if (freezes === MAX_FREEZES) throw new Error(`${freezes} freezes never hit a worker that was at work`);
          await upload(freezes, `for freeze ${freezes + 1}`, asinSeries(`CHF${freezes}`, 240));
          await freezeSome(world, draws);
        }
        strike("workers ended by their time limit", ended());
      },
    },
  };
};

/** Messages of batches that others work on, that are done or that are still to come, out of order. */
export const duplicate: Act = {
  name: "messages delivered again",
  play: async ({ accepted, deployed, sqs, strike }, draws) => {
    const rows = await Promise.all(accepted.map(({ catalog_id }) => deployed.batches(catalog_id)));
    const chosen = draws.shuffled(rows.flat()).slice(0, 60);
    const messages = chosen.map((row) => ({
      message: batchMessageFor(draws.next() < 0.3 ? { ...row, generation: 1 } : row),
      delaySeconds: draws.whole(0, 3),
    }));
    const queue = deployed.queue(draws.next() < 0.7 ? "enrich" : "enrich-express").url;
    await new BatchQueue(sqs).send(queue, messages);
    strike("messages delivered again", messages.length);
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
    void upload(1, "while the gateway dies", asinSeries("CHGW", 240));
    await delay(draws.between(5, 300));
    await gateway.kill();
    strike("gateways killed");
    await delay(draws.between(300, 1_500));
    await gateway.start();
  },
};

/** A trouble and the calls without which it would prove nothing. */
export interface AimedTrouble {
  readonly trouble: Trouble;
  readonly victims?: Victims;
}

/**
 * Faults of AWS that come together: first for their victims, until they met each kind of them, then for a while for all
 * calls, until each has met one.
 * @param file series of the products of a file that is put meanwhile, where readers of files are among the victims
 */
export const awsTrouble = (aimed: readonly AimedTrouble[], file?: string): Act => ({
  name: aimed.map(({ trouble }) => trouble.name).join(", "),
  play: async (world, draws) => {
    const { proxy, requestUpload } = world;
    const untilMet = ({ name }: Trouble) =>
      waitFor(
        name,
        async () => proxy.tallies.of(name).applied,
        (met) => met > 0,
        MEET_SECONDS,
      );
    const put =
      file === undefined
        ? undefined
        : await requestUpload(draws.whole(0, 2), `while ${file}`, asinSeries(file, FILE_PRODUCTS));
    const first = aimed.flatMap(({ trouble, victims = {} }) =>
      Object.entries(victims).map(([victim, isVictim]) => focused(trouble, victim, isVictim)),
    );
    // Each ends when it has struck: while no outcome is recorded, nothing makes room for what a dispatcher would claim.
    const strike = async (one: Trouble): Promise<void> => {
      const end = proxy.begin(one);
      try {
        await untilMet(one);
      } finally {
        end();
      }
    };
    const struck = whileFed(world, Promise.all(first.map(strike)));
    const sending = put?.();
    // A file that is refused would never be read.
    await (sending === undefined ? struck : Promise.race([struck, sending.then(() => struck)]));
    const ends = aimed.map(({ trouble }) => proxy.begin(trouble));
    await delay(draws.between(1_000, 2_500));
    await whileFed(world, Promise.all(aimed.map(({ trouble }) => untilMet(trouble))));
    for (const end of ends) end();
  },
});

/**
 * One run is cancelled while some of its products are done and some are not. `begin` uploads it early, so that it is under
 * way when `cancelRun` comes; when it has ended by then, others are uploaded.
 */
export const cancelling = (): { readonly begin: (world: StormWorld) => void; readonly cancelRun: Act } => {
  const user = 1;
  const series = (tries: number) => asinSeries(`CHC${tries}`, CANCELLED_PRODUCTS);
  let begun: Promise<Accepted> | undefined;
  return {
    begin: (world) => {
      begun = world.upload(user, "to be cancelled", series(0));
    },
    cancelRun: {
      name: "runs cancelled",
      play: async (world) => {
        for (let tries = 0; tries < MAX_CANCELS; tries += 1) {
          const again = () => world.upload(user, `to be cancelled ${tries}`, series(tries));
          const { catalog_id } = await (tries === 0 && begun ? begun : again());
          const run = await waitFor(
            "a run in its middle",
            async () => world.watcher.latest.find((one) => one.catalog_id === catalog_id),
            (one) => (one?.enriched ?? 0) > 0,
            MEET_SECONDS,
            RECHECK_EVERY_MS,
          );
          if (run?.pending === 0) continue;
          const { status, body } = await persistentCall(world.user(user), `/catalogs/${catalog_id}/cancel`);
          // It may have ended meanwhile.
          if (status === 409) continue;
          if (status !== 200) throw new Error(`the cancel was answered ${status}: ${JSON.stringify(body)}`);
          world.strike("runs cancelled");
          return;
        }
        throw new Error(`${MAX_CANCELS} runs ended before they could be cancelled`);
      },
    },
  };
};
