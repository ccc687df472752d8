import { setTimeout as delay } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../../../lambdas/common/adapters/dynamodb/batch-get.ts";
import { type RunRow, RunRowSchema } from "../../../lambdas/common/core/runs/run-row.ts";
import { clientConfig } from "../../../local/aws-environment.ts";

const RECHECK_EVERY_MS = 400;

/** A run to watch. */
export interface WatchedRun {
  readonly catalog_id: string;
  readonly tracking_id: string;
}

const faultsOf = (run: RunRow, before: RunRow | undefined): string[] => {
  const { uploaded, enriched, failed, pending, cancelled } = run;
  const counts = [enriched, failed, pending, cancelled];
  const faults: string[] = [];
  if (counts.reduce((sum, count) => sum + count) !== uploaded) faults.push("the counts do not add up");
  if (counts.some((count) => count < 0)) faults.push("a count is below zero");
  if (before && run.sequence < before.sequence) faults.push("the sequence fell");
  if (before && run.sequence === before.sequence && pending !== before.pending) faults.push("counts moved unnumbered");
  if (before && enriched < before.enriched) faults.push("an enriched product was taken back");
  return faults.map((fault) => `${fault}: ${JSON.stringify({ run, before })}`);
};

/** Looks at run rows again and again, straight in the table, and notes every look at which something was wrong. */
export class RunWatcher {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #watched = new Map<string, WatchedRun>();
  readonly #latest = new Map<string, RunRow>();
  #isOver = false;
  #watching: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  /** Run rows looked at so far. */
  checks = 0;
  readonly faults: string[] = [];

  constructor(emulatorUrl: string, table: string) {
    this.#documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(emulatorUrl)));
    this.#table = table;
  }

  watch(run: WatchedRun): void {
    this.#watched.set(run.tracking_id, run);
  }

  get latest(): RunRow[] {
    return [...this.#latest.values()];
  }

  start(): void {
    this.#watching = (async () => {
      while (!this.#isOver) {
        await this.check();
        await delay(RECHECK_EVERY_MS);
      }
    })();
    // What ends the watching early is thrown by stop.
    this.#watching.catch(() => undefined);
  }

  /** @throws whatever ended the watching early */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#watching;
    this.#documents.destroy();
  }

  /** One look at every run that is watched. Looks never overlap: an older answer would seem to take something back. */
  check(): Promise<void> {
    const mine = this.#last.then(() => this.#check());
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #check(): Promise<void> {
    const keys = [...this.#watched.values()].map(({ catalog_id, tracking_id }) => ({
      catalog_id,
      batch_id: tracking_id,
    }));
    const items = await batchGet(this.#documents, {
      ...{ table: this.#table, keys, consistent: true },
      doing: "reading the runs that are watched",
    });
    for (const item of items) {
      const run = RunRowSchema.parse(item);
      this.checks += 1;
      this.faults.push(...faultsOf(run, this.#latest.get(run.batch_id)));
      this.#latest.set(run.batch_id, run);
    }
  }
}
