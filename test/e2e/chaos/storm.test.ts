import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CallReport } from "../../../local/upstreams/shared/server/call-report.ts";
import { type Act, cancelling } from "../../helpers/chaos/acts.ts";
import { Checkpoints } from "../../helpers/chaos/checkpoints.ts";
import { DeadLetters } from "../../helpers/chaos/dead-letters.ts";
import { type Account, recount } from "../../helpers/chaos/ledger.ts";
import { despitePoison, poisonMet } from "../../helpers/chaos/poison.ts";
import { chaosSeed } from "../../helpers/chaos/seeded.ts";
import { GARBAGE, MUST_STRIKE, stormActs } from "../../helpers/chaos/storm-acts.ts";
import { openStormWorld, type StormWorld } from "../../helpers/chaos/storm-world.ts";
import { UploadTime } from "../../helpers/chaos/upload-time.ts";
import { asinSeries } from "../../helpers/e2e/asins.ts";
import { notApplied } from "../../helpers/e2e/fault-switches.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";
import { testRuns } from "../../helpers/test-runs.ts";

/*
 * Everything goes wrong at once, on a deployed stack of its own: functions that share one upstream allowance work on
 * some 6,000 products of three users, while their processes are killed and frozen, AWS fails under them in every way
 * that it can, messages come twice, late and unreadable, and the upstream goes away. What is checked is what must
 * hold all the same: after each trouble, and when all is over.
 */

/** Rate of the simulated upstream and of the stage, near what a machine of two cores can do. */
const CALLS_PER_SECOND = 20;
/** Of the stage and of the simulator: some three times what the storm needs. */
const UNITS_PER_DAY = testRuns(2_000);
/** Longer than a lease of the shortest function time limit, so that what a dead worker held is free when it returns. */
const VISIBILITY_SECONDS = 75;
/** Each kind of trouble finds fresh work whatever the sizes are; `TEST_RUNS` makes the catalogs as many times larger. */
const BULK_SIZES = [900, 800, 700].map(testRuns);
/** Small catalogs that come before each act, so that there is fresh work for it to hit. */
const SMALL_AT_A_TIME = 2;
/** Products that the upstream refuses, and must fail, and are the only ones that may. */
const REFUSED = 7;
/** Longest time in which nothing at all may move after the last trouble: one visibility time-out and far more. */
const STILL_SECONDS = VISIBILITY_SECONDS + 180;
const LET_TIME_PASS_EVERY_MS = 4_000;
/** Deliveries after which the poison has come back at least once: it was not dropped. */
const POISON_REFUSALS = 2;
const POISON_SECONDS = VISIBILITY_SECONDS + 180;

const random = chaosSeed("storm");
const refused = asinSeries("CHNO", REFUSED);
let world: StormWorld;
let checkpoints: Checkpoints;
let deadLetters: DeadLetters;
/** All that was played, in order. */
let acts: readonly Act[] = [];
let calls: CallReport;
let met: Awaited<ReturnType<typeof poisonMet>>;
let abandoned: number;
let accounts: Account[] = [];
const uploadTime = new UploadTime();
const { begin: beginCancelled, cancelRun } = cancelling();

let passedAt = 0;
/** What five minutes bring, from time to time: the breaker's cool-down is over, and batches that wait are due. */
const letTimePass = async (): Promise<void> => {
  if (Date.now() - passedAt < LET_TIME_PASS_EVERY_MS) return;
  await world.deployed.limits.change((item) =>
    item.breaker === "open" ? { ...item, open_until_ms: Math.min(item.open_until_ms ?? 0, Date.now()) } : item,
  );
  for (const { catalog_id, open_shard } of world.watcher.latest) {
    if (open_shard) await despitePoison(() => world.deployed.letTimePass(catalog_id));
  }
  await deadLetters.letTimePass();
  if (await uploadTime.pass(world)) await despitePoison(() => world.deployed.invoke("reconcile"));
  passedAt = Date.now();
};

const play = async (act: Act): Promise<void> => {
  const from = Date.now();
  await act.play(world, random.branch());
  const played = Date.now();
  await checkpoints.after(act.name);
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  console.log(
    `storm: ${act.name} took ${seconds(played - from)} s, the check after it ${seconds(Date.now() - played)} s`,
  );
};

const isOver = (): boolean =>
  world.isAllUploaded() &&
  world.watcher.latest.length === world.accepted.length &&
  world.watcher.latest.every(({ open_shard, pending }) => open_shard === undefined && pending === 0);

/** Waits for the end of every run, as long as something moves. */
const untilOver = async (): Promise<void> => {
  let movedAt = Date.now();
  let seen = "";
  while (!isOver()) {
    await letTimePass();
    const now = world.watcher.latest.map(({ pending }) => pending).join();
    if (now !== seen) movedAt = Date.now();
    seen = now;
    if (Date.now() - movedAt > STILL_SECONDS * 1_000) {
      const open = world.watcher.latest.filter((run) => run.open_shard);
      const batches = (await Promise.all(open.map(({ catalog_id }) => world.deployed.batches(catalog_id)))).flat();
      const stuck = batches.filter(({ items }) => items.some(({ state }) => state === "pending"));
      throw new Error(`nothing moved for ${STILL_SECONDS} s in ${JSON.stringify({ open, stuck })}`);
    }
    await delay(250);
  }
};

beforeAll(async () => {
  world = await openStormWorld(
    {
      sources: [{ id: "creators-api", calls_per_second: CALLS_PER_SECOND, units_per_day: UNITS_PER_DAY }],
      visibility_timeout_seconds: VISIBILITY_SECONDS,
      api_calls_per_second: 1_000,
      api_burst_calls: 2_000,
    },
    random.branch(),
  );
  const { upstream, watcher, ledger, upload } = world;
  deadLetters = new DeadLetters(world.deployed);
  checkpoints = new Checkpoints({ watcher, ledger, upstream, callsPerSecond: CALLS_PER_SECOND });
  await upstream.begin({
    calls_per_second: CALLS_PER_SECOND,
    calls_per_day: UNITS_PER_DAY,
    fail_asins: Object.fromEntries(refused.map((asin) => [asin, "ItemNotAccessible"])),
  });
  watcher.start();
  const from = Date.now();

  const bulk = BULK_SIZES.map((size, index) => [...asinSeries(`CHB${index}`, size), ...(index === 0 ? refused : [])]);
  for (const [index, asins] of bulk.entries()) void upload(index, `bulk ${index}`, asins);
  beginCancelled(world);
  await waitFor(
    "the first run to move",
    async () => watcher.latest,
    (runs) => runs.some(({ enriched }) => enriched > 0),
    240,
  );

  const { stormy: order, last } = stormActs({ random, letTimePass, cancelRun, unitsPerDay: UNITS_PER_DAY });
  acts = [...order, ...last];
  const small = random.branch();
  let made = 0;
  for (const [index, act] of order.entries()) {
    // The same products once more, by another user: some are in the table by then, some are not.
    const repeated = index - Math.floor(order.length / 2);
    const again = bulk[repeated];
    if (again) void upload(repeated + 1, `again ${repeated}`, again);
    for (let more = 0; more < SMALL_AT_A_TIME; more += 1, made += 1) {
      const own = asinSeries(`CS${String(made).padStart(2, "0")}`, small.whole(3, 60));
      // Some products are in a large catalog too.
      void upload(made, `small ${made}`, [...own, ...asinSeries("CHB0", small.whole(0, 20))]);
    }
    await play(act);
  }
  for (const act of last) await play(act);
  await Promise.all([world.allUploaded(), untilOver()]);
  await checkpoints.after("all of it");
  console.log(`storm: over after ${((Date.now() - from) / 1_000).toFixed(1)} s`);
  await despitePoison(() => world.deployed.invoke("reconcile"));
  met = await waitFor(
    "the poison to be met and to come back",
    () => poisonMet(world),
    ({ refusals, passed_over }) => refusals >= POISON_REFUSALS && passed_over > 0,
    POISON_SECONDS,
  );
  abandoned = (await world.leases.abandoned()).length;
  await watcher.stop();
  calls = await upstream.calls();
  for (const { catalog_id } of world.accepted) accounts = [...accounts, ...(await ledger.accounts(catalog_id))];
}, 1_800_000);

afterAll(async () => {
  await world?.close();
}, 240_000);

describe("after a storm of faults", () => {
  it("every kind of trouble had really struck", () => {
    const { proxy, struck, log, functions, watcher } = world;
    const tallies = proxy.tallies.report();
    const applied = Object.entries(tallies).map(([name, tally]) => [name, tally.applied] as const);
    const counts: Record<string, number> = Object.fromEntries([...applied, ...struck]);
    console.log(
      `storm: ${JSON.stringify(counts)}; ${abandoned} batches abandoned; ${accounts.length} runs, ${watcher.checks} checks`,
    );
    for (const name of MUST_STRIKE) {
      expect(counts[name] ?? 0, name).toBeGreaterThan(0);
    }
    expect(notApplied(tallies), "what was to happen and did not").toEqual({});
    // Of the functions that work on batches, not of any: the emulator's word for both.
    expect(log.diedMidBatch(functions.enrich), "died while at work on messages").toBeGreaterThan(0);
    expect(abandoned, "batches that a dead worker had taken and never recorded").toBeGreaterThan(0);
    expect(log.timedOut(functions.enrich), "ran into their time limit").toBeGreaterThan(0);
  });

  it("the poison among good messages had been met by a worker, came back, and stopped nobody", () => {
    console.log(`storm: poison ${JSON.stringify(met)}`);
    expect(met.taken, "a worker took the row").toBe(true);
    expect(met.refusals, "deliveries").toBeGreaterThanOrEqual(POISON_REFUSALS);
    expect(met.passed_over, "passes of the housekeeping").toBeGreaterThan(0);
  });

  it("the counts of every run had added up at every check", () => {
    expect(world.watcher.checks).toBeGreaterThan(1_000);
    expect(world.watcher.faults).toEqual([]);
  });

  it("after each trouble the counts added up, the limit was kept, and every open run moved or said why not", () => {
    const { explainedNew, explainedStill } = checkpoints;
    console.log(`storm: ${explainedStill} times a run that stood still said why, ${explainedNew} times a new one`);
    expect(checkpoints.faults).toEqual([]);
    expect(checkpoints.passed).toEqual([...acts.map(({ name }) => name), "all of it"]);
    // There were some to ask, else nothing was learnt.
    expect(explainedStill).toBeGreaterThan(0);
    expect(explainedNew).toBeGreaterThan(0);
  });

  it("more than 4,800 products had been accepted, and every one has an end, each once", () => {
    expect(accounts.reduce((sum, { run }) => sum + run.uploaded, 0)).toBeGreaterThan(testRuns(4_800));
    expect(accounts).toHaveLength(world.accepted.length);
    for (const account of accounts) {
      const asins = world.uploaded.get(account.run.catalog_id) ?? [];
      const sent = account.batches.flatMap(({ items }) => items.map(({ asin }) => asin));
      expect(account.run).toMatchObject({ ...recount(account), pending: 0, uploaded: asins.length });
      if (account.run.state === "cancelled") {
        // What was sent before the cancel, each once.
        expect(new Set(sent).size).toBe(sent.length);
        expect(asins).toEqual(expect.arrayContaining(sent));
        expect(account.run.enriched).toBeGreaterThan(0);
        expect(account.run.cancelled).toBeGreaterThan(0);
      } else {
        expect(sent.sort()).toEqual([...asins].sort());
        expect(account.run.cancelled).toBe(0);
      }
    }
    // No run but those that somebody cancelled.
    const ended = accounts.filter(({ run }) => run.state === "cancelled");
    expect(ended).toHaveLength(world.struck.get("runs cancelled") ?? 0);
  });

  it("only what the upstream refuses has failed, with the upstream's code", () => {
    const failed = accounts.flatMap(({ batches }) =>
      batches.flatMap(({ items }) => items.filter(({ state }) => state === "failed")),
    );
    expect(failed.map(({ asin, error_code }) => `${asin} ${error_code}`).sort()).toEqual(
      // Two catalogs have them.
      [...refused, ...refused].map((asin) => `${asin} ItemNotAccessible`).sort(),
    );
  });

  it("every enriched product is in the table", async () => {
    const enriched = new Set(
      accounts.flatMap(({ batches }) =>
        batches.flatMap(({ items }) => items.filter(({ state }) => state === "enriched").map(({ asin }) => asin)),
      ),
    );
    expect((await world.ledger.stored([...enriched])).size).toBe(enriched.size);
  });

  it("the upstream's limits had been kept", () => {
    console.log(`storm: upstream calls ${JSON.stringify(calls)}`);
    expect(calls.by_status["429"]).toBeUndefined();
    expect(calls.max_calls_in_any_second).toBeLessThanOrEqual(CALLS_PER_SECOND);
  });

  it("nothing accepted has been lost, and nothing was made that no user has", async () => {
    const listed = (await Promise.all([0, 1, 2].map((number) => world.user(number).catalogs()))).flat();
    expect(listed.map(({ catalog_id }) => catalog_id)).toEqual(
      expect.arrayContaining(world.accepted.map(({ catalog_id }) => catalog_id)),
    );
    // A second copy could only come of a repeated upload, and its products would have to have an end as well.
    for (const { catalog_id } of listed) {
      for (const account of await world.ledger.accounts(catalog_id)) {
        expect(account.run).toMatchObject(recount(account));
      }
    }
  });

  it("what cannot be read is in the dead-letter queue, byte by byte, and no message with work left", async () => {
    const bodies = () => [...deadLetters.bodies.enrich, ...deadLetters.bodies["enrich-express"]];
    await waitFor(
      "every unreadable message",
      async () => {
        await deadLetters.letTimePass();
        return GARBAGE.filter((body) => !bodies().includes(body)).map((body) => body.slice(0, 40));
      },
      (missing) => missing.length === 0,
      180,
    );
    expect(
      bodies()
        .filter((body) => GARBAGE.includes(body))
        .sort(),
    ).toEqual([...GARBAGE].sort());
    // A good message that five workers in a row died with, or could not record, may be there: its row was the work.
    const { good } = deadLetters;
    console.log(`storm: ${good.length} good messages in the dead-letter queue`);
    const rows = accounts.flatMap(({ batches }) => batches);
    for (const { batch_id } of good) {
      const row = rows.find((one) => one.batch_id === batch_id);
      expect(row, batch_id).toBeDefined();
      expect(row?.items.filter(({ state }) => state === "pending")).toEqual([]);
    }
  });
});
