import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { StaleWriteError } from "../../core/errors.ts";
import { type ExportCheckpoint, type ExportJob, ExportJobSchema, exportKey } from "../../core/exports/export-job.ts";
import { itemOnFailure, sdkErrorName, translateSdkError, withSdkErrors } from "../sdk-errors.ts";

/** Who wants to work on an export, and until when nobody else may. */
export interface ExportClaim {
  readonly export_id: string;
  readonly owner: string;
  readonly now: string;
  /** Later than the function can live. */
  readonly lease_until: string;
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
    await withSdkErrors("writing the export", () =>
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: job,
          ConditionExpression: "attribute_not_exists(operation_key)",
        }),
      ),
    );
  }

  /** Reads an export; undefined when there is none or its time is over. */
  async get(exportId: string, nowMs: number): Promise<ExportJob | undefined> {
    const { Item } = await withSdkErrors("reading the export", () =>
      this.#client.send(
        new GetCommand({ TableName: this.#table, Key: { operation_key: exportKey(exportId) }, ConsistentRead: true }),
      ),
    );
    const job = Item ? ExportJobSchema.parse(Item) : undefined;
    return job && job.expires_at > nowMs / 1000 ? job : undefined;
  }

  /** Takes an export that is not ready, if nobody holds a live lease. A failed one may be taken up again. */
  async claim(claim: ExportClaim): Promise<ExportClaimResult> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { operation_key: exportKey(claim.export_id) },
          UpdateExpression:
            "SET #state = :running, failure = :null, lease_owner = :owner, lease_until = :until, updated_at = :now",
          ConditionExpression:
            "attribute_exists(operation_key) AND #state <> :ready AND (attribute_not_exists(lease_until) OR lease_until < :now)",
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: {
            ":running": "running",
            ":ready": "ready",
            ":null": null,
            ":owner": claim.owner,
            ":until": claim.lease_until,
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
      return job.state === "ready" ? { kind: "ready" } : { kind: "leased", lease_until: job.lease_until ?? claim.now };
    }
  }

  /** Records how far the work is. @throws StaleWriteError when the lease was lost */
  async saveCheckpoint(lease: LeasedExport, checkpoint: ExportCheckpoint): Promise<void> {
    await this.#update(lease, "SET checkpoint = :checkpoint, rows_read = :read, rows_written = :written", {
      ":checkpoint": checkpoint,
      ":read": checkpoint.rows_read,
      ":written": checkpoint.rows_written,
    });
  }

  /** Throws the work away, so that it begins again. @throws StaleWriteError when the lease was lost */
  async restart(lease: LeasedExport): Promise<void> {
    await this.#update(
      lease,
      "SET checkpoint = :null, rows_read = :zero, rows_written = :zero",
      { ":null": null, ":zero": 0 },
      "lease_owner, lease_until",
    );
  }

  /** Lets another one go on. @throws StaleWriteError when the lease was lost */
  async release(lease: LeasedExport): Promise<void> {
    await this.#update(lease, "SET", {}, "lease_owner, lease_until");
  }

  /** Ends the export well. @throws StaleWriteError when the lease was lost */
  async finish(lease: LeasedExport, counts: Pick<ExportCheckpoint, "rows_read" | "rows_written">): Promise<void> {
    await this.#update(
      lease,
      "SET #state = :state, checkpoint = :null, rows_read = :read, rows_written = :written",
      { ":state": "ready", ":null": null, ":read": counts.rows_read, ":written": counts.rows_written },
      "lease_owner, lease_until",
      { "#state": "state" },
    );
  }

  /** Ends the export with a reason for its user; its checkpoint stays. @throws StaleWriteError when the lease was lost */
  async fail(lease: LeasedExport, failure: string): Promise<void> {
    await this.#update(
      lease,
      "SET #state = :state, failure = :failure",
      { ":state": "failed", ":failure": failure },
      "lease_owner, lease_until",
      { "#state": "state" },
    );
  }

  async #update(
    lease: LeasedExport,
    set: string,
    values: Record<string, unknown>,
    remove?: string,
    names?: Record<string, string>,
  ): Promise<void> {
    const separator = set === "SET" ? " " : ", ";
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { operation_key: exportKey(lease.export_id) },
          UpdateExpression: `${set}${separator}updated_at = :now${remove ? ` REMOVE ${remove}` : ""}`,
          ConditionExpression: "lease_owner = :owner",
          ...(names ? { ExpressionAttributeNames: names } : {}),
          ExpressionAttributeValues: { ...values, ":owner": lease.owner, ":now": lease.now },
        }),
      );
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") {
        throw new StaleWriteError(`another worker has taken over export ${lease.export_id}`, { cause: error });
      }
      throw translateSdkError(error, "writing the export");
    }
  }
}
