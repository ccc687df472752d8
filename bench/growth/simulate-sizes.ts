import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { emulatorEnvironment } from "../../local/aws-environment.ts";
import { stopOnSignal } from "../shared/stop-on-signal.ts";
import { LEAST_STRETCH } from "./left-out.ts";
import { captureLog } from "./log-bytes.ts";
import { bundleProduct, loadProduct } from "./product.ts";
import { simulateRun } from "./simulate-run.ts";
import { type Usage, UsageSchema } from "./usage.ts";

/** Products simulated before and after those left out. */
const STRETCH = 50_000;
/** Far more than a size takes on a busy machine. */
const MAX_REAL_MS = 30 * 60_000;

const WorkSchema = z.object({
  product: z.string(),
  products: z.number(),
  rate: z.number(),
  mostInRequest: z.number(),
  leaveOut: z.number(),
});

/** Body of the child process of one size, which gets what to do as `work`, JSON. */
export const runSimulationChild = async (work: string): Promise<void> => {
  const { product, ...options } = WorkSchema.parse(JSON.parse(work));
  // Functions log to standard output; it is counted, and the answer goes another way.
  const log = captureLog();
  const usage = await simulateRun(await loadProduct(product), log, { ...options, mostRealMs: MAX_REAL_MS });
  // Workers wait for messages for ever, so the process must be ended.
  process.send?.(usage, () => process.exit(0));
};

/** Products of a run that may be left out, in whole batches for any batch size up to 50. */
const mayLeaveOut = (products: number): number => {
  const middle = products - 2 * Math.max(STRETCH, LEAST_STRETCH);
  return middle <= STRETCH ? 0 : middle - (middle % 1_000);
};

/**
 * Simulates each size in a process of its own.
 * @param whole leaves nothing out
 * @param script whose `--simulate <work>` calls `runSimulationChild`
 * @param say gets a line about each size
 */
export const simulateSizes = async (
  sizes: readonly number[],
  {
    whole,
    script,
    ...options
  }: {
    readonly rate: number;
    readonly mostInRequest: number;
    readonly whole: boolean;
    readonly script: string;
  },
  say: (line: string) => void,
): Promise<Usage[]> => {
  const folder = await mkdtemp(join(tmpdir(), "enrichline-bench-"));
  const running = new AbortController();
  const stop = async (): Promise<void> => {
    running.abort();
    await rm(folder, { recursive: true, force: true });
  };
  const forget = stopOnSignal(stop);
  try {
    const product = await bundleProduct(join(folder, "product.mjs"));
    const usages: Usage[] = [];
    for (const products of sizes) {
      const began = performance.now();
      const work = { product, products, ...options, leaveOut: whole ? 0 : mayLeaveOut(products) };
      const usage = await inChild(script, JSON.stringify(work), running.signal);
      usages.push(usage);
      say(
        `simulated ${products.toLocaleString("en-US")} in ${((performance.now() - began) / 1_000).toFixed(0)} s${usage.leftOut === 0 ? "" : `, of which ${usage.leftOut.toLocaleString("en-US")} estimated from those before and after them; write units of those differ by ${(100 * usage.drift).toFixed(2)} %`}`,
      );
    }
    return usages;
  } finally {
    forget();
    await stop();
  }
};

/** Longer lines of an error are code that a bundler wrote. */
const MAX_LINE = 500;

const inChild = async (script: string, work: string, signal: AbortSignal): Promise<Usage> => {
  const child = fork(script, ["--simulate", work], {
    signal,
    silent: true,
    env: { ...emulatorEnvironment("http://127.0.0.1:9"), POWERTOOLS_SERVICE_NAME: "bench" },
  });
  let trouble = "";
  child.stderr?.on("data", (chunk) => {
    trouble = `${trouble}${chunk}`.slice(-64_000);
  });
  let answer: unknown;
  child.on("message", (message) => {
    answer = message;
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0 || answer === undefined) {
    // Node shows the line of the bundle, which is all of it.
    const lines = trouble.split("\n").filter((line) => line.length < MAX_LINE);
    throw new Error(`a simulation ended with ${code}:\n${lines.join("\n")}`);
  }
  return UsageSchema.parse(answer);
};
