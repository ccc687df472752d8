import { setTimeout as delay } from "node:timers/promises";
import type { BenchApi } from "../shared/bench-api.ts";

/** What happens beside the calls in a run that is busy. */
export interface BusyWork {
  readonly pollers: number;
  /** Pause of each poller after an answer, in milliseconds. */
  readonly pollEveryMs: number;
  /** Rows of each file that is read beside; the next is uploaded a while after one is read. */
  readonly rows: number;
  /** ASINs that nobody has used. */
  readonly fresh: (count: number) => string[];
}

/** What the neighbours have done. */
export interface BusyDone {
  readonly statuses: number;
  readonly files: number;
}

/** Pause between two files: beyond it, the emulator itself is all that the machine works on. */
const BETWEEN_FILES_MS = 10_000;

const isRead = (state: string): boolean => state !== "awaiting_upload" && state !== "ingesting";

/**
 * Starts people who ask for the status of a run again and again, and a user whose files are read one after another.
 * @returns ends them, with what they have done
 */
export const startNeighbours = (
  catalogId: string,
  owner: BenchApi,
  reader: BenchApi,
  work: BusyWork,
): (() => Promise<BusyDone>) => {
  let stopped = false;
  let statuses = 0;
  let files = 0;
  const poll = async (): Promise<void> => {
    while (!stopped) {
      await owner.status(catalogId);
      statuses += 1;
      await delay(work.pollEveryMs);
    }
  };
  const ingest = async (): Promise<void> => {
    while (!stopped) {
      const id = await reader.uploadLarge(work.fresh(work.rows));
      await reader.until(id, ({ state }) => stopped || isRead(state), 500);
      files += 1;
      for (let waited = 0; !stopped && waited < BETWEEN_FILES_MS; waited += 500) await delay(500);
    }
  };
  const running = Promise.all([...Array.from({ length: work.pollers }, poll), ingest()]);
  // A failure shows when they are ended.
  running.catch(() => undefined);
  return async () => {
    stopped = true;
    await running;
    return { statuses, files };
  };
};
