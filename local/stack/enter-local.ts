import { setTimeout as delay } from "node:timers/promises";
import type { Layout } from "../layout.ts";
import { LocalError } from "../local-error.ts";
import type { Outputs } from "../outputs.ts";
import { clearDead, findRunning } from "./find-running.ts";
import type { RunFile } from "./run-file.ts";
import type { RunningStack } from "./stack-options.ts";
import { startStack } from "./start-stack.ts";
import type { ProductsChoice } from "./start-upstreams.ts";

/** A stack that this process started. */
export interface OwnStack {
  stop(): Promise<void>;
  /**
   * Waits for the person to stop it, or for a part to die, then stops everything.
   * @returns exit code: 0 when it was asked to stop
   */
  untilStopped(asked: Promise<void>): Promise<number>;
}

/** A local stack to work with. */
export interface EnteredLocal {
  readonly outputs: Outputs;
  /** Undefined when another process runs it: then it is not ours to stop. */
  readonly stack: OwnStack | undefined;
  /** What the simulators of a stack that ran already serve. */
  readonly products: RunFile["products"] | undefined;
}

export interface EnterOptions {
  readonly layout: Layout;
  readonly products: ProductsChoice;
  readonly signal?: AbortSignal;
  /** Where the steps are shown. */
  readonly show?: "steps" | "nothing";
}

/** Longest wait for a start that another process has under way. */
const OTHER_START_MS = 420_000;

const own = (stack: RunningStack): OwnStack => ({
  stop: stack.stop,
  untilStopped: async (asked) => {
    const why = await Promise.race([asked.then(() => undefined), stack.broken]);
    process.stderr.write(
      why === undefined ? "\nStopping …\n" : `\n${why}; stopping the rest. Logs are in the logs folder.\n`,
    );
    await stack.stop();
    return why === undefined ? 0 : 1;
  },
});

/**
 * Gives the local stack of a folder: the one that runs, waiting for one that is just starting, else a new one.
 * What a dead process left behind is cleared first.
 * @throws LocalError when a running one is broken, or a new one cannot be started.
 */
export const enterLocal = async (options: EnterOptions): Promise<EnteredLocal> => {
  const { layout, signal } = options;
  const deadline = Date.now() + OTHER_START_MS;
  let isNotified = false;
  for (;;) {
    signal?.throwIfAborted();
    const found = await findRunning(layout);
    if (found.state === "running") return { outputs: found.outputs, stack: undefined, products: found.run.products };
    if (found.state === "broken") {
      throw new LocalError(`A local stack is there, but ${found.problem}. Run npm run local:stop, then start again.`);
    }
    if (found.state === "starting") {
      if (Date.now() > deadline) {
        throw new LocalError("Another start takes longer than 7 minutes. Run npm run local:stop, then start again.");
      }
      if (!isNotified)
        process.stderr.write(`Another start is under way (process ${found.run.main.pid}); waiting for it.\n`);
      isNotified = true;
      await delay(500);
      continue;
    }
    if (found.state === "dead") {
      const left = await clearDead(layout, found.run);
      if (left.length > 0) process.stderr.write(`Ended what a crashed local stack left behind: ${left.join(", ")}.\n`);
    }
    const stack = await startStack(options);
    return { outputs: stack.outputs, stack: own(stack), products: undefined };
  }
};
