import { type DynamoDBDocumentClient, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { BatchChange } from "../../../core/batches/settle/batch-outcome.ts";
import { CATALOG_KEY } from "../../../core/catalogs/catalog-key.ts";
import type { RunUsage } from "../../../core/cost/run-usage.ts";
import type { TakenUsage } from "../../../core/cost/usage-meter.ts";
import { StaleWriteError } from "../../../core/errors.ts";
import { OPEN_SHARD, unsentProducts } from "../../../core/runs/run.ts";
import { isNoChange, type RunDelta, runDelta } from "../../../core/runs/run-delta.ts";
import type { RunRow } from "../../../core/runs/run-row.ts";
import { OPEN_RUN_STATES, type RunState } from "../../../core/runs/run-states.ts";
import type { BlockedBy } from "../../../core/sources/blocked-by.ts";
import { instanceUsage } from "../../aws/instance-usage.ts";
import { itemOnFailure, refusedItems, sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";
import { usageAdditions } from "../usage-additions.ts";

/** What to commit for one run. */
export interface RunOutcome {
  /** The run as last read. */
  readonly run: RunRow;
  /** At most 99 batches of this run. */
  readonly changes: readonly BatchChange[];
  /** Sources that hold the rest up; empty when none does. */
  readonly blocked_by: readonly BlockedBy[];
  /** State the run takes unless it is paused or closed; absent: as it is. */
  readonly state?: RunState;
  readonly now: string;
  /** Failed products are reopened: a run that had ended is open again. Refused when it is not as it was read. */
  readonly reopen?: boolean;
}

/** Limit keys whose open breaker holds products up since these changes. */
const newlyHeld = (changes: readonly BatchChange[]): string[] => {
  const keys = changes.flatMap(({ before, after }) =>
    after.items.flatMap(({ held_by = [] }, index) =>
      held_by.filter((key) => !before.items[index]?.held_by?.includes(key)),
    ),
  );
  return [...new Set(keys)];
};

/** Notes when groups grew. The names of the groups are those that their counts have. */
const seenGroups = ({ failure_groups }: RunDelta): string[] =>
  Object.values(failure_groups).flatMap((by, index) => {
    if (by <= 0) return [];
    const group = `#failure_groups${index}`;
    return [`failure_firsts.${group} = if_not_exists(failure_firsts.${group}, :now)`, `failure_lasts.${group} = :now`];
  });

const isClosed = (run: RunRow): boolean => run.open_shard === undefined;

/**
 * Commits what happened to batches: in one transaction the batch rows, each on the version that was read, and the
 * run's counts. Nothing else ever writes the counts.
 */
export class OutcomeRecorder {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #usage: TakenUsage;

  /** @param usage what is counted into the runs with their outcomes */
  constructor(client: DynamoDBDocumentClient, tableName: string, usage: TakenUsage = instanceUsage) {
    this.#client = client;
    this.#table = tableName;
    this.#usage = usage;
  }

  /**
   * Commits an outcome. Batches that somebody else changed meanwhile are left out: their newer owner counts them.
   * @returns the batches that were committed.
   * @throws TransientError when conflicts or throttling did not pass; nothing is committed then.
   * @throws StaleWriteError when products were to be reopened and the run was closed, reopened or cancelled since it
   * was read, or is no longer its catalog's newest; nothing is committed then.
   */
  async record(outcome: RunOutcome): Promise<BatchChange[]> {
    return this.#usage.during(
      (used) => this.#record(outcome, used),
      (committed) => committed.length > 0,
    );
  }

  async #record(outcome: RunOutcome, used: RunUsage): Promise<BatchChange[]> {
    let changes = [...outcome.changes];
    let keepState = false;
    // Each refusal leaves out a batch, or the run's state, so that it ends.
    while (changes.length > 0) {
      const refused = await this.#try(outcome, changes, keepState, used);
      if (refused === "committed") return changes;
      const runRefused = refused.some((place) => place >= changes.length);
      if (runRefused && outcome.reopen) throw new StaleWriteError("the run changed before its products were reopened");
      if (runRefused) {
        // The run was paused, cancelled or deleted since it was read: count all the same, leave its state alone.
        if (keepState) return [];
        keepState = true;
      }
      changes = changes.filter((_, place) => !refused.includes(place));
    }
    return [];
  }

  /** @returns places of the items whose condition did not hold, the changes first, then the run */
  async #try(
    outcome: RunOutcome,
    changes: readonly BatchChange[],
    keepState: boolean,
    used: RunUsage,
  ): Promise<"committed" | readonly number[]> {
    const delta = runDelta(changes);
    const run = this.#runUpdate(outcome, changes, delta, { keepState, used });
    try {
      await this.#client.send(
        new TransactWriteCommand({
          TransactItems: [
            ...changes.map(({ before, after }) => ({
              Put: {
                TableName: this.#table,
                Item: { ...after, version: before.version + 1 },
                ConditionExpression: "version = :version",
                ExpressionAttributeValues: { ":version": before.version },
              },
            })),
            ...(run ? [{ Update: run }] : []),
            ...(outcome.reopen && isClosed(outcome.run) ? [this.#isNewest(outcome.run)] : []),
          ],
        }),
      );
      // Nothing was said of the run, so nothing was counted into it.
      if (!run) this.#usage.giveBack(used);
      return "committed";
    } catch (error) {
      const refused = refusedItems(error);
      if (refused.length === 0) throw translateSdkError(error, "committing the outcome");
      return refused;
    }
  }

  /**
   * Counts the products of a cancelled run that were never sent as cancelled, once. Nothing is done while batches are
   * being sent: then it is not known yet which of them exist.
   * @returns whether this call did it.
   */
  async dropUnsent(run: RunRow, now: string): Promise<boolean> {
    const products = unsentProducts(run);
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { catalog_id: run.catalog_id, batch_id: run.batch_id },
          UpdateExpression:
            "SET dropped = :batches, updated_at = :now ADD pending :minus, cancelled :plus, #sequence :one",
          ConditionExpression:
            "#state = :cancelled AND dispatched = :dispatched AND attribute_not_exists(claim) AND attribute_not_exists(dropped)",
          ExpressionAttributeNames: { "#state": "state", "#sequence": "sequence" },
          ExpressionAttributeValues: {
            ":batches": run.batches - run.dispatched,
            ":now": now,
            ":minus": -products,
            ":plus": products,
            ":one": 1,
            ":cancelled": "cancelled",
            ":dispatched": run.dispatched,
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return true;
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") {
        const current = itemOnFailure(error);
        // Dropped at this very moment: by this call, whose answer was lost.
        return current?.dropped !== undefined && current.updated_at === now;
      }
      throw translateSdkError(error, "cancelling what was not sent");
    }
  }

  /** A run that had ended may only be opened again while no other run of its catalog began. */
  #isNewest(run: RunRow) {
    return {
      ConditionCheck: {
        TableName: this.#table,
        Key: { catalog_id: run.catalog_id, batch_id: CATALOG_KEY },
        ConditionExpression: "tracking_id = :run AND deleted_at = :null",
        ExpressionAttributeValues: { ":run": run.batch_id, ":null": null },
      },
    };
  }

  #runUpdate(
    outcome: RunOutcome,
    changes: readonly BatchChange[],
    delta: RunDelta,
    { keepState, used }: { readonly keepState: boolean; readonly used: RunUsage },
  ) {
    const state = keepState ? undefined : outcome.state;
    const sameBlocks = JSON.stringify(outcome.blocked_by) === JSON.stringify(outcome.run.blocked_by);
    const held = newlyHeld(changes);
    const sameState = state === undefined || state === outcome.run.state;
    if (isNoChange(delta) && sameBlocks && sameState && held.length === 0) return undefined;
    const names: Record<string, string> = {};
    const values: Record<string, unknown> = { ":now": outcome.now, ":one": 1, ":zero": 0 };
    const set = ["updated_at = :now"];
    const add = ["#sequence :one"];
    names["#sequence"] = "sequence";
    for (const field of [
      "pending",
      "enriched",
      "failed",
      "cancelled",
      "from_cache",
      "incomplete",
      "settled",
      "parked",
      "parked_first",
    ] as const) {
      if (delta[field] === 0) continue;
      names[`#${field}`] = field;
      values[`:${field}`] = delta[field];
      add.push(`#${field} :${field}`);
    }
    // A run that began without groups goes on without them: its counts by code are all that is said of it.
    const counted = outcome.run.failure_groups === undefined ? [] : (["failure_groups"] as const);
    for (const map of ["by_source", "failure_counts", ...counted] as const) {
      Object.entries(delta[map]).forEach(([key, by], index) => {
        names[`#${map}`] = map;
        names[`#${map}${index}`] = key;
        values[`:${map}${index}`] = by;
        set.push(`#${map}.#${map}${index} = if_not_exists(#${map}.#${map}${index}, :zero) + :${map}${index}`);
      });
    }
    if (Object.values(delta.failure_counts).some((by) => by > 0)) {
      values[":owner"] = outcome.run.owner_id;
      set.push("failing_owner_id = :owner");
    }
    if (counted.length > 0) set.push(...seenGroups(delta));
    if (held.length > 0) {
      names["#held"] = "held";
      names["#holds"] = "holds";
      add.push("#holds :one");
      if (outcome.run.held === undefined) {
        values[":held"] = Object.fromEntries(held.map((key) => [key, true]));
        set.push("#held = :held");
      } else {
        values[":held"] = true;
        held.forEach((key, index) => {
          names[`#held${index}`] = key;
          set.push(`#held.#held${index} = :held`);
        });
      }
    }
    if (outcome.run.started_at === null) set.push("started_at = :now");
    let condition = "attribute_exists(batch_id)";
    if (state !== undefined) {
      names["#state"] = "state";
      values[":state"] = state;
      set.push("#state = :state");
      // Nothing to say and nothing said before: a reason that another worker gave meanwhile is kept.
      if (outcome.blocked_by.length > 0 || outcome.run.blocked_by.length > 0) {
        values[":blocked"] = outcome.blocked_by;
        set.push("blocked_by = :blocked");
      }
      const open = OPEN_RUN_STATES.filter((name) => name !== "paused");
      open.forEach((name, index) => {
        values[`:open${index}`] = name;
      });
      condition += ` AND #state IN (${open.map((_, index) => `:open${index}`).join(", ")})`;
    }
    if (outcome.reopen) {
      names["#state"] = "state";
      values[":cancelled"] = "cancelled";
      condition += " AND #state <> :cancelled AND ";
      if (isClosed(outcome.run)) {
        set.push("#state = :running", "open_shard = :open", "finished_at = :null");
        Object.assign(values, { ":running": "running", ":open": OPEN_SHARD, ":null": null });
        condition += "attribute_not_exists(open_shard)";
      } else condition += "attribute_exists(open_shard)";
    }
    if (!set.some((clause) => clause.includes(":zero"))) delete values[":zero"];
    const spent = usageAdditions(used);
    add.push(...spent.add);
    Object.assign(values, spent.values);
    return {
      TableName: this.#table,
      Key: { catalog_id: outcome.run.catalog_id, batch_id: outcome.run.batch_id },
      UpdateExpression: `SET ${set.join(", ")} ADD ${add.join(", ")} REMOVE unrecorded`,
      ConditionExpression: condition,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    };
  }
}
