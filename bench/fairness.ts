import { parseArgs } from "node:util";
import * as z from "zod";
import { asins, type BenchApi, isDone } from "./shared/bench-api.ts";
import { type BenchStack, startBenchStack } from "./shared/bench-stack.ts";
import { machineLine } from "./shared/machine.ts";
import { median, seconds } from "./shared/statistics.ts";

/*
 * What ten users with 20 products each feel of one with 50,000: `node bench/fairness.ts --big 50000 --rounds 3`,
 * through the deployed stack. The same uploads are timed without and then beside the big one.
 */

const SMALL_USERS = 10;
const SMALL_PRODUCTS = 20;
/** Rows that one request takes. */
const ROWS_A_REQUEST = 20_000;

const { values } = parseArgs({
  options: {
    big: { type: "string", default: "50000" },
    rounds: { type: "string", default: "3" },
    rate: { type: "string", default: "10" },
    // Workers on the express queue; absent: as the stage has it.
    express: { type: "string" },
  },
});
const count = z.coerce.number().int().positive();
const big = count.parse(values.big);
const rounds = count.parse(values.rounds);
const rate = z.coerce.number().positive().parse(values.rate);

let used = 0;
const fresh = (products: number): string[] => {
  used += products;
  return asins(products, used - products);
};

/** All ten upload at once. @returns time until each had its last product, in milliseconds */
const round = async (users: readonly BenchApi[]): Promise<number[]> => {
  const began = performance.now();
  return Promise.all(
    users.map(async (user) => {
      const id = await user.upload(fresh(SMALL_PRODUCTS));
      await user.until(id, isDone, 200);
      return performance.now() - began;
    }),
  );
};

const measure = async (stack: BenchStack): Promise<void> => {
  const [bulky, ...users] = await stack.users(SMALL_USERS + 1);
  if (!bulky) throw new Error("no user");
  // Cold starts are not what is compared.
  await round(users);
  const alone: number[][] = [];
  for (let index = 0; index < rounds; index += 1) alone.push(await round(users));
  const bigIds: string[] = [];
  for (let left = big; left > 0; left -= ROWS_A_REQUEST)
    bigIds.push(await bulky.upload(fresh(Math.min(left, ROWS_A_REQUEST))));
  const [first = ""] = bigIds;
  await bulky.until(first, ({ counts }) => counts.enriched >= Math.min(200, big / 10), 500);
  const beside: number[][] = [];
  for (let index = 0; index < rounds; index += 1) beside.push(await round(users));
  const bigLeft = await Promise.all(bigIds.map(async (id) => (await bulky.status(id)).counts.pending));
  const rows = [
    ["alone", alone],
    [`beside ${big.toLocaleString("en-US")}`, beside],
  ] as const;
  console.table(
    rows.map(([what, times]) => ({
      "ten users with 20 products": what,
      "all ten done, median of the rounds": seconds(median(times.map((all) => Math.max(...all)))),
      "one user, median": seconds(median(times.flat())),
      rounds: times.map((all) => seconds(Math.max(...all))).join(", "),
    })),
  );
  const [without, with_] = rows.map(([, times]) => median(times.map((all) => Math.max(...all))));
  console.log(`ratio ${((with_ ?? Number.NaN) / (without ?? Number.NaN)).toFixed(2)} (goal: at most 2)`);
  console.log(`of the big one ${bigLeft.reduce((sum, left) => sum + left, 0)} products were still to come at the end`);
  const { by_status } = await stack.calls();
  console.log(`upstream calls by status: ${JSON.stringify(by_status)}`);
};

console.log(machineLine());
const stack = await startBenchStack(
  rate,
  values.express === undefined ? {} : { express_concurrency: count.parse(values.express) },
);
try {
  await measure(stack);
} finally {
  await stack.stop();
}
