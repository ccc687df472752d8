import { parseArgs } from "node:util";
import * as z from "zod";
import { REQUEST_LIMITS } from "../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import { arePricesStale, PRICES_OF, USE_PRICES } from "../lambdas/common/core/cost/list-prices.ts";
import { costOf, MEMORY_GB, requestsOf, SERVICES, show, showWrites, spreadOf } from "./growth/cost.ts";
import { measureSizes } from "./growth/measure-sizes.ts";
import { naiveRuns } from "./growth/naive-runs.ts";
import { runSimulationChild, simulateSizes } from "./growth/simulate-sizes.ts";
import type { Usage } from "./growth/usage.ts";
import { Report } from "./shared/report.ts";

/*
 * Requests and cost per product as catalogs grow: `node bench/growth.ts --sizes 1000,10000,100000 --simulated 1000000`.
 * Measured sizes run on a deployed stack, each as one catalog and one run; every AWS request of its functions is counted
 * by a proxy before the emulator, request units are those that the emulator states, function time is what the functions
 * log. Simulated sizes run the same functions' code over tables, queues and objects in memory and in virtual time, with
 * units by DynamoDB's rules; the measured sizes are simulated too, so that the two can be compared. Of a simulated run of
 * more than 150,000 products the middle is extrapolated from what 50,000 before and 50,000 after it took, unless `--whole`.
 */

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,10000,100000" },
    simulated: { type: "string", default: "1000000" },
    rate: { type: "string", default: "50" },
    // More products come by a presigned address; less than a request takes, to try that with few.
    "file-above": { type: "string", default: String(REQUEST_LIMITS.rows) },
    whole: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    // A process of this bench's own: what to simulate.
    simulate: { type: "string" },
  },
});
const sizesOf = (text: string): number[] =>
  text
    .split(",")
    .filter((size) => size !== "")
    .map((size) => z.coerce.number().int().min(1).max(1_000_000).parse(size));

const agreement = (measured: readonly Usage[], simulated: readonly Usage[]): string[] =>
  measured.flatMap((one) => {
    const same = simulated.find(({ products }) => products === one.products);
    if (!same) return [];
    const beside = (value: (usage: Usage) => number): string => `${(value(same) / value(one)).toFixed(2)}`;
    return [
      `${one.products.toLocaleString("en-US")}: simulated ÷ measured is ${beside((usage) => usage.writeUnits)} for write units, ${beside((usage) => usage.readUnits)} for read units, ${beside((usage) => requestsOf(usage, SERVICES.dynamodb))} for DynamoDB requests, ${beside((usage) => requestsOf(usage, SERVICES.sqs))} for SQS requests, ${beside((usage) => requestsOf(usage, SERVICES.s3Writes))} for S3 writes, ${beside((usage) => usage.calls)} for upstream calls`,
    ];
  });

const runParent = async (): Promise<void> => {
  const sizes = sizesOf(values.sizes);
  const further = sizesOf(values.simulated);
  const rate = z.coerce.number().positive().parse(values.rate);
  const mostInRequest = z.coerce.number().int().min(0).max(REQUEST_LIMITS.rows).parse(values["file-above"]);
  const report = new Report("growth", { sizes, simulated: further, rate, whole: values.whole }, values.json);
  const inOrder = [...new Set([...sizes, ...further])].sort((a, b) => a - b);
  // First, because it is the shorter part: what is wrong with it is known at once.
  const options = { rate, mostInRequest, whole: values.whole, script: import.meta.filename };
  const simulated = further.length === 0 ? [] : await simulateSizes(inOrder, options, report.say);
  const ascending = [...sizes].sort((a, b) => a - b);
  const measured = sizes.length === 0 ? [] : await measureSizes(ascending, { rate, mostInRequest }, report.say);
  const rowsOf = (usages: readonly Usage[], how: string) => {
    const [smallest] = usages;
    return smallest ? usages.map((one) => show(one, one.leftOut > 0 ? `${how}, middle estimated` : how, smallest)) : [];
  };
  const notes = [
    ...agreement(measured, simulated),
    ...[["measured", measured] as const, ["simulated", simulated] as const].flatMap(([how, usages]) => {
      if (usages.length < 2) return [];
      const { all, withoutTime } = spreadOf(usages);
      return [
        `${how}: cost per product between sizes differs by ${(100 * all).toFixed(1)} %, without function time by ${(100 * withoutTime).toFixed(1)} % (goal: at most 10 %)`,
      ];
    }),
    ...atOneCall(measured.at(-1) ?? simulated.at(-1)),
    `list prices of ${PRICES_OF.region} as of ${PRICES_OF.read_on}${arePricesStale(Date.now()) ? ", which are old: compare them with AWS's pages" : ""}`,
  ];
  if (!values.json) for (const last of [measured.at(-1), simulated.at(-1)]) if (last) console.table(showWrites(last));
  const naive = await naiveRuns(inOrder);
  report.finish(
    [...rowsOf(measured, "measured"), ...rowsOf(simulated, "simulated"), ...rowsOf(naive, "naive, simulated")],
    notes,
    { measured, simulated, naive },
  );
};

/** At one call a second what is paid for is mostly waiting: the workers that can run at that rate. */
const atOneCall = (last: Usage | undefined): string[] => {
  if (!last) return [];
  const waiting = (last.calls * 3 * MEMORY_GB * USE_PRICES.gigabyteSecond) / 1e6 / last.products;
  const other = (costOf({ ...last, functionSeconds: 0 }) / last.products) * 1_000;
  return [
    `at 1 call/s, with three workers awake all the time: at most $${(other + waiting).toFixed(5)} per 1,000 products (goal: $0.01)`,
  ];
};

if (values.simulate === undefined) await runParent();
else await runSimulationChild(values.simulate);
