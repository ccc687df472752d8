import { parseArgs } from "node:util";
import * as z from "zod";
import { asins, isDone } from "./shared/bench-api.ts";
import { startBenchStack } from "./shared/bench-stack.ts";
import { Report } from "./shared/report.ts";

/*
 * Ids per upstream call when many users come with few products: `node bench/fill.ts --catalogs 200 --products 7`,
 * through the deployed stack. Each catalog is one batch and goes by the express queue; what fills the calls is that
 * one invocation merges the products of up to ten messages.
 */

const { values } = parseArgs({
  options: {
    catalogs: { type: "string", default: "200" },
    products: { type: "string", default: "7" },
    rate: { type: "string", default: "2" },
    uploads: { type: "string", default: "8" },
    json: { type: "boolean", default: false },
  },
});
const count = z.coerce.number().int().positive();
const catalogs = count.parse(values.catalogs);
const products = count.parse(values.products);
const rate = z.coerce.number().positive().parse(values.rate);
const uploadsAtOnce = count.parse(values.uploads);

const report = new Report("fill", { catalogs, products, rate, uploads: uploadsAtOnce }, values.json);
const stack = await startBenchStack(rate);
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
  const { total, by_status, ids_per_call } = await stack.calls();
  const table = [
    {
      catalogs,
      products,
      "calls/s allowed": rate,
      "uploads took s": uploadSeconds.toFixed(1),
      "all done after s": ((performance.now() - began) / 1_000).toFixed(1),
      calls: total,
      "429": by_status["429"] ?? 0,
      "ids per call": ids_per_call.mean.toFixed(2),
      "calls by ids": Object.entries(ids_per_call.histogram)
        .map(([ids, calls]) => `${ids}:${calls}`)
        .join(" "),
    },
  ];
  report.finish(table, ["goal: at least 9.5 ids per call"]);
} finally {
  await stack.stop();
}
