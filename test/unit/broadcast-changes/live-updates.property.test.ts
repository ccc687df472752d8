import fc from "fast-check";
import { expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { type CatalogProgress, isNews } from "../../../lambdas/common/core/live/catalog-progress.ts";
import { UPDATE_INTERVAL_MS } from "../../../lambdas/common/core/live/live-limits.ts";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { CATALOG, LiveWorld, type SocketFault } from "../../helpers/worlds/live-world.ts";
import { History, seen } from "./catalog-history.ts";
import { Deliveries } from "./stream-deliveries.ts";

const SEED = testSeed("live updates");
const CLIENTS = 3;

/** A client as docs/live.md describes it: it keeps what is news, and connects again when it is disconnected. */
class Client {
  readonly #world: LiveWorld;
  readonly #name: string;
  #connections = 0;
  /** What it showed, in its order. */
  readonly shown: CatalogProgress[] = [];

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
    if (isNews(this.shown.at(-1), message)) this.shown.push(message);
  }
}

const fault = fc.oneof(
  { weight: 4, arbitrary: fc.constant<SocketFault>("none") },
  { weight: 1, arbitrary: fc.constantFrom<SocketFault>("lost", "unanswered", "limited") },
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("advance" as const), waitMs: fc.nat(300), way: fc.nat(5) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("touch" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("deliver" as const),
      lane: fc.nat(3),
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

/** Chance, beside the steps. */
interface Chance {
  readonly faults: readonly SocketFault[];
  /** How long calls of tables take, one after the other. */
  readonly ticks: readonly number[];
  readonly rowsApart: boolean;
  /** Which way the catalog goes in the end. */
  readonly ways: readonly number[];
}

/** Runs steps of which some overlap, then all that must still happen: records are delivered, clients connect again. */
const play = async (
  steps: readonly (Step & { readonly overlaps: boolean })[],
  { faults, ticks, rowsApart, ways }: Chance,
) => {
  let moment = 0;
  const world = new LiveWorld(async () => {
    const pause = ticks[moment++ % ticks.length] ?? 0;
    for (let n = 0; n < pause; n += 1) await Promise.resolve();
  });
  let call = 0;
  world.fault = () => faults[call++ % faults.length] ?? "none";
  const history = await History.begin(world);
  const deliveries = new Deliveries(world, history.stream, rowsApart);
  const clients = Array.from({ length: CLIENTS }, (_, n) => new Client(world, `client${n}`));
  world.onArrival = (id, message) => {
    if (message.type === "catalog_progress") clients.find((one) => one.connectionId === id)?.take(message);
  };
  const doStep = async (one: Step): Promise<void> => {
    if (one.kind === "advance") await history.advance(one.waitMs, one.way);
    else if (one.kind === "touch") await history.touch();
    else if (one.kind === "deliver") {
      const { lanes } = deliveries;
      const lane = lanes[one.lane % Math.max(lanes.length, 1)];
      if (lane !== undefined) await deliveries.deliver(lane, one.worker, one.most, one.again);
    } else if (one.kind === "leave") await clients[one.client]?.leave(one.isReported);
    else if (!clients[one.client]?.isConnected) await clients[one.client]?.connect();
  };
  const open: Promise<void>[] = [];
  for (const one of steps) {
    const doing = doStep(one);
    open.push(doing);
    if (!one.overlaps) await doing;
  }
  await Promise.all(open);
  for (let n = 0; !history.isOver; n += 1) await history.advance(100, ways[n % ways.length] ?? 0);
  // The faults pass; until then Lambda tries again.
  world.fault = () => "none";
  for (const lane of (ways[0] ?? 0) % 2 === 0 ? deliveries.lanes : deliveries.lanes.reverse()) {
    while (!deliveries.isDone(lane)) await deliveries.deliver(lane, 0, 10, false);
  }
  // Every client pings in the end, which shows the one whose connection was forgotten that it must connect again.
  for (const client of clients) {
    if (client.isConnected) await world.say(client.connectionId, { action: "ping" });
    if (!client.isConnected) await client.connect();
  }
  return { world, clients, states: history.states };
};

it("loses no final state and never goes back, with a run or without, whatever is lost, repeated, late or reconnected; an update each quarter of a second", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(step, fc.boolean()).map(([one, overlaps]) => ({ ...one, overlaps })),
        { maxLength: 30 },
      ),
      fc.record({
        faults: fc.array(fault, { minLength: 1, maxLength: 20 }),
        ticks: fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }),
        rowsApart: fc.boolean(),
        ways: fc.array(fc.nat(5), { minLength: 1, maxLength: 5 }),
      }),
      async (steps, chance) => {
        const { world, clients, states } = await play(steps, chance);
        for (const { shown } of clients) {
          const places = shown.map(({ tracking_id, state, counts: { pending, enriched } }) =>
            states.indexOf(seen({ tracking_id, state, pending, enriched })),
          );
          expect(places.at(-1), "the place of the final state").toBe(states.length - 1);
          expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
          expect(places).not.toContain(-1);
        }
        const pushed = world.arrived
          .filter(({ isPush }) => isPush)
          .map(({ connectionId, rightMs = Number.NaN }) => ({ connectionId, rightMs }));
        expect(
          pushed.filter(({ rightMs }) => Number.isNaN(rightMs)),
          "messages sent without a right to it",
        ).toEqual([]);
        const rights = [...new Set(pushed.map(({ rightMs }) => rightMs))].sort((a, b) => a - b);
        for (const [index, rightMs] of rights.slice(1).entries()) {
          expect(rightMs - (rights[index] ?? 0), "milliseconds between rights").toBeGreaterThanOrEqual(
            UPDATE_INTERVAL_MS,
          );
        }
        const ofRight = pushed.map(({ connectionId, rightMs }) => `${connectionId} ${rightMs}`);
        expect(ofRight, "one message to a connection by a right").toEqual([...new Set(ofRight)]);
      },
    ),
    { seed: SEED, numRuns: testRuns(60) },
  );
});
