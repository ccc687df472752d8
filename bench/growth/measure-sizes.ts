import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { CatalogStatus } from "../../lambdas/common/core/contract/runs/run-status.ts";
import { rerouteFunctions } from "../../local/faults/reroute-functions.ts";
import { layoutOf } from "../../local/layout.ts";
import { readStackOutputs } from "../../local/stack/read-stack-outputs.ts";
import { asins, isDone } from "../shared/bench-api.ts";
import { startBenchStack } from "../shared/bench-stack.ts";
import { CountingProxy } from "../shared/counting-proxy.ts";
import { readLog } from "./enriching-log.ts";
import type { Usage } from "./usage.ts";

/** Reads of a run's status are requests that are counted too, so they are seldom. */
const RECHECK_MS = 5_000;
/** Until the last counts and log lines of a run are written. */
const SETTLE_MS = 2_000;
const WARM_UP_PRODUCTS = 200;

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
      const { counts } = await user.until(id, (status) => isRead(status) && isDone(status), RECHECK_MS);
      const seconds = (performance.now() - began) / 1_000;
      if (counts.enriched !== products) throw new Error(`${counts.enriched} of ${products} products are enriched`);
      await delay(SETTLE_MS);
      const counted = proxy.take();
      const { bytes, durations } = readLog(readFileSync(log).subarray(from).toString("utf8"));
      const calls = await stack.calls();
      const requests = Object.fromEntries(counted.requests);
      // The emulator's own poller: a receive and a delete for each invocation.
      requests["sqs:poller"] = 2 * durations.length;
      usages.push({
        products,
        leftOut: 0,
        drift: 0,
        writeUnits: counted.writeUnits + counted.rowsInTransactions,
        readUnits: counted.readUnits,
        writes: Object.fromEntries(counted.writes),
        requests,
        invocations: durations.length,
        functionSeconds: durations.reduce((sum, duration) => sum + duration, 0) / 1_000,
        logBytes: bytes,
        calls: calls.total,
        seconds,
      });
      say(
        `measured ${products.toLocaleString("en-US")} in one run: ${seconds.toFixed(0)} s, ${calls.by_status["429"] ?? 0} × 429`,
      );
    }
    return usages;
  } finally {
    proxy.stop();
    await stack.stop();
  }
};
