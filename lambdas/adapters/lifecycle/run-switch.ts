import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { OPEN_RUN_STATES, type RunState } from "../../core/run-states.ts";
import { type RunRow, RunRowSchema } from "../../core/status-rows.ts";
import { sdkErrorName, translateSdkError } from "../sdk-errors.ts";

const GOING = OPEN_RUN_STATES.filter((state) => state !== "paused");

/** Turns runs off and on: one conditional write each, which everything else that touches the run obeys. */
export class RunSwitch {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Pauses a run that goes on. Undefined when it does not: read it again. */
  pause(run: RunRow, now: string): Promise<RunRow | undefined> {
    return this.#turn(run, GOING, "paused", now);
  }

  /** Lets a paused run go on. Undefined when it is not paused: read it again. */
  resume(run: RunRow, now: string): Promise<RunRow | undefined> {
    return this.#turn(run, ["paused"], run.started_at === null ? "queued" : "running", now);
  }

  /**
   * Marks an open run as cancelled: from then on nothing more is sent. It stays open until its last product is settled.
   * Undefined when it is cancelled or closed already: read it again.
   */
  cancel(run: RunRow, now: string): Promise<RunRow | undefined> {
    return this.#turn(run, OPEN_RUN_STATES, "cancelled", now);
  }

  async #turn(run: RunRow, from: readonly RunState[], to: RunState, now: string): Promise<RunRow | undefined> {
    const states = Object.fromEntries(from.map((state, index) => [`:from${index}`, state]));
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { catalog_id: run.catalog_id, batch_id: run.batch_id },
          UpdateExpression: "SET #state = :to, blocked_by = :none, updated_at = :now ADD #sequence :one",
          ConditionExpression: `attribute_exists(open_shard) AND pending > :zero AND #state IN (${Object.keys(states).join(", ")})`,
          ExpressionAttributeNames: { "#state": "state", "#sequence": "sequence" },
          ExpressionAttributeValues: { ...states, ":to": to, ":none": [], ":now": now, ":one": 1, ":zero": 0 },
          ReturnValues: "ALL_NEW",
        }),
      );
      return RunRowSchema.parse(Attributes);
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return undefined;
      throw translateSdkError(error, `making the run ${to}`);
    }
  }
}
