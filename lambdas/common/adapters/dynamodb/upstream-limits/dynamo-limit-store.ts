import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type LimitItem, LimitItemSchema } from "../../../core/limiter/limit-item.ts";
import type { LimitStore, UpdateResult } from "../../../core/limiter/limit-store.ts";
import type { UpdatePlan } from "../../../core/limiter/plan/plan.ts";
import { compilePlan } from "./compile-plan.ts";
import { storeFailure } from "./store-failure.ts";

/** The item of a refused condition comes in DynamoDB's own form, which the document client leaves as it is. */
const WireItemSchema = z.record(
  z.string(),
  z.union([
    z.object({ S: z.string() }).transform(({ S }) => S),
    z.object({ N: z.string() }).transform(({ N }) => Number(N)),
  ]),
);

/** Limit items in the `upstream-limits` table, one UpdateItem per plan. */
export class DynamoLimitStore implements LimitStore {
  readonly #documentClient: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(documentClient: DynamoDBDocumentClient, tableName: string) {
    this.#documentClient = documentClient;
    this.#tableName = tableName;
  }

  /**
   * A write that the client repeated after a lost answer may have been made twice; that spends a slot and can
   * never free one.
   * @throws TransientError, ConfigError as `storeFailure` says.
   */
  async update(limitKey: string, plan: UpdatePlan): Promise<UpdateResult> {
    try {
      const answer = await this.#documentClient.send(new UpdateCommand(compilePlan(this.#tableName, limitKey, plan)));
      const before = answer.Attributes === undefined ? undefined : LimitItemSchema.parse(answer.Attributes);
      return { applied: true, before };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        const before = error.Item && LimitItemSchema.parse(WireItemSchema.parse(error.Item));
        return { applied: false, before };
      }
      if (error instanceof z.ZodError) throw error;
      throw storeFailure(error, `reserve on ${limitKey}`);
    }
  }

  /** @throws TransientError, ConfigError as `storeFailure` says. */
  async read(limitKey: string): Promise<LimitItem | undefined> {
    const get = new GetCommand({ TableName: this.#tableName, Key: { limit_key: limitKey }, ConsistentRead: true });
    const answer = await this.#documentClient.send(get).catch((error: unknown) => {
      throw storeFailure(error, `read ${limitKey}`);
    });
    return answer.Item === undefined ? undefined : LimitItemSchema.parse(answer.Item);
  }
}
