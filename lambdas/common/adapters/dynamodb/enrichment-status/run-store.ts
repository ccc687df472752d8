import {
  type DynamoDBDocumentClient,
  GetCommand,
  TransactWriteCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { type BatchRow, BatchRowSchema } from "../../../core/batches/batch-row.ts";
import { CATALOG_KEY } from "../../../core/catalogs/catalog-key.ts";
import type { CatalogRow } from "../../../core/catalogs/catalog-row.ts";
import type { RunUsage } from "../../../core/cost/run-usage.ts";
import type { TakenUsage } from "../../../core/cost/usage-meter.ts";
import { ConflictError } from "../../../core/errors.ts";
import { type Page, type PageRequest, pageAfter } from "../../../core/list-page.ts";
import { endStateOf, isAllParked, OPEN_SHARD } from "../../../core/runs/run.ts";
import { type RunRow, RunRowSchema } from "../../../core/runs/run-row.ts";
import type { Unrecorded } from "../../../core/runs/unrecorded.ts";
import { instanceUsage } from "../../aws/instance-usage.ts";
import { itemOnFailure, refusedItems, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import type { AnswerWrite } from "../operations/committed-answers.ts";
import { keyInProgress } from "../operations/idempotency-refusals.ts";
import { queryPages, queryUpTo } from "../query-pages.ts";
import { usageAdditions } from "../usage-additions.ts";
import type { ContentClaim } from "./content-claims.ts";
import { getRows } from "./get-rows.ts";
import { type OnUnreadable, readableRows } from "./unreadable-row.ts";

/** Lets a transaction through only when that run is not open. */
const isClosed = (TableName: string, catalog_id: string, batch_id: string) => ({
  ConditionCheck: { TableName, Key: { catalog_id, batch_id }, ConditionExpression: "attribute_not_exists(open_shard)" },
});

/** Run rows: begun, read, found while open, closed; and the list of a run's batches. */
export class RunStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #usage: TakenUsage;

  constructor(client: DynamoDBDocumentClient, tableName: string, usage: TakenUsage = instanceUsage) {
    this.#client = client;
    this.#table = tableName;
    this.#usage = usage;
  }

  /**
   * Starts a new run of a catalog: writes the run and points the catalog at it, if no other run is open.
   * @param content the claim on the catalog's content, written with it
   * @param kept the answer to the request, written with it
   * @throws ConflictError `run_active` when a run is open or another one was started meanwhile.
   * @throws ConflictError `idempotency_in_progress` when the same request was faster
   */
  async createRun(catalog: CatalogRow, run: RunRow, content?: ContentClaim, kept?: AnswerWrite): Promise<void> {
    const previous = catalog.tracking_id;
    const items = [
      { Put: { TableName: this.#table, Item: run, ConditionExpression: "attribute_not_exists(batch_id)" } },
      {
        Update: {
          TableName: this.#table,
          Key: { catalog_id: catalog.catalog_id, batch_id: CATALOG_KEY },
          UpdateExpression: "SET tracking_id = :new",
          ConditionExpression: "tracking_id = :old AND deleted_at = :null",
          ExpressionAttributeValues: { ":new": run.batch_id, ":old": previous, ":null": null },
        },
      },
      ...(previous === null ? [] : [isClosed(this.#table, catalog.catalog_id, previous)]),
      ...(content ? [content] : []),
      ...(kept ? [kept] : []),
    ];
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems: items }));
    } catch (error) {
      const refused = refusedItems(error);
      if (kept && refused.includes(items.indexOf(kept))) throw keyInProgress(error);
      if (refused.length > 0) {
        throw new ConflictError("a run of this catalog is still open; wait for it, or cancel it first", "run_active", {
          cause: error,
        });
      }
      throw translateSdkError(error, "starting the run");
    }
  }

  /** Reads one run, as of now. Undefined when there is none. */
  async getRun(catalogId: string, trackingId: string): Promise<RunRow | undefined> {
    const { Item } = await withSdkErrors("reading the run", () =>
      this.#client.send(
        new GetCommand({
          TableName: this.#table,
          Key: { catalog_id: catalogId, batch_id: trackingId },
          ConsistentRead: true,
        }),
      ),
    );
    return Item ? RunRowSchema.parse(Item) : undefined;
  }

  /** Reads many runs at once, by tracking id; missing ones are left out. */
  async getRuns(keys: readonly { catalog_id: string; tracking_id: string }[]): Promise<Map<string, RunRow>> {
    const distinct = new Map(
      keys.map(({ catalog_id, tracking_id }) => [tracking_id, { catalog_id, batch_id: tracking_id }]),
    );
    const rows = await getRows(this.#client, this.#table, [...distinct.values()], RunRowSchema.parse);
    return new Map(rows.map((row) => [row.batch_id, row]));
  }

  /**
   * Every open run that can be read, oldest first. The index lags by moments, so act on what conditions confirm.
   * @param onUnreadable called with each row that cannot
   */
  async listOpenRuns(onUnreadable: OnUnreadable): Promise<RunRow[]> {
    const runs: RunRow[] = [];
    const list = {
      doing: "listing open runs",
      TableName: this.#table,
      IndexName: "open-runs",
      KeyConditionExpression: "open_shard = :shard",
      ExpressionAttributeValues: { ":shard": OPEN_SHARD },
    };
    for await (const page of queryPages(this.#client, list)) {
      const keys = page.items.map((item) => ({
        catalog_id: String(item.catalog_id),
        batch_id: String(item.batch_id),
      }));
      const items = await getRows(this.#client, this.#table, keys, (item) => item);
      const rows = new Map(readableRows(RunRowSchema, items, onUnreadable).map((row) => [row.batch_id, row]));
      for (const key of keys) {
        const row = rows.get(key.batch_id);
        if (row?.open_shard) runs.push(row);
      }
    }
    return runs;
  }

  /** A run's batches written so far, in order. */
  async listBatches(catalogId: string, trackingId: string, page: PageRequest): Promise<Page<BatchRow>> {
    const found = await queryUpTo(
      this.#client,
      {
        doing: "listing batches",
        TableName: this.#table,
        KeyConditionExpression: "catalog_id = :catalog AND begins_with(batch_id, :prefix)",
        ExpressionAttributeValues: { ":catalog": catalogId, ":prefix": `${trackingId}#` },
        ConsistentRead: true,
        after: page.after,
      },
      page.limit,
    );
    const items = found.items.map((item) => BatchRowSchema.parse(item));
    return pageAfter(items, found.next);
  }

  /**
   * Closes a run whose last product is settled. Safe to call at any time and by many at once: nothing happens unless the
   * run is open and nothing is pending.
   * @returns whether this call closed it.
   */
  async closeIfDone(run: RunRow, now: string): Promise<boolean> {
    if (run.open_shard === undefined || run.pending > 0) return false;
    // The condition holds the count: with nothing failed there is nothing to look for either.
    const gone = run.failed > 0 ? "" : ", failing_owner_id";
    const isDone = (row: Record<string, unknown>) => row.finished_at === now && row.open_shard === undefined;
    const close = (used: RunUsage): Promise<boolean> => {
      const { add, values } = usageAdditions(used);
      return this.#switchStateIf(run, "closing the run", isDone, {
        UpdateExpression: `SET #state = :state, finished_at = :now, updated_at = :now, blocked_by = :none ADD ${["#sequence :one", ...add].join(", ")} REMOVE open_shard, claim, unrecorded${gone}`,
        ConditionExpression:
          "pending = :zero AND failed = :failed AND cancelled = :cancelled AND attribute_exists(open_shard)",
        ExpressionAttributeValues: {
          ":state": endStateOf(run),
          ":now": now,
          ":zero": 0,
          ":one": 1,
          ":failed": run.failed,
          ":cancelled": run.cancelled,
          ":none": [],
          ...values,
        },
      });
    };
    return this.#usage.during(close, Boolean);
  }

  /**
   * Has a run say that it waits for a source once all that was sent of it is settled or parked. Workers cannot know when
   * they record: each sees the others' batches as they were. Safe to call at any time and by many at once.
   * @param run as of now: nothing happens when it has changed since
   * @returns whether this call did it.
   */
  async waitIfAllParked(run: RunRow, now: string): Promise<boolean> {
    if (run.state !== "running" || run.blocked_by.length === 0 || !isAllParked(run)) return false;
    const isDone = ({ state, updated_at }: Record<string, unknown>): boolean =>
      state === "waiting_for_source" && updated_at === now;
    return this.#switchStateIf(run, "noting what the run waits for", isDone, {
      UpdateExpression: "SET #state = :waiting, updated_at = :now ADD #sequence :one",
      ConditionExpression:
        "#state = :running AND pending = :pending AND parked = :parked AND dispatched = :dispatched AND attribute_not_exists(claim)",
      ExpressionAttributeValues: {
        ":waiting": "waiting_for_source",
        ":running": "running",
        ":pending": run.pending,
        ":parked": run.parked,
        ":dispatched": run.dispatched,
        ":now": now,
        ":one": 1,
      },
    });
  }

  /**
   * Leaves a trace of work that could not be recorded, so that the status can say why the run does not move. The first
   * one stays; what is recorded next removes it. Nothing happens when the run is closed or gone.
   */
  async noteUnrecorded(run: Pick<RunRow, "catalog_id" | "batch_id">, unrecorded: Unrecorded): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { catalog_id: run.catalog_id, batch_id: run.batch_id },
          UpdateExpression: "SET unrecorded = if_not_exists(unrecorded, :first)",
          ConditionExpression: "attribute_exists(open_shard)",
          ExpressionAttributeValues: { ":first": unrecorded },
        }),
      );
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return;
      throw translateSdkError(error, "noting what was not recorded");
    }
  }

  /**
   * Takes sources that are back out of what a run waits for; with nothing left to wait for it runs. Nothing happens when the
   * run has changed since it was read: who changed it said what it waits for.
   */
  async takeBlocksOff(run: RunRow, blocked_by: RunRow["blocked_by"]): Promise<void> {
    if (blocked_by.length === run.blocked_by.length) return;
    const continues = blocked_by.length === 0 && run.state === "waiting_for_source";
    const isDone = ({ sequence }: Record<string, unknown>): boolean => sequence === run.sequence + 1;
    await this.#switchStateIf(run, "noting that a source is back", isDone, {
      UpdateExpression: "SET blocked_by = :blocked, #state = :state ADD #sequence :one",
      ConditionExpression: "#sequence = :seen AND #state = :was",
      ExpressionAttributeValues: {
        ":blocked": blocked_by,
        ":was": run.state,
        ":state": continues ? "running" : run.state,
        ":seen": run.sequence,
        ":one": 1,
      },
    });
  }

  /** Forgets that a limit key holds products of a run up, unless more of them were recorded since it was read. */
  async forgetHold(run: RunRow, limitKey: string): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { catalog_id: run.catalog_id, batch_id: run.batch_id },
          UpdateExpression: "REMOVE held.#key",
          ConditionExpression: "holds = :seen",
          ExpressionAttributeNames: { "#key": limitKey },
          ExpressionAttributeValues: { ":seen": run.holds ?? 0 },
        }),
      );
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "noting that nothing waits for a source any more");
      }
    }
  }

  /**
   * Changes a run's state and sequence.
   * @param isDone whether a run is as this write leaves it: then its answer was lost, and what was refused is the repeat
   * @returns false when the condition did not hold
   */
  async #switchStateIf(
    run: RunRow,
    doing: string,
    isDone: (current: Record<string, unknown>) => boolean,
    update: Required<
      Pick<UpdateCommandInput, "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeValues">
    >,
  ): Promise<boolean> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { catalog_id: run.catalog_id, batch_id: run.batch_id },
          ExpressionAttributeNames: { "#state": "state", "#sequence": "sequence" },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          ...update,
        }),
      );
      return true;
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return isDone(itemOnFailure(error) ?? {});
      throw translateSdkError(error, doing);
    }
  }
}
