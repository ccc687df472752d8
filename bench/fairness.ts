import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { expressWorkers } from "../lambdas/common/core/runs/express-workers.ts";
import { asins, type BenchApi, isDone } from "./shared/bench-api.ts";
import { type BenchStack, startBenchStack } from "./shared/bench-stack.ts";
import { Report } from "./shared/report.ts";
import { median, seconds } from "./shared/statistics.ts";

/*
 * What ten users with 20 products each feel of one who asks for very much, through the deployed stack. The same uploads
 * are timed without him and then beside him.
 *
 * `node bench/fairness.ts`: he has one run of 50,000 products; `--big N` for another size.
 * `node bench/fairness.ts --hog express`: he posts catalogs of 100 products in a loop, `--open N` of them open at once,
 * and the run of `--big` products is another user's, who must get on too.
 * `--rate N` calls a second, `--rounds N`, `--express N` workers on the express queue.
 */

const SMALL_USERS = 10;
const SMALL_PRODUCTS = 20;
const EXPRESS_CATALOG = 100;
/** Rows that one request takes; more come by an address of their own. */
const ROWS_PER_REQUEST = 20_000;

const { values } = parseArgs({
  options: {
    hog: { type: "string", default: "bulk" },
    big: { type: "string", default: "50000" },
    open: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    rate: { type: "string", default: "10" },
    // Absent: as the stage has it.
    express: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const count = z.coerce.number().int().positive();
const kind = z.enum(["bulk", "express"]).parse(values.hog);
const big = count.parse(values.big);
const open = count.parse(values.open);
const rounds = count.parse(values.rounds);
const rate = z.coerce.number().positive().parse(values.rate);
const workers = values.express === undefined ? expressWorkers(rate) : count.parse(values.express);
const report = new Report("fairness", { hog: kind, big, open, rounds, rate, express: workers }, values.json);

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

/** Work that runs beside the ten. */
interface Neighbour {
  readonly words: string;
  /** Ends what can be ended. @returns products done by then */
  stop(): Promise<number>;
}

/** One run of `big` products, begun when it has its first ones. */
const bulkRun = async (user: BenchApi): Promise<Neighbour> => {
  const products = fresh(big);
  const id = big > ROWS_PER_REQUEST ? await user.uploadLarge(products) : await user.upload(products);
  await user.until(id, ({ counts }) => counts.enriched >= Math.min(200, big / 10), 500);
  const words = `one run of ${big.toLocaleString("en-US")}`;
  return { words, stop: async () => (await user.status(id)).counts.enriched };
};

/** `open` catalogs of 100 products at any time, each followed by the next. */
const expressLoop = async (user: BenchApi): Promise<Neighbour> => {
  let stopped = false;
  let enriched = 0;
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const id = await user.upload(fresh(EXPRESS_CATALOG));
      const { counts } = await user.until(id, (status) => stopped || isDone(status), 200);
      enriched += counts.enriched;
    }
  };
  const loops = Promise.all(Array.from({ length: open }, loop));
  // A failure shows when the loops are awaited.
  loops.catch(() => undefined);
  // Until he has all that he may have in flight.
  await delay(5_000);
  return {
    words: `${open} × ${EXPRESS_CATALOG} in a loop`,
    stop: async () => {
      stopped = true;
      await loops;
      return enriched;
    },
  };
};

const measure = async (stack: BenchStack): Promise<void> => {
  const [greedy, other, ...users] = await stack.users(SMALL_USERS + 2);
  if (!greedy || !other) throw new Error("no user");
  // Cold starts are not what is compared.
  await round(users);
  const timed = async (what: string): Promise<readonly number[][]> => {
    const times: number[][] = [];
    for (let index = 1; index <= rounds; index += 1) {
      times.push(await round(users));
      report.say(`${what}: round ${index} of ${rounds} is done`);
    }
    return times;
  };
  const alone = await timed("alone");
  const began = performance.now();
  const neighbours = kind === "bulk" ? [await bulkRun(greedy)] : [await bulkRun(other), await expressLoop(greedy)];
  const beside = await timed("beside");
  const done: string[] = [];
  for (const { words, stop } of neighbours) {
    const products = await stop();
    const perSecond = products / ((performance.now() - began) / 1_000);
    done.push(`${words}: ${products} products done, ${perSecond.toFixed(1)} a second`);
  }
  const allDone = (times: readonly number[][]): number => median(times.map((all) => Math.max(...all)));
  const rows = [
    ["nobody", alone],
    [neighbours.map(({ words }) => words).join(" and "), beside],
  ] as const;
  const table = rows.map(([what, times]) => ({
    "express workers": `${workers}${workers === expressWorkers(rate) ? " (default)" : ""}`,
    "calls/s": rate,
    "ten users with 20 products, beside": what,
    "all ten done, median": seconds(allDone(times)),
    "one user, median": seconds(median(times.flat())),
    rounds: times.map((all) => seconds(Math.max(...all))).join(", "),
  }));
  const ratio = allDone(beside) / allDone(alone);
  const { by_status } = await stack.calls();
  report.finish(
    table,
    [`ratio ${ratio.toFixed(2)} (goal: at most 2)`, ...done, `upstream calls by status: ${JSON.stringify(by_status)}`],
    { ratio, alone, beside, calls: by_status },
  );
};

const stack = await startBenchStack(rate, { express_concurrency: workers });
try {
  await measure(stack);
} finally {
  await stack.stop();
}
