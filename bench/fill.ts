import { parseArgs } from "node:util";
import * as z from "zod";
import { expressWorkers } from "../lambdas/common/core/runs/express-workers.ts";
import { asins, isDone } from "./shared/bench-api.ts";
import { startBenchStack } from "./shared/bench-stack.ts";
import { Report } from "./shared/report.ts";

/*
 * Ids per upstream call when many users come with few products: `node bench/fill.ts --catalogs 200 --products 7`,
 * through the deployed stack. Each catalog is one batch and goes by the express queue; what fills the calls is that
 * one invocation merges the products of up to ten messages.
 *
 * `node bench/fill.ts --catalogs 40 --uploads 40 --rate 1`: all at once. `--express N` workers on the express queue.
 */

const { values } = parseArgs({
  options: {
    catalogs: { type: "string", default: "200" },
    products: { type: "string", default: "7" },
    rate: { type: "string", default: "2" },
    uploads: { type: "string", default: "8" },
    // Absent: as the stage has it.
    express: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const count = z.coerce.number().int().positive();
const catalogs = count.parse(values.catalogs);
const products = count.parse(values.products);
const rate = z.coerce.number().positive().parse(values.rate);
const uploadsAtOnce = count.parse(values.uploads);
const workers = values.express === undefined ? expressWorkers(rate) : count.parse(values.express);

const report = new Report("fill", { catalogs, products, rate, uploads: uploadsAtOnce, express: workers }, values.json);
const stack = await startBenchStack(rate, { express_concurrency: workers });
try {
  const [user] = await stack.users(1);
  if (!user) throw new Error("no user");
  const began = performance.now();
  const open: string[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: uploadsAtOnce }, async () => {
      while (next < catalogs) {
        const mine = next++;
        open.push(await user.upload(asins(products, mine * products)));
      }
    }),
  );
  const uploadSeconds = (performance.now() - began) / 1_000;
  for (const id of open) await user.until(id, isDone, 500);
  const allDoneSeconds = (performance.now() - began) / 1_000;
  const { total, by_status, ids_per_call } = await stack.calls();
  // A catalog on an idle stack: it must not wait for company.
  const lone: number[] = [];
  for (let first = catalogs; first < catalogs + 3; first += 1) {
    const posted = performance.now();
    const id = await user.upload(asins(products, first * products));
    await user.until(id, ({ counts }) => counts.enriched > 0, 50);
    lone.push(performance.now() - posted);
    await user.until(id, isDone, 200);
  }
  const table = [
    {
      catalogs,
      products,
      "calls/s allowed": rate,
      "uploads took s": uploadSeconds.toFixed(1),
      "all done after s": allDoneSeconds.toFixed(1),
      "lone catalog's first product, s": lone.map((ms) => (ms / 1_000).toFixed(2)).join(" "),
      calls: total,
      "429": by_status["429"] ?? 0,
      "ids per call": ids_per_call.mean.toFixed(2),
      "calls by ids": Object.entries(ids_per_call.histogram)
        .map(([ids, calls]) => `${ids}:${calls}`)
        .join(" "),
    },
  ];
  report.finish(table, [
    "goals: at least 9.5 ids per call with 200 catalogs, 9.0 with 40 at once; a lone catalog's first product within 2 s",
  ]);
} finally {
  await stack.stop();
}
