import type { RunUsage } from "../../core/cost/run-usage.ts";
import { UsageMeter } from "../../core/cost/usage-meter.ts";

/** Smallest memory of a function that uses it, where the environment does not say: MB. */
const MEMORY_MB = 512;

/**
 * What this function instance uses. One for all of it: the clients count into it, and the stores that write rows of runs take
 * from it.
 */
export const instanceUsage = new UsageMeter(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE) || MEMORY_MB, () =>
  performance.now(),
);

/** How the invocations of a function count. */
interface Counting {
  /** The poller receives the messages of an invocation and deletes them. @default false */
  readonly isPolled?: boolean;
  /**
   * Whether what is left at the end goes with the next invocation's first write: everything that the function does is for runs.
   * Others serve readers too, or find nothing to do. @default false
   */
  readonly isForRuns?: boolean;
}

const POLLED: RunUsage = { used_sqs: 2 };

/** Has the invocations of a function counted, with their time. */
export const countInvocations =
  <Event, Context, Result>(
    handler: (event: Event, context: Context) => Promise<Result>,
    { isPolled = false, isForRuns = false }: Counting = {},
    usage: Pick<UsageMeter, "begin" | "end" | "count" | "take"> = instanceUsage,
  ) =>
  async (event: Event, context: Context): Promise<Result> => {
    usage.begin();
    if (isPolled) usage.count(POLLED);
    try {
      return await handler(event, context);
    } finally {
      usage.end();
      if (!isForRuns) usage.take();
    }
  };
