import fc from "fast-check";
import { expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { type CatalogProgress, isNews } from "../../../lambdas/common/core/live/catalog-progress.ts";
import { UPDATE_INTERVAL_MS } from "../../../lambdas/common/core/live/live-limits.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { CATALOG, LiveWorld, type SocketFault } from "../../helpers/worlds/live-world.ts";

const SEED = testSeed("live updates");
const CLIENTS = 3;
const PRODUCTS = 8;

/** A client as docs/live.md describes it: it keeps what is news, and connects again when it is disconnected. */
class Client {
  readonly #world: LiveWorld;
  readonly #name: string;
  #connections = 0;
  known: CatalogProgress | undefined;
  /** Sequences that it showed, in their order. */
  readonly shown: number[] = [];

  constructor(world: LiveWorld, name: string) {
    this.#world = world;
    this.#name = name;
  }

  get connectionId(): string {
    return `${this.#name}-${this.#connections}`;
  }

  get isConnected(): boolean {
    return this.#world.open.has(this.connectionId);
  }

  async connect(): Promise<void> {
    this.#connections += 1;
    await this.#world.connectAs("user-1", this.connectionId);
    // An invocation that fails is counted by Lambda; its client hears nothing of it.
    await this.#world
      .say(this.connectionId, { action: "subscribe_to_catalog", catalog_id: CATALOG })
      .catch((error: unknown) => {
        if (!(error instanceof TransientError)) throw error;
      });
  }

  async leave(isReported: boolean): Promise<void> {
    await this.#world.leave(this.connectionId, isReported);
  }

  take(message: CatalogProgress): void {
    if (!isNews(this.known, message)) return;
    this.known = message;
    this.shown.push(message.sequence);
  }
}

const fault = fc.oneof(
  { weight: 4, arbitrary: fc.constant<SocketFault>("none") },
  { weight: 1, arbitrary: fc.constantFrom<SocketFault>("lost", "unanswered", "limited") },
);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("record" as const), waitMs: fc.nat(300) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("deliver" as const),
      worker: fc.constantFrom<0 | 1>(0, 1),
      most: fc.integer({ min: 1, max: 4 }),
      again: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("connect" as const), client: fc.nat(CLIENTS - 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("leave" as const),
      client: fc.nat(CLIENTS - 1),
      isReported: fc.boolean(),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Runs steps of which some overlap, then all that must still happen: records are delivered, clients connect again. */
const play = async (
  steps: readonly (Step & { readonly overlaps: boolean })[],
  faults: readonly SocketFault[],
  ticks: readonly number[],
) => {
  let moment = 0;
  const world = new LiveWorld(async () => {
    const pause = ticks[moment++ % ticks.length] ?? 0;
    for (let n = 0; n < pause; n += 1) await Promise.resolve();
  });
  let call = 0;
  world.fault = () => faults[call++ % faults.length] ?? "none";
  let run: RunRow = await world.putRun({ uploaded: PRODUCTS, pending: PRODUCTS, state: "running" });
  const stream: RunRow[] = [];
  let position = 0;
  const clients = Array.from({ length: CLIENTS }, (_, n) => new Client(world, `client${n}`));
  world.onArrival = (id, message) => {
    if (message.type === "catalog_progress") clients.find((one) => one.connectionId === id)?.take(message);
  };
  const record = async (waitMs: number): Promise<void> => {
    if (run.pending === 0) return;
    world.nowMs += waitMs;
    const pending = run.pending - 1;
    const state = pending === 0 ? ("completed" as const) : run.state;
    run = await world.putRun({ ...run, pending, enriched: run.enriched + 1, sequence: run.sequence + 1, state });
    stream.push(run);
  };
  let delivering = Promise.resolve();
  /** Batches of a shard follow each other, whichever instance has them; what fails, or is delivered twice, comes again. */
  const deliver = (worker: 0 | 1, most: number, again: boolean): Promise<void> => {
    delivering = delivering.then(async () => {
      const batch = stream.slice(position, position + most);
      if (batch.length === 0) return;
      try {
        const { batchItemFailures } = await world.broadcast(worker, batch);
        if (batchItemFailures.length === 0 && !again) position += batch.length;
      } catch {
        world.nowMs += 1;
      }
    });
    return delivering;
  };
  const doStep = async (one: Step): Promise<void> => {
    if (one.kind === "record") await record(one.waitMs);
    else if (one.kind === "deliver") await deliver(one.worker, one.most, one.again);
    else if (one.kind === "leave") await clients[one.client]?.leave(one.isReported);
    else if (!clients[one.client]?.isConnected) await clients[one.client]?.connect();
  };
  const open: Promise<void>[] = [];
  for (const one of steps) {
    const doing = doStep(one);
    open.push(doing);
    if (!one.overlaps) await doing;
  }
  await Promise.all(open);
  while (run.pending > 0) await record(100);
  // The faults pass; until then Lambda tries again.
  world.fault = () => "none";
  while (position < stream.length) await deliver(0, 10, false);
  // Every client pings in the end, which shows the one whose connection was forgotten that it must connect again.
  for (const client of clients) {
    if (client.isConnected) await world.say(client.connectionId, { action: "ping" });
    if (!client.isConnected) await client.connect();
  }
  return { world, clients, run };
};

it("loses no final state and never goes back, whatever is lost, repeated, late or reconnected; four updates a second", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(step, fc.boolean()).map(([one, overlaps]) => ({ ...one, overlaps })),
        { maxLength: 30 },
      ),
      fc.array(fault, { minLength: 1, maxLength: 20 }),
      fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }),
      async (steps, faults, ticks) => {
        const { world, clients, run } = await play(steps, faults, ticks);
        for (const client of clients) {
          expect(client.known).toMatchObject({ sequence: run.sequence, state: "completed" });
          expect(client.shown).toEqual([...new Set(client.shown)].sort((a, b) => a - b));
        }
        // Listeners of one push get it at one moment; a snapshot is an answer and no update.
        const snapshots = new Set<unknown>();
        world.arrived.forEach(({ connectionId, message }, index) => {
          const next = world.arrived.slice(index + 1).find((one) => one.connectionId === connectionId);
          if (message.type === "subscribed" && next) snapshots.add(next.message);
        });
        const moments = world.arrived
          .filter(({ message }) => message.type === "catalog_progress" && !snapshots.has(message))
          .map(({ atMs }) => atMs);
        const distinct = [...new Set(moments)].sort((a, b) => a - b);
        for (const [index, at] of distinct.slice(4).entries()) {
          expect(at - (distinct[index] ?? 0)).toBeGreaterThanOrEqual(4 * UPDATE_INTERVAL_MS - UPDATE_INTERVAL_MS);
        }
      },
    ),
    { seed: SEED, numRuns: testRuns(60) },
  );
});
