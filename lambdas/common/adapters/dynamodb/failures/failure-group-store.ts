import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { StaleWriteError } from "../../../core/errors.ts";
import { type FailureGroupRow, FailureGroupRowSchema } from "../../../core/failures/failure-group-row.ts";
import type { Reach } from "../../../core/failures/reach.ts";
import { isAsPut, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { queryUpTo } from "../query-pages.ts";
import { unchangedSince } from "../unchanged-since.ts";

/** A group with a trial that may need its next step. */
export interface TryingGroup {
  readonly reach: Reach;
  readonly groupId: string;
}

const TRYING = "failure-groups#trying";
const partition = ({ ownerId }: Reach): string => `failure-groups#${ownerId === null ? "all" : `of#${ownerId}`}`;
const key = (reach: Reach, groupId: string) => ({ tracking_id: partition(reach), product_key: groupId });

/** Group ids have no blank, so the first one ends them. */
const tryingKey = ({ reach, groupId }: TryingGroup) => ({
  tracking_id: TRYING,
  product_key: `${groupId} ${reach.ownerId ?? ""}`,
});

/** Rows of failure groups in the `failures` table, each in the partition of those who may see it. */
export class FailureGroupStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** The row of a group, as of now; undefined when nobody did anything with it. */
  async get(reach: Reach, groupId: string): Promise<FailureGroupRow | undefined> {
    const { Item } = await withSdkErrors("reading a failure group", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: key(reach, groupId), ConsistentRead: true })),
    );
    return Item ? FailureGroupRowSchema.parse(Item) : undefined;
  }

  /** Rows of all groups with which anybody of this reach did something. There are as many as causes, some dozens at most. */
  async list(reach: Reach): Promise<FailureGroupRow[]> {
    const { items } = await queryUpTo(this.#client, {
      doing: "listing failure groups",
      TableName: this.#table,
      KeyConditionExpression: "tracking_id = :reach",
      ExpressionAttributeValues: { ":reach": partition(reach) },
      ConsistentRead: true,
    });
    return items.map((item) => FailureGroupRowSchema.parse(item));
  }

  /**
   * Writes a group that nobody changed since it was read.
   * @returns the row as it is now
   * @throws StaleWriteError when somebody did
   */
  async save(reach: Reach, row: FailureGroupRow): Promise<FailureGroupRow> {
    const after = { ...row, version: row.version + 1 };
    const Item = { ...key(reach, row.group_id), ...after };
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item,
          ...unchangedSince(row.version),
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException")
        throw translateSdkError(error, "writing a failure group");
      if (!isAsPut(error, Item)) throw new StaleWriteError("the failure group was changed meanwhile");
    }
    return after;
  }

  /** Has `reconcile` take the group's trial further. Before the trial is written: one that never began is found out there. */
  async noteTrying(group: TryingGroup): Promise<void> {
    await withSdkErrors("noting a trial", () =>
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...tryingKey(group), group_id: group.groupId, owner_id: group.reach.ownerId },
        }),
      ),
    );
  }

  /** The trial needs nobody any more. */
  async forgetTrying(group: TryingGroup): Promise<void> {
    await withSdkErrors("noting the end of a trial", () =>
      this.#client.send(new DeleteCommand({ TableName: this.#table, Key: tryingKey(group) })),
    );
  }

  /** Groups with a trial, at most `limit`. */
  async listTrying(limit: number): Promise<TryingGroup[]> {
    const { items } = await queryUpTo(
      this.#client,
      {
        doing: "listing trials",
        TableName: this.#table,
        KeyConditionExpression: "tracking_id = :trying",
        ExpressionAttributeValues: { ":trying": TRYING },
        ConsistentRead: true,
      },
      limit,
    );
    return items.map(({ group_id, owner_id }) => ({
      reach: { ownerId: typeof owner_id === "string" ? owner_id : null },
      groupId: String(group_id),
    }));
  }
}
