import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WakeUps } from "../../../lambdas/adapters/wake-ups.ts";
import { wakeUpFor } from "../../../lambdas/core/batch-wake-up.ts";
import { clientConfig } from "../../../local/aws-environment.ts";
import { layoutOf } from "../../../local/layout.ts";
import { readStackOutputs } from "../../../local/stack/read-stack-outputs.ts";
import { FaultProxy } from "../../helpers/chaos/fault-proxy.ts";
import * as faults from "../../helpers/chaos/faults.ts";
import { FunctionWorkers } from "../../helpers/chaos/function-workers.ts";
import { KillableGateway } from "../../helpers/chaos/killable-gateway.ts";
import { type Account, Ledger, recount } from "../../helpers/chaos/ledger.ts";
import { type Accepted, persistentUpload } from "../../helpers/chaos/persistent-upload.ts";
import { rerouteFunctions } from "../../helpers/chaos/reroute-functions.ts";
import { RunWatcher } from "../../helpers/chaos/run-watcher.ts";
import { chaosSeed, type Seeded } from "../../helpers/chaos/seeded.ts";
import { Api } from "../../helpers/e2e/api.ts";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { Deployed } from "../../helpers/e2e/deployed.ts";
import { type Calls, Upstream } from "../../helpers/e2e/upstream.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";
import { type LocalStack, startLocalStack } from "../../helpers/local-stack.ts";

/*
 * Everything goes wrong at once, on a deployed stack of its own: functions that share one upstream allowance work on
 * over 10,000 products of three users, while their processes are killed and frozen, AWS fails under them in every way
 * that it can, messages come twice, late and unreadable, and the upstream goes away. What is checked is what must
 * hold all the same.
 */

/** Rate of the simulated upstream and of the stage, near what a machine of two cores can do. */
const CALLS_PER_SECOND = 20;
/** Longer than a lease of the shortest function time-out, so that what a dead worker held is free when it returns. */
const VISIBILITY_SECONDS = 75;
const BULK_SIZES = [1_900, 1_700, 1_500] as const;
/** Small catalogs that come before each act, so that there is fresh work for it to hit. */
const SMALL_A_TIME = 2;
/** Longest wait for something that a trouble can hit. */
const MEET_SECONDS = 100;
/** Products that the upstream refuses, and must fail, and are the only ones that may. */
const REFUSED = 7;
/** Longest time in which nothing at all may move after the last trouble: one visibility time-out and some more. */
const STILL_SECONDS = VISIBILITY_SECONDS + 60;
const LET_TIME_PASS_EVERY_MS = 8_000;

const random = chaosSeed("storm");
let stack: LocalStack;
let proxy: FaultProxy;
let gateway: KillableGateway;
let deployed: Deployed;
let upstream: Upstream;
let watcher: RunWatcher;
let ledger: Ledger;
let workers: FunctionWorkers;
let documents: DynamoDBDocumentClient;
let sqs: SQSClient;
let users: Api[];

const accepted: Accepted[] = [];
const uploads: Promise<void>[] = [];
const uploaded = new Map<string, readonly string[]>();
const refused = asinSeries("CHNO", REFUSED);
/** How often each trouble that is not the proxy's struck. */
const struck = new Map<string, number>();
const strike = (what: string, times = 1): void => void struck.set(what, (struck.get(what) ?? 0) + times);
let garbage: string[] = [];
let calls: Calls;
let accounts: Account[] = [];

const upload = (api: Api | undefined, name: string, asins: readonly string[]): void => {
  if (!api) throw new Error("no such user");
  const done = persistentUpload(api, name, csvOf(asins)).then((answer) => {
    accepted.push(answer);
    uploaded.set(answer.catalog_id, asins);
    watcher.watch(answer);
  });
  // Looked at when all are sent.
  done.catch(() => undefined);
  uploads.push(done);
};

/** Batches that a worker holds at this moment. */
const held = async (): Promise<number> => {
  const now = new Date().toISOString();
  const rows = await Promise.all(
    [...accepted.slice(0, 3), ...accepted.slice(-4)].map(({ catalog_id }) => deployed.batches(catalog_id)),
  );
  return rows.flat().filter(({ lease_until, lease_owner }) => lease_owner && (lease_until ?? "") > now).length;
};

const killMidBatch = async (draws: Seeded): Promise<void> => {
  await delay(draws.between(0, 800));
  await waitFor("a worker that holds a batch", held, (batches) => batches > 0, MEET_SECONDS);
  strike("workers killed mid-batch", await workers.signal("Enrich", "SIGKILL"));
};

const freeze = async (draws: Seeded): Promise<void> => {
  strike("workers frozen", await workers.signal("Enrich", "SIGSTOP"));
  await delay(draws.between(500, 2_500));
  await workers.signal("Enrich", "SIGCONT");
};

/** Wake-ups of batches that others work on, that are done or that are still to come, out of order. */
const duplicate = async (draws: Seeded): Promise<void> => {
  const rows = await Promise.all(accepted.map(({ catalog_id }) => deployed.batches(catalog_id)));
  const chosen = draws.shuffled(rows.flat()).slice(0, 60);
  const wakeUps = chosen.map((row) => ({
    message: wakeUpFor(draws.next() < 0.3 ? { ...row, generation: 1 } : row),
    delay_seconds: draws.whole(0, 3),
  }));
  const queue = deployed.queue(draws.next() < 0.7 ? "enrich" : "enrich-express").url;
  await new WakeUps(sqs).send(queue, wakeUps);
  strike("messages delivered again", wakeUps.length);
};

const litter = async (draws: Seeded): Promise<void> => {
  garbage = draws.shuffled([
    "{",
    "null",
    "[]",
    '"text"',
    "<xml/>",
    "x".repeat(90_000),
    JSON.stringify({ version: 2 }),
    JSON.stringify({ version: 1, catalog_id: "c", products: [] }),
  ]);
  for (const body of garbage) await deployed.send(deployed.queue("enrich").url, body);
  strike("unreadable messages", garbage.length);
};

/** A row that no version of the product could have written, and a message that leads to it. */
const poison = async (): Promise<void> => {
  const [victim] = accepted;
  const [row] = victim ? await deployed.batches(victim.catalog_id) : [];
  if (!row) throw new Error("nothing was accepted yet");
  const broken = { ...row, catalog_id: "cat_poison", batch_id: "enrich_cat_poison_1#0000001", items: "poison" };
  const due_at = new Date(Date.now() - 60_000).toISOString();
  await documents.send(
    new PutCommand({
      TableName: stack.outputs.tables["enrichment-status"],
      Item: { ...broken, state: "queued", generation: 1, due_shard: "0", due_at },
    }),
  );
  const { catalog_id, batch_id } = broken;
  const body = JSON.stringify({ ...wakeUpFor(row), catalog_id, batch_id, generation: 2 });
  await deployed.send(deployed.queue("enrich").url, body);
  strike("poison");
};

const killGateway = async (draws: Seeded): Promise<void> => {
  // In the middle of an upload, which its client must then send again.
  upload(users[1], "while the gateway dies", asinSeries("CHGW", 240));
  await delay(draws.between(5, 300));
  await gateway.kill();
  strike("gateways killed");
  await delay(draws.between(300, 1_500));
  await gateway.start();
};

const awsTrouble =
  (trouble: faults.Trouble) =>
  async (draws: Seeded): Promise<void> => {
    const end = proxy.begin(trouble);
    await delay(draws.between(1_000, 2_500));
    // With many workers dead there may be little to meet for a while.
    await waitFor(
      trouble.name,
      async () => proxy.met.get(trouble.name) ?? 0,
      (met) => met > 0,
      MEET_SECONDS,
    );
    end();
  };

/** The upstream goes away until its breaker opens, and comes back when the cool-down is over. */
const upstreamDies = async (): Promise<void> => {
  await upstream.set({ outage: 503 });
  await waitFor(
    "an open breaker",
    () => deployed.limit(),
    (item) => item?.breaker === "open",
    40,
  );
  await waitFor(
    "a run that waits for the source",
    async () => watcher.latest,
    (runs) =>
      runs.some(({ state, blocked_by }) => state === "waiting_for_source" && blocked_by[0]?.code === "circuit-open"),
    40,
  );
  strike("upstream outages");
  await upstream.set({ outage: false });
};

/** What five minutes bring: the breaker's cool-down is over, and batches that wait are due. */
const letTimePass = async (): Promise<void> => {
  await deployed.changeLimit((item) =>
    item.breaker === "open" ? { ...item, open_until_ms: Math.min(item.open_until_ms ?? 0, Date.now()) } : item,
  );
  for (const { catalog_id, open_shard } of watcher.latest) if (open_shard) await deployed.letTimePass(catalog_id);
};

const isOver = (): boolean =>
  watcher.latest.length === accepted.length && watcher.latest.every(({ state }) => state.startsWith("completed"));

/** Waits for the end of every run, as long as something moves. */
const untilOver = async (): Promise<void> => {
  let movedAt = Date.now();
  let seen = "";
  let passedAt = 0;
  while (!isOver()) {
    if (Date.now() - passedAt > LET_TIME_PASS_EVERY_MS) {
      await letTimePass();
      passedAt = Date.now();
    }
    const now = watcher.latest.map(({ pending }) => pending).join();
    if (now !== seen) movedAt = Date.now();
    seen = now;
    if (Date.now() - movedAt > STILL_SECONDS * 1_000) {
      const open = watcher.latest.filter((run) => run.open_shard);
      throw new Error(`nothing moved for ${STILL_SECONDS} s in ${JSON.stringify(open)}`);
    }
    await delay(250);
  }
};

beforeAll(async () => {
  stack = await startLocalStack({
    settings: {
      sources: [{ id: "creators-api", calls_per_second: CALLS_PER_SECOND, units_per_day: 1_000_000 }],
      visibility_timeout_seconds: VISIBILITY_SECONDS,
      api_calls_per_second: 1_000,
      api_burst_calls: 2_000,
    },
  });
  const { outputs, dir } = stack;
  proxy = new FaultProxy(outputs.emulatorUrl, random.branch());
  await rerouteFunctions(outputs.emulatorUrl, dir, await proxy.start());
  gateway = new KillableGateway(outputs.emulatorUrl, readStackOutputs(join(dir, "stack-outputs.json")).apiId);
  await gateway.start();
  deployed = new Deployed(outputs, dir);
  documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(outputs.emulatorUrl)));
  sqs = new SQSClient(clientConfig(outputs.emulatorUrl));
  workers = new FunctionWorkers(layoutOf(dir));
  const { "enrichment-status": status = "", products = "" } = outputs.tables;
  watcher = new RunWatcher(outputs.emulatorUrl, status);
  ledger = new Ledger(outputs.emulatorUrl, { status, products });
  upstream = new Upstream(outputs);
  await upstream.begin({
    calls_per_second: CALLS_PER_SECOND,
    calls_per_day: 1_000_000,
    fail_asins: Object.fromEntries(refused.map((asin) => [asin, "ItemNotAccessible"])),
  });
  users = await Promise.all(
    (["demo", "other", "operator"] as const).map(
      async (user) => new Api(`${gateway.url}/api/v1`, await stack.token(user)),
    ),
  );
  watcher.start();

  const bulk = BULK_SIZES.map((size, index) => [...asinSeries(`CHB${index}`, size), ...(index === 0 ? refused : [])]);
  bulk.forEach((asins, index) => {
    upload(users[index], `bulk ${index}`, asins);
  });
  await waitFor(
    "the first run to move",
    async () => watcher.latest,
    (runs) => runs.some(({ enriched }) => enriched > 0),
    60,
  );

  const acts: ((draws: Seeded) => Promise<void>)[] = [
    killMidBatch,
    killMidBatch,
    freeze,
    duplicate,
    litter,
    poison,
    killGateway,
    awsTrouble(faults.dynamoThrottled(random.between(0.2, 0.6))),
    awsTrouble(faults.dynamoFailing(random.between(0.5, 1))),
    awsTrouble(faults.dynamoAnswersLost(random.between(0.1, 0.4))),
    awsTrouble(faults.transactionConflicts(random.between(0.4, 1))),
    awsTrouble(faults.s3Failing(random.between(0.5, 1))),
    awsTrouble(faults.sqsFailing(random.between(0.3, 0.8))),
  ];
  // Last, because a worker that is killed cannot run into its time limit.
  const order = [...random.shuffled(acts), awsTrouble(faults.writesHang(2))];
  const small = random.branch();
  let made = 0;
  for (const [index, act] of order.entries()) {
    // The same products once more, by another user: some are in the table by then, some are not.
    const again = bulk[index - Math.floor(order.length / 2)];
    if (again) upload(users[(index + 1) % 3], `again ${index}`, again);
    for (let more = 0; more < SMALL_A_TIME; more += 1, made += 1) {
      const own = asinSeries(`CS${String(made).padStart(2, "0")}`, small.whole(3, 60));
      // Some products are in a large catalog too.
      upload(users[made % 3], `small ${made}`, [...own, ...asinSeries("CHB0", small.whole(0, 20))]);
    }
    await act(random.branch());
  }
  await Promise.all(uploads);
  await upstreamDies();
  await untilOver();
  await watcher.look();
  await watcher.stop();
  calls = await upstream.calls();
  for (const { catalog_id } of accepted) accounts = [...accounts, ...(await ledger.accounts(catalog_id))];
}, 900_000);

afterAll(async () => {
  await watcher?.stop();
  await gateway?.kill();
  await proxy?.stop();
  for (const client of [deployed, ledger]) client?.close();
  documents?.destroy();
  sqs?.destroy();
  await stack?.stop();
}, 60_000);

describe("after a storm of faults", () => {
  it("every kind of trouble had really struck", () => {
    const met = Object.fromEntries([...proxy.met, ...struck]);
    console.log(`storm: ${JSON.stringify(met)}; ${accounts.length} runs, ${watcher.looks} looks`);
    const log = readFileSync(join(stack.dir, "logs", "emulator.log"), "utf8");
    expect(/Enrich\S* timed out after/.test(log), "a function timed out").toBe(true);
    expect(log.includes("Worker process died"), "a function died").toBe(true);
    for (const name of [
      "workers killed mid-batch",
      "workers frozen",
      "messages delivered again",
      "unreadable messages",
      "poison",
      "gateways killed",
      "upstream outages",
      "DynamoDB throttles",
      "DynamoDB fails",
      "DynamoDB's answers get lost",
      "transactions conflict",
      "S3 fails",
      "SQS fails",
      "writes hang until the function times out",
    ]) {
      expect(met[name] ?? 0, name).toBeGreaterThan(0);
    }
  });

  it("the counts of every run had added up at every look", () => {
    expect(watcher.looks).toBeGreaterThan(1_000);
    expect(watcher.faults).toEqual([]);
  });

  it("more than 10,000 products had been accepted, and every one has an end, each once", () => {
    expect(accounts.reduce((sum, { run }) => sum + run.uploaded, 0)).toBeGreaterThan(10_000);
    expect(accounts).toHaveLength(accepted.length);
    for (const account of accounts) {
      const asins = uploaded.get(account.run.catalog_id) ?? [];
      const items = account.batches.flatMap(({ items }) => items);
      expect(items.map(({ asin }) => asin).sort()).toEqual([...asins].sort());
      expect(account.run).toMatchObject({ ...recount(account), pending: 0, cancelled: 0, uploaded: asins.length });
    }
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
    expect((await ledger.stored([...enriched])).size).toBe(enriched.size);
  });

  it("the upstream's limits had been kept", () => {
    console.log(`storm: upstream calls ${JSON.stringify(calls)}`);
    expect(calls.by_status["429"]).toBeUndefined();
    expect(calls.max_calls_in_any_second).toBeLessThanOrEqual(CALLS_PER_SECOND);
  });

  it("nothing accepted has been lost, and nothing was made that no user has", async () => {
    const listed = (await Promise.all(users.map((api) => api.catalogs()))).flat();
    expect(listed.map(({ catalog_id }) => catalog_id)).toEqual(
      expect.arrayContaining(accepted.map(({ catalog_id }) => catalog_id)),
    );
    // A second copy could only come of a repeated upload, and its products would have to have an end as well.
    for (const { catalog_id } of listed) {
      for (const account of await ledger.accounts(catalog_id)) expect(account.run).toMatchObject(recount(account));
    }
  });

  it("what cannot be read is in the dead-letter queue, byte by byte, and no good message is", async () => {
    const bodies: string[] = [];
    const { dlqUrl } = deployed.queue("enrich");
    await waitFor(
      "the unreadable messages",
      async () => {
        bodies.push(...(await deployed.take(dlqUrl)));
        return bodies.length;
      },
      (count) => count >= garbage.length,
      60,
    );
    expect(bodies.filter((body) => garbage.includes(body)).sort()).toEqual([...garbage].sort());
    const others = bodies.filter((body) => !garbage.includes(body));
    expect(others.filter((body) => !body.includes("cat_poison"))).toEqual([]);
  });
});
