import type { TestProject } from "vitest/node";
import type { Outputs } from "../../local/outputs.ts";
import { notApplied } from "../helpers/e2e/fault-switches.ts";
import { startLocalStack } from "../helpers/local-stack.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Addresses and users of the stack that all end-to-end files share: `inject("outputs")`. */
    outputs: Outputs;
    /** State folder of that stack: logs, `stack-outputs.json`. */
    stateDir: string;
  }
}

/**
 * Local differs from cdk.json's stage in what makes tests quick: a higher rate (the one test about one call a second
 * sets it itself), and messages that were not done come back sooner. Events are only of products that other systems asked for.
 */
const SETTINGS = {
  sources: [{ id: "creators-api", calls_per_second: 20 }, { id: "sp-api" }, { id: "keepa" }],
  visibility_timeout_seconds: 20,
  // Few events, so that those who react to them do so to each.
  product_events: "requested",
  downstream_events: true,
};

/** So small that most lists have several pages, and a reader of the first one only is found out. */
const PAGE_BYTES = 8_192;

/** Deploys one stack for all end-to-end files, on free ports in a temporary folder, and removes it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // One source with credentials: what goes wrong there must not be filled in by the next, unless a test is about that.
  const stack = await startLocalStack({ settings: SETTINGS, configured: ["creators-api"] });
  stack.faults.change({ page_bytes: PAGE_BYTES });
  project.provide("outputs", stack.outputs);
  project.provide("stateDir", stack.dir);
  return async () => {
    const { tallies } = stack.faults.proxy;
    await stack.stop();
    const missed = notApplied(tallies.report());
    if (Object.keys(missed).length > 0) {
      throw new Error(`the fault layer did less than the tests counted on: ${JSON.stringify(missed)}`);
    }
  };
}
