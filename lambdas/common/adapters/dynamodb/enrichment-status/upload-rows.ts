import { type DynamoDBDocumentClient, GetCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { CATALOG_KEY } from "../../../core/catalogs/catalog-key.ts";
import { type CatalogRow, CatalogRowSchema, IngestLeaseSchema } from "../../../core/catalogs/catalog-row.ts";
import { UPLOAD_DUE_SHARD } from "../../../core/catalogs/upload-object.ts";
import { StaleWriteError } from "../../../core/errors.ts";
import type { RunRow } from "../../../core/runs/run-row.ts";
import { itemOnFailure, refusedItems, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { queryUpTo } from "../query-pages.ts";
import { type ContentClaim, duplicateUpload } from "./content-claims.ts";
import { getRows } from "./get-rows.ts";
import { type OnUnreadable, readableRows } from "./unreadable-row.ts";

/** One attempt at reading a catalog's file; its writes hold only while no later attempt has begun. */
export interface Attempt {
  readonly catalog_id: string;
  /** From 1. */
  readonly attempt: number;
}

/** What a read file gives its catalog. */
export type ReadCatalog = Pick<
  CatalogRow,
  "name" | "marketplace" | "rows" | "segments" | "rows_key" | "rejects_key" | "content_hash" | "columns" | "notes"
>;

/** A row as the table has it. */
type StoredRow = Readonly<Record<string, unknown>>;

/** Of writes whose condition holds after them as before. */
const never = (): boolean => false;

const NAMES = { "#state": "state", "#ingest": "ingest", "#attempt": "attempt", "#lease": "lease_until" };
const STATE = { "#state": "state" };
const OWN = "#state = :ingesting AND #ingest.#attempt = :attempt AND deleted_at = :null";

/** Catalog rows whose file is awaited or read: taken under a lease, committed once, found again when overdue. */
export class UploadRows {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Reads the row, as of now. Undefined when there is none or it is deleted. */
  async get(catalogId: string): Promise<CatalogRow | undefined> {
    const { Item } = await withSdkErrors("reading the catalog", () =>
      this.#client.send(new GetCommand({ ...this.#at(catalogId), ConsistentRead: true })),
    );
    const row = Item ? CatalogRowSchema.parse(Item) : undefined;
    return row?.deleted_at === null ? row : undefined;
  }

  /**
   * Begins the next attempt at a file that is awaited, or whose last attempt's lease has ended.
   * @param reader names this call and no other
   * @returns the row with its new attempt; undefined when there is nothing to begin
   */
  async take(catalogId: string, reader: string, now: string, leaseUntil: string): Promise<CatalogRow | undefined> {
    const isOurs = ({ ingest }: StoredRow): boolean => IngestLeaseSchema.safeParse(ingest).data?.reader === reader;
    const Attributes = await this.#update("beginning to read an upload", isOurs, {
      ...this.#at(catalogId),
      UpdateExpression:
        "SET #state = :ingesting, #ingest.#attempt = #ingest.#attempt + :one, #ingest.#reader = :reader, #ingest.#lease = :until, due_at = :until, due_shard = :shard",
      ConditionExpression:
        "deleted_at = :null AND (#state = :awaiting OR (#state = :ingesting AND #ingest.#lease < :now))",
      ExpressionAttributeNames: { ...NAMES, "#reader": "reader" },
      ExpressionAttributeValues: {
        ":reader": reader,
        ":ingesting": "ingesting",
        ":awaiting": "awaiting_upload",
        ":one": 1,
        ":until": leaseUntil,
        ":now": now,
        ":shard": UPLOAD_DUE_SHARD,
        ":null": null,
      },
      ReturnValues: "ALL_NEW",
    });
    return Attributes ? CatalogRowSchema.parse(Attributes) : undefined;
  }

  /**
   * Records how far the attempt is, and renews its lease when one is given.
   * @throws StaleWriteError when another attempt has begun or the catalog was deleted
   */
  async progress(own: Attempt, bytesRead: number, leaseUntil: string | undefined): Promise<void> {
    const renewal = leaseUntil === undefined ? "" : ", #ingest.#lease = :until, due_at = :until";
    const names = leaseUntil === undefined ? { "#state": "state", "#ingest": "ingest", "#attempt": "attempt" } : NAMES;
    const held = await this.#update("recording the progress of an upload", never, {
      ...this.#at(own.catalog_id),
      UpdateExpression: `SET #ingest.#bytes = :bytes${renewal}`,
      ConditionExpression: OWN,
      ExpressionAttributeNames: { ...names, "#bytes": "bytes_read" },
      ExpressionAttributeValues: {
        ...ownValues(own),
        ":bytes": bytesRead,
        ...(leaseUntil === undefined ? {} : { ":until": leaseUntil }),
      },
      ReturnValues: "UPDATED_NEW",
    });
    if (!held) throw lost(own);
  }

  /**
   * Makes the catalog ready, with its first run and the claim on its content when there is a run: all or nothing, once.
   * A transaction even for one row, because the SDK's own repeats of it count as one.
   * @throws StaleWriteError when another attempt has begun or the catalog was deleted
   * @throws ConflictError `duplicate_upload` when another upload of the same content was faster
   */
  async commit(own: Attempt, read: ReadCatalog, bytes: number, start?: { run: RunRow; content: ContentClaim }) {
    const fields = { ...read, state: "ready", tracking_id: start?.run.batch_id ?? null };
    const names = Object.fromEntries(Object.keys(fields).map((name) => [`#${name}`, name]));
    const values = Object.fromEntries(Object.entries(fields).map(([name, value]) => [`:${name}`, value]));
    const sets = Object.keys(fields).map((name) => `#${name} = :${name}`);
    const update = {
      ...this.#at(own.catalog_id),
      UpdateExpression: `SET ${sets.join(", ")}, #ingest.#bytes = :bytes REMOVE due_shard, due_at`,
      ConditionExpression: OWN,
      ExpressionAttributeNames: { ...names, "#ingest": "ingest", "#attempt": "attempt", "#bytes": "bytes_read" },
      ExpressionAttributeValues: { ...values, ...ownValues(own), ":bytes": bytes },
    };
    const begin = start
      ? [
          { Put: { TableName: this.#table, Item: start.run, ConditionExpression: "attribute_not_exists(batch_id)" } },
          start.content,
        ]
      : [];
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems: [{ Update: update }, ...begin] }));
    } catch (error) {
      const refused = refusedItems(error);
      if (refused.includes(0)) throw lost(own, error);
      if (refused.includes(2)) throw duplicateUpload("", error);
      throw translateSdkError(error, "committing an upload");
    }
  }

  /** Ends the attempt for good: the catalog has failed, for the reason given in words. False when it is no longer ours. */
  async fail(own: Attempt, failure: string): Promise<boolean> {
    return this.#end(own.catalog_id, failure, OWN, { "#ingest": "ingest", "#attempt": "attempt" }, ownValues(own));
  }

  /** Ends a catalog whose row is still as read, for the reason given in words. False when the row has changed. */
  async giveUp(seen: CatalogRow, failure: string): Promise<boolean> {
    return this.#end(
      seen.catalog_id,
      failure,
      "#state = :seen AND due_at = :due",
      {},
      {
        ":seen": seen.state,
        ":due": seen.due_at,
      },
    );
  }

  /** Lets another attempt begin at once; `reconcile` starts one at `dueAt` if none has begun. */
  async release(own: Attempt, now: string, dueAt: string): Promise<void> {
    await this.#update("releasing an upload", never, {
      ...this.#at(own.catalog_id),
      UpdateExpression: "SET #ingest.#lease = :now, due_at = :due",
      ConditionExpression: OWN,
      ExpressionAttributeNames: NAMES,
      ExpressionAttributeValues: { ...ownValues(own), ":now": now, ":due": dueAt },
      ReturnValues: "UPDATED_NEW",
    });
  }

  /**
   * Catalogs that `reconcile` must check, most overdue first.
   * @param onUnreadable called with each row that cannot be read, and is left out
   */
  async listDue(now: string, limit: number, onUnreadable: OnUnreadable): Promise<CatalogRow[]> {
    const { items } = await queryUpTo(
      this.#client,
      {
        doing: "listing overdue uploads",
        TableName: this.#table,
        IndexName: "due-batches",
        KeyConditionExpression: "due_shard = :shard AND due_at <= :now",
        ExpressionAttributeValues: { ":shard": UPLOAD_DUE_SHARD, ":now": now },
      },
      limit,
    );
    const keys = items.map((item) => ({ catalog_id: String(item.catalog_id), batch_id: CATALOG_KEY }));
    const rows = await getRows(this.#client, this.#table, keys, (item) => item);
    return readableRows(CatalogRowSchema, rows, onUnreadable)
      .filter(({ deleted_at, due_at }) => deleted_at === null && due_at !== undefined && due_at <= now)
      .toSorted((one, other) => (one.due_at ?? "").localeCompare(other.due_at ?? ""));
  }

  /** Moves the next check of a row that is still as read. False when the row has changed. */
  async postpone(seen: CatalogRow, dueAt: string): Promise<boolean> {
    const moved = await this.#update("postponing an upload", ({ due_at }) => due_at === dueAt, {
      ...this.#at(seen.catalog_id),
      UpdateExpression: "SET due_at = :new",
      ConditionExpression: "#state = :seen AND due_at = :due",
      ExpressionAttributeNames: STATE,
      ExpressionAttributeValues: { ":new": dueAt, ":seen": seen.state, ":due": seen.due_at },
      ReturnValues: "UPDATED_NEW",
    });
    return moved !== undefined;
  }

  async #end(
    catalogId: string,
    failure: string,
    condition: string,
    names: Readonly<Record<string, string>>,
    values: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    const isEnded = (row: StoredRow): boolean => row.state === "ingest_failed" && row.failure === failure;
    const ended = await this.#update("recording a failed upload", isEnded, {
      ...this.#at(catalogId),
      UpdateExpression: "SET #state = :failed, failure = :failure REMOVE due_shard, due_at",
      ConditionExpression: condition,
      ExpressionAttributeNames: { ...STATE, ...names },
      ExpressionAttributeValues: { ...values, ":failed": "ingest_failed", ":failure": failure },
      ReturnValues: "UPDATED_NEW",
    });
    return ended !== undefined;
  }

  /**
   * Attributes of a conditional update; undefined when its condition does not hold.
   * @param isDone whether a row is as this write leaves it: then its answer was lost, and what was refused is the repeat
   */
  async #update(
    doing: string,
    isDone: (row: StoredRow) => boolean,
    input: ConstructorParameters<typeof UpdateCommand>[0],
  ): Promise<StoredRow | undefined> {
    try {
      const command = new UpdateCommand({ ...input, ReturnValuesOnConditionCheckFailure: "ALL_OLD" });
      return (await this.#client.send(command)).Attributes ?? {};
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw translateSdkError(error, doing);
      const row = itemOnFailure(error);
      return row && isDone(row) ? row : undefined;
    }
  }

  #at(catalogId: string) {
    return { TableName: this.#table, Key: { catalog_id: catalogId, batch_id: CATALOG_KEY } };
  }
}

const ownValues = (own: Attempt) => ({ ":ingesting": "ingesting", ":attempt": own.attempt, ":null": null });

const lost = (own: Attempt, cause?: unknown): StaleWriteError =>
  new StaleWriteError(`attempt ${own.attempt} at ${own.catalog_id} is no longer the one that counts`, { cause });
