import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { isoTime } from "../../../core/clock.ts";
import { abandonedAtMs, abandonedWords } from "../../../core/exports/abandoned-export.ts";
import { type ExportCheckpoint, type ExportJob, ExportJobSchema, exportKey } from "../../../core/exports/export-job.ts";
import { LeaseLostError } from "../../../core/exports/lease-lost-error.ts";
import { SOURCE_IDS, type SourceId } from "../../../core/source-ids.ts";
import { itemOnFailure, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";

/** Who wants to work on an export, and until when nobody else may. */
export interface ExportClaim {
  readonly export_id: string;
  readonly owner: string;
  readonly now: string;
  /** Later than the function can live. */
  readonly lease_until: string;
  /** Whether the message that woke it is not delivered again. */
  readonly last_delivery: boolean;
}

/** How a claim ended. `leased`: another one works on it. `ready`: nothing is left to do. `missing`: it was forgotten. */
export type ExportClaimResult =
  | { readonly kind: "claimed"; readonly job: ExportJob }
  | { readonly kind: "leased"; readonly lease_until: string }
  | { readonly kind: "ready" | "missing" };

/** An export under a lease, as its worker writes it. */
export interface LeasedExport {
  readonly export_id: string;
  readonly owner: string;
  readonly now: string;
}

/** A write under a lease. */
interface LeasedChange {
  readonly set: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly names?: Record<string, string>;
  /**
   * Whether a row without this lease is as this write leaves it: then its answer was lost, and what was refused is
   * the SDK's second attempt.
   */
  readonly isDone?: (row: ExportJob) => boolean;
}

const NO_LEASE = "REMOVE lease_owner, lease_until";

const isFree = ({ state, lease_owner }: ExportJob): boolean => state === "running" && lease_owner === undefined;

/** Rows `export#<id>` of the `operations` table. */
export class ExportStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Writes a new export. */
  async create(job: ExportJob): Promise<void> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: job,
          ConditionExpression: "attribute_not_exists(operation_key)",
        }),
      );
    } catch (error) {
      // Nobody else has the id, so the answer was lost and the SDK has sent the row again.
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return;
      throw translateSdkError(error, "writing the export");
    }
  }

  /**
   * Reads an export; undefined when there is none or its time is over. One that nobody will continue, because its
   * worker was killed and its message is used up, is ended as failed first: no index finds those, and nobody waits for
   * one who does not ask.
   */
  async get(exportId: string, nowMs: number): Promise<ExportJob | undefined> {
    const job = await this.#read(exportId, nowMs);
    const abandonedMs = job && abandonedAtMs(job);
    if (!job || abandonedMs === undefined || nowMs <= abandonedMs) return job;
    return (await this.#giveUp(job, isoTime(nowMs))) ?? this.#read(exportId, nowMs);
  }

  async #read(exportId: string, nowMs: number): Promise<ExportJob | undefined> {
    const { Item } = await withSdkErrors("reading the export", () =>
      this.#client.send(
        new GetCommand({ TableName: this.#table, Key: { operation_key: exportKey(exportId) }, ConsistentRead: true }),
      ),
    );
    const job = Item ? ExportJobSchema.parse(Item) : undefined;
    return job && job.expires_at > nowMs / 1000 ? job : undefined;
  }

  /** Ends an export that is still as read. Undefined when another worker has taken it meanwhile. */
  async #giveUp(seen: ExportJob, now: string): Promise<ExportJob | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { operation_key: exportKey(seen.export_id) },
          UpdateExpression:
            "SET #state = :failed, failure = :failure, updated_at = :now REMOVE lease_owner, lease_until",
          ConditionExpression: `#state = :seen AND updated_at = :updated AND ${seen.lease_owner === undefined ? "attribute_not_exists(lease_owner)" : "lease_owner = :owner"}`,
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: {
            ":failed": "failed",
            ":failure": abandonedWords(seen.correlation_id),
            ":now": now,
            ":seen": seen.state,
            ":updated": seen.updated_at,
            ...(seen.lease_owner === undefined ? {} : { ":owner": seen.lease_owner }),
          },
          ReturnValues: "ALL_NEW",
        }),
      );
      return ExportJobSchema.parse(Attributes);
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return undefined;
      throw translateSdkError(error, "giving up an export");
    }
  }

  /** Takes an export that is not ready, if nobody holds a live lease. A failed one may be taken up again. */
  async claim(claim: ExportClaim): Promise<ExportClaimResult> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { operation_key: exportKey(claim.export_id) },
          UpdateExpression:
            "SET #state = :running, failure = :null, lease_owner = :owner, lease_until = :until, last_delivery = :last, updated_at = :now",
          ConditionExpression:
            "attribute_exists(operation_key) AND #state <> :ready AND (attribute_not_exists(lease_until) OR lease_until < :now)",
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: {
            ":running": "running",
            ":ready": "ready",
            ":null": null,
            ":owner": claim.owner,
            ":until": claim.lease_until,
            ":last": claim.last_delivery,
            ":now": claim.now,
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { kind: "claimed", job: ExportJobSchema.parse(Attributes) };
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException")
        throw translateSdkError(error, "claiming an export");
      const item = itemOnFailure(error);
      if (!item) return { kind: "missing" };
      const job = ExportJobSchema.parse(item);
      // The answer was lost and the SDK has sent the claim again.
      if (job.lease_owner === claim.owner) return { kind: "claimed", job };
      return job.state === "ready" ? { kind: "ready" } : { kind: "leased", lease_until: job.lease_until ?? claim.now };
    }
  }

  /** Records how far the work is. @throws LeaseLostError */
  async saveCheckpoint(lease: LeasedExport, checkpoint: ExportCheckpoint): Promise<void> {
    await this.#update(lease, {
      set: "SET checkpoint = :checkpoint, rows_read = :read, rows_written = :written, updated_at = :now",
      values: {
        ":checkpoint": checkpoint,
        ":read": checkpoint.rows_read,
        ":written": checkpoint.rows_written,
      },
    });
  }

  /** Throws the work away, so that it begins again. @throws LeaseLostError */
  async restart(lease: LeasedExport): Promise<void> {
    await this.#update(lease, {
      set: `SET checkpoint = :null, rows_read = :zero, rows_written = :zero, updated_at = :now ${NO_LEASE}`,
      values: { ":null": null, ":zero": 0 },
      isDone: isFree,
    });
  }

  /** Notes that a revocation removes the file, so that nobody is sent to it. Safe to repeat. @throws TransientError */
  async noteRevoked(exportId: string, source: SourceId): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { operation_key: exportKey(exportId) },
          UpdateExpression: "SET revoked_source = :source",
          ConditionExpression: "attribute_exists(operation_key)",
          ExpressionAttributeValues: { ":source": source },
        }),
      );
    } catch (error) {
      // Forgotten meanwhile: there is nobody to tell.
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return;
      throw translateSdkError(error, "noting that an export was revoked");
    }
  }

  /** Lets another worker continue. @throws LeaseLostError */
  async release(lease: LeasedExport): Promise<void> {
    await this.#update(lease, { set: `SET updated_at = :now ${NO_LEASE}`, isDone: isFree });
  }

  /** Ends the export well. @throws LeaseLostError */
  async finish(
    lease: LeasedExport,
    counts: Pick<ExportCheckpoint, "rows_read" | "rows_written" | "valid_until" | "sources">,
  ): Promise<void> {
    await this.#update(lease, {
      set: `SET #state = :state, checkpoint = :null, rows_read = :read, rows_written = :written, valid_until = :until, sources = :sources, updated_at = :now ${NO_LEASE}`,
      values: {
        ":state": "ready",
        ":null": null,
        ":read": counts.rows_read,
        ":written": counts.rows_written,
        ":until": counts.valid_until ?? null,
        ":sources": counts.sources ?? SOURCE_IDS,
      },
      names: { "#state": "state" },
      isDone: ({ state }) => state === "ready",
    });
  }

  /** Ends the export with a reason for its user; its checkpoint stays. @throws LeaseLostError */
  async fail(lease: LeasedExport, failure: string): Promise<void> {
    await this.#update(lease, {
      set: `SET #state = :state, failure = :failure, updated_at = :now ${NO_LEASE}`,
      values: { ":state": "failed", ":failure": failure },
      names: { "#state": "state" },
      isDone: ({ state }) => state === "failed",
    });
  }

  async #update(lease: LeasedExport, { set, values, names, isDone }: LeasedChange): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { operation_key: exportKey(lease.export_id) },
          UpdateExpression: set,
          ConditionExpression: "lease_owner = :owner",
          ...(names ? { ExpressionAttributeNames: names } : {}),
          ExpressionAttributeValues: { ...values, ":owner": lease.owner, ":now": lease.now },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException")
        throw translateSdkError(error, "writing the export");
      const item = itemOnFailure(error);
      const row = item && ExportJobSchema.parse(item);
      if (row && isDone?.(row)) return;
      throw new LeaseLostError(lease.export_id, row, lease.now, { cause: error });
    }
  }
}
