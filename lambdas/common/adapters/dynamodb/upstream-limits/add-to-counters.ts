import { randomUUID } from "node:crypto";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { sdkErrorName } from "../../aws/sdk-errors.ts";
import type { CounterTable } from "./read-counter-items.ts";
import { storeFailure } from "./store-failure.ts";

/** Hours are kept for analytics this long. */
const KEPT_SECONDS = 30 * 86_400;

/** What to add to one item of counters. */
export interface CounterChange {
  readonly key: string;
  /** By attribute. */
  readonly amounts: Readonly<Record<string, number>>;
  /** What for, in the words of an error. */
  readonly doing: string;
}

/**
 * Adds to an item of counters by one write. The write names its call, and the SDK's repeat of it after a lost answer adds
 * nothing, unless another instance has counted between the two.
 * @throws TransientError, ConfigError as `storeFailure` says
 */
export const addToCounters = async (table: CounterTable, { key, amounts, doing }: CounterChange): Promise<void> => {
  const entries = Object.entries(amounts);
  const command = new UpdateCommand({
    TableName: table.tableName,
    Key: { limit_key: key },
    UpdateExpression: `SET #ttl = :ttl, last_call = :call ADD ${entries.map((_, place) => `#a${place} :a${place}`).join(", ")}`,
    ConditionExpression: "attribute_not_exists(last_call) OR last_call <> :call",
    ExpressionAttributeNames: {
      "#ttl": "ttl",
      ...Object.fromEntries(entries.map(([name], place) => [`#a${place}`, name])),
    },
    ExpressionAttributeValues: {
      ":ttl": Math.ceil(table.clock.now() / 1000) + KEPT_SECONDS,
      ":call": randomUUID(),
      ...Object.fromEntries(entries.map(([, amount], place) => [`:a${place}`, amount])),
    },
  });
  try {
    await table.documentClient.send(command);
  } catch (error) {
    if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw storeFailure(error, doing);
  }
};
