import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { isAllParked } from "../../../core/runs/run.ts";
import { type RunRow, RunRowSchema } from "../../../core/runs/run-row.ts";
import { OPEN_RUN_STATES, type RunState } from "../../../core/runs/run-states.ts";
import type { BlockedBy } from "../../../core/sources/blocked-by.ts";
import { itemOnFailure, sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";

const GOING = OPEN_RUN_STATES.filter((state) => state !== "paused");

/** The state to which a switch sets a run. */
interface Switched {
  readonly state: RunState;
  /** Absent: as they are. */
  readonly blocked_by?: readonly BlockedBy[];
}

/** Nothing is recorded before what is parked comes back, so that nobody else would say again what it waits for. */
const resumed = (run: RunRow, now: string): Switched => {
  const blocked_by = run.blocked_by.filter(({ retry_at }) => retry_at === null || retry_at > now);
  if (run.started_at === null) return { state: "queued", blocked_by };
  return { state: blocked_by.length > 0 && isAllParked(run) ? "waiting_for_source" : "running", blocked_by };
};

/**
 * Pauses, resumes and cancels runs: one conditional write each, which everything else that touches the run obeys. The
 * write carries the id of the request (`requestId`). It distinguishes a write whose answer was lost, and which the SDK sends
 * again, from somebody else's: the repeat gives the run as the first write made it.
 */
export class RunSwitch {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Pauses a run that is under way; it keeps what it waits for. Undefined when it is not under way: read it again. */
  pause(run: RunRow, now: string, requestId: string): Promise<RunRow | undefined> {
    return this.#switch(run, GOING, { state: "paused" }, now, requestId);
  }

  /** Lets a paused run continue, or wait for a source that is not back yet. Undefined when it is not paused: read it again. */
  resume(run: RunRow, now: string, requestId: string): Promise<RunRow | undefined> {
    return this.#switch(run, ["paused"], resumed(run, now), now, requestId);
  }

  /**
   * Marks an open run as cancelled: from then on nothing more is sent. It stays open until its last product is settled.
   * Undefined when it is cancelled or closed already: read it again.
   */
  cancel(run: RunRow, now: string, requestId: string): Promise<RunRow | undefined> {
    return this.#switch(run, OPEN_RUN_STATES, { state: "cancelled", blocked_by: [] }, now, requestId);
  }

  async #switch(
    run: RunRow,
    from: readonly RunState[],
    to: Switched,
    now: string,
    requestId: string,
  ): Promise<RunRow | undefined> {
    const states = Object.fromEntries(from.map((state, index) => [`:from${index}`, state]));
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { catalog_id: run.catalog_id, batch_id: run.batch_id },
          UpdateExpression: `SET #state = :to, turned_by = :request, updated_at = :now${to.blocked_by ? ", blocked_by = :blocked" : ""} ADD #sequence :one`,
          ConditionExpression: `attribute_exists(open_shard) AND pending > :zero AND #state IN (${Object.keys(states).join(", ")})`,
          ExpressionAttributeNames: { "#state": "state", "#sequence": "sequence" },
          ExpressionAttributeValues: {
            ...states,
            ...(to.blocked_by ? { ":blocked": to.blocked_by } : {}),
            ":to": to.state,
            ":request": requestId,
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
        const current = itemOnFailure(error);
        return current?.turned_by === requestId ? RunRowSchema.parse(current) : undefined;
      }
      throw translateSdkError(error, `making the run ${to.state}`);
    }
  }
}
