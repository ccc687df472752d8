import { randomUUID } from "node:crypto";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { SOURCE_IDS, type SourceId } from "../../../core/source-ids.ts";
import { sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";
import { queryUpTo } from "../query-pages.ts";

/** Partition of the rows. No hour has this name. */
const PARTITION = "swept";
const Count = z.number().int().min(0).default(0);
const RowSchema = z.object({
  ends_at_id: z.string(),
  fields: Count,
  raw_answers: Count,
  exports: Count,
  since: z.iso.datetime(),
});
/** What the sweep has removed because it ended. */
export type Swept = Omit<z.infer<typeof RowSchema>, "ends_at_id">;
/** Of one source, or of all: exports hold fields of several. */
export type SweptOf = SourceId | "all";

/** What was removed because it ended, in rows of the `content-ends` table. Numbers only. */
export class SweptCounts {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Adds what a pass of the sweep removed. The write names its call, so that the SDK's repeat after a lost answer adds nothing.
   * What a pass removed that dies before is not counted.
   * @param at ISO time
   * @throws TransientError
   */
  async add(of: SweptOf, removed: Partial<Omit<Swept, "since">>, at: string): Promise<void> {
    const { fields = 0, raw_answers = 0, exports = 0 } = removed;
    if (fields + raw_answers + exports === 0) return;
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { ends_hour: PARTITION, ends_at_id: of },
          UpdateExpression:
            "SET #since = if_not_exists(#since, :at), last_call = :call ADD #fields :fields, #raw :raw, #exports :exports",
          ConditionExpression: "attribute_not_exists(last_call) OR last_call <> :call",
          ExpressionAttributeNames: {
            ...{ "#since": "since", "#fields": "fields", "#raw": "raw_answers", "#exports": "exports" },
          },
          ExpressionAttributeValues: {
            ...{ ":at": at, ":call": randomUUID(), ":fields": fields, ":raw": raw_answers, ":exports": exports },
          },
        }),
      );
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return;
      throw translateSdkError(error, "counting what was removed");
    }
  }

  /** What the sweep has removed, by source; absent: nothing. @throws TransientError */
  async read(): Promise<ReadonlyMap<SweptOf, Swept>> {
    const { items } = await queryUpTo(this.#client, {
      doing: "reading what was removed",
      TableName: this.#table,
      KeyConditionExpression: "ends_hour = :partition",
      ExpressionAttributeValues: { ":partition": PARTITION },
      ConsistentRead: true,
    });
    const rows = items.map((item) => RowSchema.parse(item));
    return new Map(
      ([...SOURCE_IDS, "all"] as const).flatMap((of) => {
        const row = rows.find(({ ends_at_id }) => ends_at_id === of);
        if (!row) return [];
        const { ends_at_id: _, ...swept } = row;
        return [[of, swept] as const];
      }),
    );
  }
}
