import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { RunUsage } from "../../../core/cost/run-usage.ts";
import type { TakenUsage } from "../../../core/cost/usage-meter.ts";
import { type DispatchClaim, type RunRow, RunRowSchema } from "../../../core/runs/run-row.ts";
import type { RunState } from "../../../core/runs/run-states.ts";
import { instanceUsage } from "../../aws/instance-usage.ts";
import { itemOnFailure, sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";
import { usageAdditions } from "../usage-additions.ts";

/** The fenced right to send a range of a run's batches, kept on the run row. */
export class DispatchClaims {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #usage: TakenUsage;

  /** @param usage what is counted into the runs of which batches were sent */
  constructor(client: DynamoDBDocumentClient, tableName: string, usage: TakenUsage = instanceUsage) {
    this.#client = client;
    this.#table = tableName;
    this.#usage = usage;
  }

  /**
   * Claims batches `claim.from` to `claim.to`, if nobody moved the run meanwhile and there is no live claim.
   * A stale claim is taken over whole: pass its range, so that it is redone. The claim must be the one that was read,
   * so that no batch is ever written beyond `dispatched` and the current claim: cancelling relies on it. Each claim
   * needs an owner of its own: a write whose answer was lost, and which the SDK repeats, is recognised by it.
   * @returns the run as claimed, or undefined when it was not to be had.
   */
  async take(run: RunRow, claim: DispatchClaim, now: string): Promise<RunRow | undefined> {
    return this.#claim(run, claim, now, ["queued", "running", "waiting_for_source"]);
  }

  /** Takes over the stale claim of a cancelled run, to settle which of its batches exist. */
  async takeOver(run: RunRow, claim: DispatchClaim, now: string): Promise<RunRow | undefined> {
    return run.claim && this.#claim(run, claim, now, ["cancelled"]);
  }

  #claim(run: RunRow, claim: DispatchClaim, now: string, states: readonly RunState[]): Promise<RunRow | undefined> {
    const names: Record<string, string> = { "#state": "state" };
    const values: Record<string, unknown> = { ":claim": claim, ":now": now, ":dispatched": run.dispatched };
    states.forEach((state, index) => {
      values[`:state${index}`] = state;
    });
    let free = "attribute_not_exists(claim)";
    if (run.claim) {
      names["#owner"] = "owner";
      values[":seen"] = run.claim.owner;
      free = "claim.#owner = :seen AND claim.expires_at < :now";
    }
    const update = {
      UpdateExpression: "SET claim = :claim, updated_at = :now",
      ConditionExpression: `dispatched = :dispatched AND #state IN (${states.map((_, index) => `:state${index}`).join(", ")}) AND ${free}`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    };
    return this.#update(run, update, (current) => current.claim?.owner === claim.owner);
  }

  /** Gives the claim back with its batches sent. Undefined when it was lost to somebody else, who redoes them, and has not yet. */
  async release(run: RunRow, claim: DispatchClaim, now: string): Promise<RunRow | undefined> {
    return this.#usage.during(
      (used) => this.#release(run, claim, now, used),
      (released) => released !== undefined,
    );
  }

  async #release(run: RunRow, claim: DispatchClaim, now: string, used: RunUsage): Promise<RunRow | undefined> {
    const counted = usageAdditions(used);
    const update = {
      UpdateExpression: `SET dispatched = :to, updated_at = :now${counted.add.length === 0 ? "" : ` ADD ${counted.add.join(", ")}`} REMOVE claim`,
      ConditionExpression: "claim.#owner = :owner AND dispatched = :dispatched",
      ExpressionAttributeNames: { "#owner": "owner" },
      ExpressionAttributeValues: {
        ":to": claim.to,
        ":now": now,
        ":owner": claim.owner,
        ":dispatched": run.dispatched,
        ...counted.values,
      },
    };
    // Sent by this claim, or by one that took it over: either way the batches are sent.
    return this.#update(run, update, (current) => current.dispatched >= claim.to);
  }

  async #update(
    run: RunRow,
    update: {
      UpdateExpression: string;
      ConditionExpression: string;
      ExpressionAttributeNames: Record<string, string>;
      ExpressionAttributeValues: Record<string, unknown>;
    },
    isDone: (current: RunRow) => boolean,
  ): Promise<RunRow | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { catalog_id: run.catalog_id, batch_id: run.batch_id },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          ...update,
        }),
      );
      return RunRowSchema.parse(Attributes);
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") {
        const item = itemOnFailure(error);
        const current = item && RunRowSchema.parse(item);
        return current && isDone(current) ? current : undefined;
      }
      throw translateSdkError(error, "claiming batches to send");
    }
  }
}
