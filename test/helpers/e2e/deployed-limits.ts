import { setTimeout as delay } from "node:timers/promises";
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { type LimitItem, LimitItemSchema } from "../../../lambdas/common/core/limiter/limit-item.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import { isRefused } from "./is-refused.ts";

/** How often a write that lost against the functions is tried again. */
const MAX_TRIES = 200;
/** Longest pause between two of them. */
const MAX_PAUSE_MS = 50;

/** The limiter's items in the table of a deployed stack. */
export class DeployedLimits {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  /** The limiter's item of a source; undefined before the first call. */
  async read(source: SourceId = "creators-api"): Promise<LimitItem | undefined> {
    const { Items = [] } = await this.#documents.send(
      new ScanCommand({ TableName: this.#table, ConsistentRead: true }),
    );
    const item = Items.find(
      ({ limit_key, next_free_ms }) => String(limit_key).startsWith(`${source}#`) && next_free_ms,
    );
    return item && LimitItemSchema.parse(item);
  }

  /** Puts every source's limit back to that of a fresh stack: no pace taken, nothing spent, breaker closed. */
  async forget(): Promise<void> {
    const TableName = this.#table;
    const { Items = [] } = await this.#documents.send(new ScanCommand({ TableName, ConsistentRead: true }));
    for (const { limit_key, next_free_ms } of Items) {
      // Tokens, secrets' versions and counters are items of the same table.
      if (next_free_ms !== undefined) {
        await this.#documents.send(new DeleteCommand({ TableName, Key: { limit_key } }));
      }
    }
  }

  /**
   * Changes the limiter's item as nobody else did meanwhile. Workers write it all the time, so what needs no change is not
   * written, and between two tries is a pause.
   * @param change returns the very item when nothing is to change
   * @throws Error before the first call
   */
  async change(change: (item: LimitItem) => LimitItem, source: SourceId = "creators-api"): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const item = await this.read(source);
      if (!item) throw new Error("the limiter has no item yet: make a call first");
      const changed = change(item);
      if (changed === item) return;
      try {
        await this.#documents.send(
          new PutCommand({
            TableName: this.#table,
            Item: changed,
            ConditionExpression: "#sequence = :sequence AND epoch = :epoch",
            ExpressionAttributeNames: { "#sequence": "sequence" },
            ExpressionAttributeValues: { ":sequence": item.sequence, ":epoch": item.epoch },
          }),
        );
        return;
      } catch (error) {
        if (!isRefused(error)) throw error;
        await delay(Math.random() * MAX_PAUSE_MS);
      }
    }
    throw new Error(`the limiter's item changed under ${MAX_TRIES} writes`);
  }
}
