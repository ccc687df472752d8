import { isDeepStrictEqual } from "node:util";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Census, CensusSchema } from "../../../core/licences/revocations/census.ts";
import { itemOnFailure, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";

/** The row of the count. No hour has this name. */
const KEY = { ends_hour: "census", ends_at_id: "census" };
const RowSchema = z.object({
  /** When somebody asked for a new count last; null: nobody did. */
  requested_at: z.iso.datetime().nullable().default(null),
  /** The count under way; null: none is. */
  running: CensusSchema.nullable().default(null),
  /** The last one that was finished; null: none was. */
  last: CensusSchema.nullable().default(null),
  version: z.number().int().min(0).default(0),
});
/** Counts of the content that a stage holds. */
export type ContentCounts = z.infer<typeof RowSchema>;

/** Whether a row is as a write left it, whatever was asked for meanwhile. */
const isAs = (next: ContentCounts, stored: ContentCounts): boolean =>
  isDeepStrictEqual({ ...next, requested_at: null }, { ...stored, requested_at: null });

/** What is held of each source, in a row of the `content-ends` table. Numbers only. */
export class ContentCountStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** @throws TransientError */
  async read(): Promise<ContentCounts> {
    const { Item } = await withSdkErrors("reading the count of content", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: KEY, ConsistentRead: true })),
    );
    return RowSchema.parse(Item ?? {});
  }

  /** Asks for a new count. @param at ISO time @throws TransientError */
  async request(at: string): Promise<void> {
    const change = { UpdateExpression: "SET requested_at = :at", ExpressionAttributeValues: { ":at": at } };
    await withSdkErrors("asking for a count of content", () => this.#update(change));
  }

  /**
   * Writes how far the count is, unless somebody wrote it meanwhile.
   * @param seen the row as it was read
   * @returns what is stored now; undefined when somebody else was faster
   * @throws TransientError
   */
  async save(
    seen: ContentCounts,
    change: { readonly running: Census | null; readonly last: Census | null },
  ): Promise<ContentCounts | undefined> {
    const next = { ...seen, ...change, version: seen.version + 1 };
    const isFirst = seen.version === 0;
    try {
      await this.#update({
        UpdateExpression: "SET running = :running, #last = :last, #version = :next",
        ConditionExpression: isFirst ? "attribute_not_exists(#version)" : "#version = :seen",
        ExpressionAttributeNames: { "#last": "last", "#version": "version" },
        ExpressionAttributeValues: {
          ...{ ":running": next.running, ":last": next.last, ":next": next.version },
          ...(isFirst ? {} : { ":seen": seen.version }),
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return next;
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "writing the count of content");
      }
      // As when the answer was lost and the SDK has sent it again.
      return isAs(next, RowSchema.parse(itemOnFailure(error) ?? {})) ? next : undefined;
    }
  }

  async #update(change: Omit<UpdateCommandInput, "TableName" | "Key">): Promise<void> {
    await this.#client.send(new UpdateCommand({ TableName: this.#table, Key: KEY, ...change }));
  }
}
