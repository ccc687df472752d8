import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { CatalogStatus } from "../../lambdas/common/core/contract/runs/run-status.ts";
import { type RunUsage, RunUsageSchema } from "../../lambdas/common/core/cost/run-usage.ts";
import { clientConfig } from "../../local/aws-environment.ts";
import { rerouteFunctions } from "../../local/faults/reroute-functions.ts";
import { layoutOf } from "../../local/layout.ts";
import type { Outputs } from "../../local/outputs.ts";
import { readStackOutputs } from "../../local/stack/read-stack-outputs.ts";
import { asins, isDone } from "../shared/bench-api.ts";
import { startBenchStack } from "../shared/bench-stack.ts";
import { CountingProxy } from "../shared/counting-proxy.ts";
import { MEMORY_GB } from "./cost.ts";
import { logBytesOf } from "./log-bytes.ts";
import type { Usage } from "./usage.ts";

/** Reads of a run's status are requests that are counted too, so they are seldom. */
const RECHECK_MS = 5_000;
/** Until the last counts and log lines of a run are written. */
const SETTLE_MS = 2_000;
const WARM_UP_PRODUCTS = 200;

/** What a run's row says of functions and events: the functions on the main line, whose time nothing else states. */
const readUsage = async ({ emulatorUrl, tables }: Outputs, catalog_id: string, batch_id: string): Promise<RunUsage> => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(emulatorUrl)));
  try {
    const { Item } = await client.send(
      new GetCommand({ TableName: tables["enrichment-status"] ?? "", Key: { catalog_id, batch_id } }),
    );
    return RunUsageSchema.parse(Item ?? {});
  } finally {
    client.destroy();
  }
};

/** Before it is read, a file has nothing pending either. */
const isRead = ({ state }: CatalogStatus): boolean => state !== "awaiting_upload" && state !== "ingesting";

/**
 * Runs one catalog of each size through a deployed stack: in the body of a request up to `mostInRequest` products, else
 * as a file that is put by a presigned address, so that each size is one catalog and one run.
 * @param say gets a line about each size
 */
export const measureSizes = async (
  sizes: readonly number[],
  { rate, mostInRequest }: { readonly rate: number; readonly mostInRequest: number },
  say: (line: string) => void,
): Promise<Usage[]> => {
  const stack = await startBenchStack(rate);
  const proxy = new CountingProxy(stack.outputs.emulatorUrl);
  try {
    const { functions } = readStackOutputs(layoutOf(stack.dir).stackOutputsFile);
    await rerouteFunctions(stack.outputs.emulatorUrl, functions, await proxy.start());
    const [user] = await stack.users(1);
    if (!user) throw new Error("no user");
    const log = join(stack.dir, "logs", "emulator.log");
    // Cold starts and the first token are no part of growth.
    await user.until(await user.upload(asins(WARM_UP_PRODUCTS, 0)), isDone, 500);
    await delay(SETTLE_MS);
    let used = WARM_UP_PRODUCTS;
    const usages: Usage[] = [];
    for (const products of sizes) {
      proxy.take();
      await stack.reset();
      const from = readFileSync(log).byteLength;
      const began = performance.now();
      const list = asins(products, used);
      used += products;
      const id = await (products <= mostInRequest ? user.upload(list) : user.uploadLarge(list));
      const { counts, cost, tracking_id } = await user.until(
        id,
        (status) => isRead(status) && isDone(status),
        RECHECK_MS,
      );
      const seconds = (performance.now() - began) / 1_000;
      if (counts.enriched !== products) throw new Error(`${counts.enriched} of ${products} products are enriched`);
      await delay(SETTLE_MS);
      const counted = proxy.take();
      const logBytes = logBytesOf(readFileSync(log).subarray(from).toString("utf8"));
      const { used_gb_ms = 0, used_calls = 0, used_event = 0 } = await readUsage(stack.outputs, id, tracking_id ?? "");
      const calls = await stack.calls();
      const requests = Object.fromEntries(counted.requests);
      // The emulator's own poller: a receive and a delete for each invocation.
      requests["sqs:poller"] = 2 * used_calls;
      requests["events:entries"] = used_event;
      usages.push({
        products,
        leftOut: 0,
        drift: 0,
        writeUnits: counted.writeUnits,
        readUnits: counted.readUnits,
        writes: Object.fromEntries(counted.writes),
        requests,
        invocations: used_calls,
        functionSeconds: used_gb_ms / 1_000 / MEMORY_GB,
        logBytes,
        calls: calls.total,
        seconds,
      });
      say(
        `measured ${products.toLocaleString("en-US")} in one run: ${seconds.toFixed(0)} s, ${calls.by_status["429"] ?? 0} × 429; the run itself says $${cost?.usd_per_1000_products ?? "nothing"} per 1,000, ${JSON.stringify(cost?.parts ?? {})}`,
      );
    }
    return usages;
  } finally {
    proxy.stop();
    await stack.stop();
  }
};
