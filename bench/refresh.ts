import { parseArgs } from "node:util";
import * as z from "zod";
import type { RateLimit } from "../lambdas/common/core/limiter/rate-limiter.ts";
import { plain, planned, simulateWeek, type Week } from "./refresh/simulate-week.ts";
import { Report } from "./shared/report.ts";

/*
 * Seven days of the daily refresh: `node bench/refresh.ts`. The product's own planner and limiter run on a clock that jumps,
 * beside the plain rule, which fetches one bucket of twenty-four each hour, over the same products, readers and allowance.
 * Content may be kept for a day. Each size is simulated with an allowance that keeps all of it, and the larger ones with the
 * one that an account starts with too: 1 call/s and 8,640 calls a day, of which the refresh may use 30 %. `--seed N`
 */

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, json: { type: "boolean", default: false } },
});
const seed = z.coerce.number().int().parse(values.seed);
const report = new Report("refresh", { days: 7, seed, ids_per_call: 10, refresh_share: 0.3 }, values.json);

/** Products, and calls a second; the day allows a call every ten seconds of each. */
const CASES = [
  { products: 5_000, callsPerSecond: 1 },
  { products: 86_400, callsPerSecond: 4 },
  { products: 200_000, callsPerSecond: 10 },
  { products: 86_400, callsPerSecond: 1 },
  { products: 200_000, callsPerSecond: 1 },
] as const;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const histogram = ({ byHour }: Week): string => {
  const bars = "▁▂▃▄▅▆▇█";
  const most = Math.max(...byHour);
  return byHour.map((count) => bars[Math.min(7, Math.floor((8 * count) / (most + 1)))] ?? "").join("");
};

const table: Record<string, unknown>[] = [];
const notes: string[] = [];
const data: Record<string, unknown>[] = [];
for (const { products, callsPerSecond } of CASES) {
  const unitsPerDay = 8_640 * callsPerSecond;
  const limit: RateLimit = { limitKey: "creators-api#bench", callsPerSecond, unitsPerDay, allowanceShare: 1 };
  const weeks = {
    planner: await simulateWeek(planned, { products, limit, seed }),
    plain: await simulateWeek(plain, { products, limit, seed }),
  };
  for (const [rule, week] of Object.entries(weeks)) {
    const { world } = week;
    table.push({
      products: products.toLocaleString("en-US"),
      "calls a day": unitsPerDay.toLocaleString("en-US"),
      rule,
      "ids/call": (week.ids / week.calls).toFixed(2),
      "most of a day used": percent(week.dayShare),
      "never ended": percent(world.neverEnded / products),
      "product time in licence": percent(world.freshShare),
      "views on fresh": percent(world.freshViews / world.views),
      "fetched by hour of day": histogram(week),
      "least–most an hour": `${Math.round(Math.min(...week.byHour) / 6)}–${Math.round(Math.max(...week.byHour) / 6)}`,
    });
    data.push({ products, calls_per_day: unitsPerDay, rule, ...week });
  }
  const [mine, theirs] = [weeks.planner.world.freshViews, weeks.plain.world.freshViews];
  notes.push(
    `${products.toLocaleString("en-US")} products, ${unitsPerDay.toLocaleString("en-US")} calls a day: ${Math.round(mine).toLocaleString("en-US")} views of fresh products by the planner, ${Math.round(theirs).toLocaleString("en-US")} by the plain rule (${(mine / theirs).toFixed(2)} ×)`,
  );
  report.say(notes.at(-1) ?? "");
}
report.finish(table, notes, { weeks: data });
