import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { asins, isDone } from "./shared/bench-api.ts";
import { startBenchStack } from "./shared/bench-stack.ts";
import { type Counted, CountingProxy } from "./shared/counting-proxy.ts";
import { LIST_PRICES as PRICE } from "./shared/list-prices.ts";
import { machineLine } from "./shared/machine.ts";
import { reroute } from "./shared/reroute.ts";

/*
 * Requests and cost per product as catalogs grow: `node bench/growth.ts --sizes 1000,10000,100000`. The deployed stack
 * runs each size; every AWS request of its functions is counted by a proxy before the emulator, request units are those
 * that the emulator states, function time is what the functions themselves log. A last row says what 1,000,000 products
 * take when every further product costs what it did between the two largest sizes.
 */

const MEMORY_GB = 0.5;
const ROWS_A_REQUEST = 20_000;
/** Requests of the queue's poller for each invocation: one receive and one delete. */
const POLLER_REQUESTS = 2;

const { values } = parseArgs({
  options: { sizes: { type: "string", default: "1000,10000,100000" }, rate: { type: "string", default: "50" } },
});
const sizes = values.sizes.split(",").map((size) => z.coerce.number().int().positive().parse(size));
const rate = z.coerce.number().positive().parse(values.rate);

interface Row {
  readonly products: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly queueRequests: number;
  readonly objectPuts: number;
  readonly objectGets: number;
  readonly invocations: number;
  readonly functionSeconds: number;
  readonly logBytes: number;
  readonly secretReads: number;
  readonly calls: number;
}

const of = ({ requests }: Counted, pattern: RegExp): number =>
  [...requests].filter(([name]) => pattern.test(name)).reduce((sum, [, times]) => sum + times, 0);

const DurationSchema = z.object({ ProcessingDuration: z.union([z.number(), z.array(z.number())]) });

/** What the enriching functions wrote to their logs from a place on: bytes, invocations and milliseconds. */
const readLog = (file: string, from: number) => {
  const lines = readFileSync(file).subarray(from).toString("utf8").split("\n");
  const own = lines.filter((line) => line.startsWith("{"));
  const durations = own.flatMap((line) => {
    if (!line.includes('"ProcessingDuration":')) return [];
    const parsed = DurationSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data.ProcessingDuration].flat() : [];
  });
  return {
    bytes: own.reduce((sum, line) => sum + line.length + 1, 0),
    invocations: durations.length,
    milliseconds: durations.reduce((sum, duration) => sum + duration, 0),
  };
};

const costOf = (row: Row): number =>
  row.writeUnits * PRICE.writeUnit +
  row.readUnits * PRICE.readUnit +
  row.queueRequests * PRICE.queueRequest +
  row.objectPuts * PRICE.objectPut +
  row.objectGets * PRICE.objectGet +
  row.invocations * PRICE.invocation +
  row.functionSeconds * MEMORY_GB * PRICE.gigabyteSecond +
  row.logBytes * PRICE.logByte +
  row.secretReads * PRICE.secretRead;

const show = (row: Row, note: string) => {
  const per = (value: number): string => (value / row.products).toFixed(3);
  return {
    products: row.products.toLocaleString("en-US"),
    "write units": per(row.writeUnits),
    "read units": per(row.readUnits),
    "queue requests": per(row.queueRequests),
    "object puts": per(row.objectPuts),
    "object gets": per(row.objectGets),
    invocations: per(row.invocations),
    "function s": per(row.functionSeconds),
    "log bytes": per(row.logBytes),
    "upstream calls": per(row.calls),
    "$ per 1,000": ((costOf(row) / row.products) * 1_000).toFixed(5),
    note,
  };
};

/** A larger run whose further products each cost what they did between two measured ones. */
const extrapolate = (small: Row, large: Row, products: number): Row => {
  const at = (pick: (row: Row) => number): number =>
    pick(large) + ((pick(large) - pick(small)) / (large.products - small.products)) * (products - large.products);
  return {
    products,
    writeUnits: at((row) => row.writeUnits),
    readUnits: at((row) => row.readUnits),
    queueRequests: at((row) => row.queueRequests),
    objectPuts: at((row) => row.objectPuts),
    objectGets: at((row) => row.objectGets),
    invocations: at((row) => row.invocations),
    functionSeconds: at((row) => row.functionSeconds),
    logBytes: at((row) => row.logBytes),
    secretReads: at((row) => row.secretReads),
    calls: at((row) => row.calls),
  };
};

console.log(machineLine());
const stack = await startBenchStack(rate);
const proxy = new CountingProxy(stack.outputs.emulatorUrl);
try {
  await reroute(stack.outputs.emulatorUrl, stack.dir, await proxy.start());
  const [user] = await stack.users(1);
  if (!user) throw new Error("no user");
  const log = join(stack.dir, "logs", "emulator.log");
  // Cold starts and the first token are no part of growth.
  const warm = await user.upload(asins(200, 0));
  await user.until(warm, isDone, 500);
  await delay(2_000);
  let used = 200;
  const rows: Row[] = [];
  for (const products of sizes) {
    proxy.take();
    await stack.reset();
    const from = readFileSync(log).byteLength;
    const began = performance.now();
    for (let left = products; left > 0; left -= ROWS_A_REQUEST) {
      const part = Math.min(left, ROWS_A_REQUEST);
      const id = await user.upload(asins(part, used));
      used += part;
      // Seldom, because each look is a request that is counted too.
      await user.until(id, isDone, 5_000);
    }
    await delay(2_000);
    const counted = proxy.take();
    const logged = readLog(log, from);
    const calls = await stack.calls();
    rows.push({
      products,
      writeUnits: counted.writeUnits + counted.rowsInTransactions,
      readUnits: counted.readUnits,
      queueRequests: of(counted, /^sqs:/) + POLLER_REQUESTS * logged.invocations,
      objectPuts: of(counted, /^s3:(PUT|POST)/),
      objectGets: of(counted, /^s3:(GET|HEAD)/),
      invocations: logged.invocations,
      functionSeconds: logged.milliseconds / 1_000,
      logBytes: logged.bytes,
      secretReads: of(counted, /^secretsmanager:/),
      calls: calls.total,
    });
    console.log(
      `${products.toLocaleString("en-US")} products in ${((performance.now() - began) / 1_000).toFixed(0)} s, ${calls.by_status["429"] ?? 0} × 429: ${JSON.stringify(Object.fromEntries([...counted.requests].sort()))}`,
    );
  }
  const shown = rows.map((row) => show(row, "measured"));
  const [small, large] = rows.slice(-2);
  if (small && large) shown.push(show(extrapolate(small, large, 1_000_000), "reckoned"));
  console.table(shown);
  const costs = rows.map((row) => costOf(row) / row.products);
  console.log(
    `cost per product between sizes differs by ${(100 * (Math.max(...costs) / Math.min(...costs) - 1)).toFixed(1)} % (goal: at most 10 %)`,
  );
  // At one call a second what is paid for is mostly waiting: the workers that can be awake at that rate.
  const [last] = rows.slice(-1);
  if (last) {
    const waiting = (last.calls * 3 * MEMORY_GB * PRICE.gigabyteSecond * 1_000) / last.products;
    const other = (costOf({ ...last, functionSeconds: 0 }) / last.products) * 1_000;
    console.log(
      `at 1 call/s, with three workers awake all the time: at most $${(other + waiting).toFixed(5)} per 1,000 products (goal: $0.01)`,
    );
  }
} finally {
  proxy.stop();
  await stack.stop();
}
