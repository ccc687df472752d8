import { setTimeout as delay } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { clientConfig } from "../../local/aws-environment.ts";

/** A run whose changes are watched. */
export interface WatchedRun {
  readonly catalogId: string;
  readonly trackingId: string;
}

const UpdatedSchema = z.object({ sequence: z.number() });

/**
 * Commits changes of runs at an even pace, as the recorder does: the run's row, its sequence one higher. Enriching products would
 * bind the machine long before the live line does.
 */
export class RunUpdates {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #runs: readonly WatchedRun[];
  #isPaced = false;
  /** The last sequence of each catalog. */
  readonly sequences = new Map<string, number>();
  committed = 0;

  constructor(emulatorUrl: string, table: string, runs: readonly WatchedRun[]) {
    this.#documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(emulatorUrl)));
    this.#table = table;
    this.#runs = runs;
  }

  /** Commits a change of one run. */
  async commit({ catalogId, trackingId }: WatchedRun): Promise<void> {
    const { Attributes } = await this.#documents.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { catalog_id: catalogId, batch_id: trackingId },
        UpdateExpression: "SET updated_at = :now ADD #sequence :one",
        ExpressionAttributeNames: { "#sequence": "sequence" },
        ExpressionAttributeValues: { ":now": new Date().toISOString(), ":one": 1 },
        ReturnValues: "UPDATED_NEW",
      }),
    );
    const { sequence } = UpdatedSchema.parse(Attributes);
    this.sequences.set(catalogId, Math.max(sequence, this.sequences.get(catalogId) ?? 0));
    this.committed += 1;
  }

  /** Commits changes of all runs in turn, so many a second, until `stop`. @returns when the last one is committed */
  async pace(perSecond: number): Promise<void> {
    this.#isPaced = true;
    const begunMs = performance.now();
    const open = new Set<Promise<void>>();
    for (let n = 0; this.#isPaced; n += 1) {
      const run = this.#runs[n % this.#runs.length];
      if (!run) return;
      const commit = this.commit(run).finally(() => open.delete(commit));
      open.add(commit);
      await delay(Math.max(0, begunMs + ((n + 1) * 1_000) / perSecond - performance.now()));
    }
    await Promise.all(open);
  }

  stop(): void {
    this.#isPaced = false;
  }

  /** Commits a change of every run. */
  async commitAll(): Promise<void> {
    for (const run of this.#runs) await this.commit(run);
  }

  close(): void {
    this.#documents.destroy();
  }
}
