import { execFile } from "node:child_process";
import { join } from "node:path";
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
 * What the product costs on top of DynamoDB when a look-up is answered from the table: `node bench/look-up.ts --calls 300`. The
 * handler of `products-api` and bare reads of the same rows are called in turn in one process, on the tables of a local stack.
 */

const { values } = parseArgs({
  options: { calls: { type: "string", default: "300" }, json: { type: "boolean", default: false } },
});
const calls = z.coerce.number().int().positive().parse(values.calls);
const BULK = 50;
const SHOP = "www.amazon.com";

const eventOf = (method: string, path: string, body?: unknown) => ({
  version: "2.0",
  routeKey: `${method} /api/v1/products/{proxy+}`,
  rawPath: `/api/v1/products/${path}`,
  rawQueryString: "",
  headers: { host: "bench.invalid", "content-type": "application/json" },
  requestContext: {
    requestId: "bench",
    domainName: "bench.invalid",
    http: { method, path: `/api/v1/products/${path}`, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "bench" },
    authorizer: { lambda: { via: "person", user_id: "bench", username: "bench", groups: "" } },
  },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  isBase64Encoded: false,
});

const TimesSchema = z.tuple([z.array(z.number()), z.array(z.number()), z.array(z.number()), z.array(z.number())]);

/** Milliseconds of each call: look-up, GetItem, bulk, BatchGetItem. */
const measure = async (stack: BenchStack, products: readonly string[]) => {
  const { functions } = readStackOutputs(join(stack.dir, "stack-outputs.json"));
  const client = new LambdaClient(clientConfig(stack.outputs.emulatorUrl));
  const { Environment } = await client
    .send(new GetFunctionConfigurationCommand({ FunctionName: functions["products-api"] }))
    .finally(() => client.destroy());
  const input = {
    bundle: join(deployedBundles(layoutOf(stack.dir).cloudAssemblyDir).get("products-api") ?? "", "index.mjs"),
    keys: products.map((asin) => `${SHOP}#${asin}`),
    calls,
    events: [eventOf("GET", `${products[0]}/enhanced`), eventOf("POST", "bulk-enhanced", { asins: products })],
  };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, "look-up", "timed-calls.ts"), JSON.stringify(input)],
    {
      env: { ...emulatorEnvironment(stack.outputs.emulatorUrl), ...Environment?.Variables },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return TimesSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
};

const ms = (time: number): string => `${time.toFixed(1)} ms`;
const row = (what: string, times: readonly number[], goal: string) => ({
  what,
  median: ms(median(times)),
  p95: ms(quantile(times, 0.95)),
  slowest: ms(Math.max(...times)),
  goal,
});

const report = new Report("look-up", { calls, bulk: BULK }, values.json);
const stack = await startBenchStack(100);
try {
  const products = asins(BULK, 0);
  const [user] = await stack.users(1);
  if (!user) throw new Error("no user");
  const id = await user.upload(products);
  await user.until(id, ({ counts }) => counts.pending === 0, 200);
  const [lookUp, getItem, bulk, batchGet] = await measure(stack, products);
  report.finish(
    [
      row("a look-up from the table", lookUp, "p95 ≤ 60 ms"),
      row("bare GetItem of its row", getItem, ""),
      row(`a bulk of ${BULK} from the table`, bulk, "p95 ≤ 150 ms"),
      row(`bare BatchGetItem of the ${BULK} rows`, batchGet, ""),
    ],
    ["Function time: the handler without API Gateway and Lambda. The emulator's DynamoDB is slower than AWS's."],
  );
} finally {
  await stack.stop();
}
