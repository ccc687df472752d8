import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Layout } from "../layout.ts";
import { LocalError, messageOf } from "../local-error.ts";
import { logTail } from "../process/log-tail.ts";

const TIMEOUT_MS = 120_000;

/**
 * Waits until the deployed API says that it is well.
 * @throws LocalError with its last answer and the end of the emulator's log when it does not in time.
 */
export const waitForApi = async (apiUrl: string, layout: Layout, signal?: AbortSignal): Promise<void> => {
  const deadline = Date.now() + TIMEOUT_MS;
  let last = "no answer";
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    try {
      const response = await fetch(`${apiUrl}/health`, { signal: AbortSignal.timeout(20_000) });
      if (response.ok) return;
      last = `status ${response.status}: ${(await response.text()).slice(0, 500)}`;
    } catch (error) {
      last = messageOf(error);
    }
    await delay(500);
  }
  const log = join(layout.logsDir, "emulator.log");
  throw new LocalError(
    `the deployed API does not answer well at ${apiUrl}/health (${last}).\n${logTail(log)}\n  whole log: ${log}`,
  );
};
