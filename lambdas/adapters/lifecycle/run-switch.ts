import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { OPEN_RUN_STATES, type RunState } from "../../core/run-states.ts";
import { type RunRow, RunRowSchema } from "../../core/status-rows.ts";
import { itemOnFailure, sdkErrorName, translateSdkError } from "../sdk-errors.ts";

const GOING = OPEN_RUN_STATES.filter((state) => state !== "paused");

/**
 * Turns runs off and on: one conditional write each, which everything else that touches the run obeys. The write carries
 * the id of the request (`order`), so that a write whose answer was lost, and which the SDK sends again, is told from
 * somebody else's: it gives the run as the first one made it.
 */
export class RunSwitch {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Pauses a run that goes on. Undefined when it does not: read it again. */
  pause(run: RunRow, now: string, order: string): Promise<RunRow | undefined> {
    return this.#turn(run, GOING, "paused", now, order);
  }

  /** Lets a paused run go on. Undefined when it is not paused: read it again. */
  resume(run: RunRow, now: string, order: string): Promise<RunRow | undefined> {
    return this.#turn(run, ["paused"], run.started_at === null ? "queued" : "running", now, order);
  }

  /**
   * Marks an open run as cancelled: from then on nothing more is sent. It stays open until its last product is settled.
   * Undefined when it is cancelled or closed already: read it again.
   */
  cancel(run: RunRow, now: string, order: string): Promise<RunRow | undefined> {
    return this.#turn(run, OPEN_RUN_STATES, "cancelled", now, order);
  }

  async #turn(
    run: RunRow,
    from: readonly RunState[],
    to: RunState,
    now: string,
    order: string,
  ): Promise<RunRow | undefined> {
    const states = Object.fromEntries(from.map((state, index) => [`:from${index}`, state]));
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { catalog_id: run.catalog_id, batch_id: run.batch_id },
          UpdateExpression:
            "SET #state = :to, turned_by = :order, blocked_by = :none, updated_at = :now ADD #sequence :one",
          ConditionExpression: `attribute_exists(open_shard) AND pending > :zero AND #state IN (${Object.keys(states).join(", ")})`,
          ExpressionAttributeNames: { "#state": "state", "#sequence": "sequence" },
          ExpressionAttributeValues: {
            ...states,
            ":to": to,
            ":order": order,
            ":none": [],
            ":now": now,
            ":one": 1,
            ":zero": 0,
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return RunRowSchema.parse(Attributes);
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") {
        const stands = itemOnFailure(error);
        return stands?.turned_by === order ? RunRowSchema.parse(stands) : undefined;
      }
      throw translateSdkError(error, `making the run ${to}`);
    }
  }
}
