import { errorWords } from "../common/core/error-words.ts";
import { GAUGED_QUEUES, METRICS } from "../common/core/metric-names.ts";
import type { Deps } from "./deps.ts";

/**
 * Records how much lies in each queue of the main line. What cannot be read is left out: a figure must not fail a pass that
 * sends work again.
 */
export const gaugeQueues = async ({ depths, meter, log }: Pick<Deps, "depths" | "meter" | "log">): Promise<void> => {
  await Promise.all(
    GAUGED_QUEUES.map(async (queue) => {
      try {
        meter.gauge(METRICS.QUEUE_DEPTH, await depths.read(queue), { queue });
      } catch (error) {
        log.warn("depth of a queue not recorded", { queue, error: errorWords(error) });
      }
    }),
  );
};
