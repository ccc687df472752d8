import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs, promisify } from "node:util";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { clientConfig, emulatorEnvironment } from "../local/aws-environment.ts";
import { layoutOf } from "../local/layout.ts";
import { readStackOutputs } from "../local/stack/read-stack-outputs.ts";
import { asins } from "./shared/bench-api.ts";
import { type BenchStack, startBenchStack } from "./shared/bench-stack.ts";
import { deployedBundles } from "./shared/deployed-bundles.ts";
import { Report } from "./shared/report.ts";
import { median, quantile } from "./shared/statistics.ts";

/*
 * How soon a user sees something, and what a cold start costs: `node bench/latency.ts --uploads 10`. An upload is timed
 * from before the request until a status says that one product is enriched; a bundle's start is the time that a fresh
 * process takes to load it, with the function's own environment.
 */

const { values } = parseArgs({
  options: {
    uploads: { type: "string", default: "10" },
    starts: { type: "string", default: "7" },
    json: { type: "boolean", default: false },
  },
});
const count = z.coerce.number().int().positive();
const uploads = count.parse(values.uploads);
const starts = count.parse(values.starts);

const LOAD = "const t=performance.now();await import(process.argv[1]);console.log(performance.now()-t);process.exit(0)";

/** Milliseconds that a fresh process takes to load a bundle. */
const startOf = async (bundle: string, env: NodeJS.ProcessEnv): Promise<number> => {
  const address = pathToFileURL(join(bundle, "index.mjs")).href;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", LOAD, address], { env });
  return z.coerce.number().parse(stdout.trim().split("\n").at(-1));
};

const ms = (time: number): string => `${Math.round(time)} ms`;

/** A row of the one table, for an upload or a function. */
const row = (what: string, times: readonly number[], kb: number | null) => ({
  what,
  median: ms(median(times)),
  fastest: ms(Math.min(...times)),
  p95: ms(quantile(times, 0.95)),
  slowest: ms(Math.max(...times)),
  times: times.length,
  "bundle KB": kb ?? "",
});
type Row = ReturnType<typeof row>;

const measureStarts = async (stack: BenchStack): Promise<Row[]> => {
  const { functions } = readStackOutputs(join(stack.dir, "stack-outputs.json"));
  const client = new LambdaClient(clientConfig(stack.outputs.emulatorUrl));
  const rows = [];
  try {
    for (const [room, bundle] of deployedBundles(layoutOf(stack.dir).cloudAssemblyDir)) {
      const FunctionName = functions[room];
      if (!FunctionName) continue;
      const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const env = { ...emulatorEnvironment(stack.outputs.emulatorUrl), ...Environment?.Variables };
      const times: number[] = [];
      for (let start = 0; start < starts; start += 1) times.push(await startOf(bundle, env));
      const kb = Math.round(statSync(join(bundle, "index.mjs")).size / 1024);
      rows.push(row(`load of ${room} in a fresh process`, times, kb));
    }
  } finally {
    client.destroy();
  }
  return rows;
};

const measureUploads = async (stack: BenchStack): Promise<Row[]> => {
  const [user] = await stack.users(1);
  if (!user) throw new Error("no user");
  let used = 0;
  const first = async (products: number): Promise<number> => {
    const began = performance.now();
    const id = await user.upload(asins(products, used));
    used += products;
    await user.until(id, ({ counts }) => counts.enriched > 0, 50);
    const took = performance.now() - began;
    await user.until(id, ({ counts }) => counts.pending === 0, 200);
    return took;
  };
  const cold = await first(20);
  const rows = [row("first upload, every function cold, to first product", [cold], null)];
  for (const [what, products] of [
    ["20 products, express", 20],
    ["200 products, bulk", 200],
  ] as const) {
    await first(products);
    const times: number[] = [];
    for (let upload = 0; upload < uploads; upload += 1) times.push(await first(products));
    rows.push(row(`upload of ${what}, to first product`, times, null));
  }
  return rows;
};

const report = new Report("latency", { uploads, starts }, values.json);
const stack = await startBenchStack(10);
try {
  const table = [...(await measureUploads(stack)), ...(await measureStarts(stack))];
  report.finish(table, [
    "goals: an upload shows its first product within 5 s; a bundle is at most 600 KB (without its source map)",
  ]);
} finally {
  await stack.stop();
}
