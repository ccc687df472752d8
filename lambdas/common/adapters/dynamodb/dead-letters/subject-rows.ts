import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { CATALOG_KEY } from "../../../core/catalogs/catalog-key.ts";
import type { Subject } from "../../../core/dead-letters/subject.ts";
import { exportKey } from "../../../core/exports/export-job.ts";
import { withSdkErrors } from "../../aws/sdk-errors.ts";
import { claimKey } from "../operations/request-claims.ts";
import { deliveriesOf } from "../webhooks/webhook-keys.ts";

/** Names of the tables whose rows decide. */
export interface SubjectTables {
  readonly status: string;
  readonly operations: string;
  readonly refreshJobs: string;
  readonly staging: string;
  readonly shopProducts: string;
  readonly webhooks: string;
}

type Row = Readonly<Record<string, unknown>>;

/** Reads the rows that messages lead to, as of now, and writes none of them. */
export class SubjectRows {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: SubjectTables;

  constructor(client: DynamoDBDocumentClient, tables: SubjectTables) {
    this.#client = client;
    this.#tables = tables;
  }

  /** The row; undefined where there is none. @throws TransientError */
  async read(subject: Subject): Promise<Row | undefined> {
    const { status, operations, refreshJobs, staging, shopProducts, webhooks } = this.#tables;
    switch (subject.kind) {
      case "batch":
        return this.#get(status, { catalog_id: subject.catalog_id, batch_id: subject.batch_id });
      case "catalog":
        return this.#get(status, { catalog_id: subject.catalog_id, batch_id: CATALOG_KEY });
      case "export":
        return this.#get(operations, { operation_key: exportKey(subject.export_id) });
      case "request":
        return this.#get(operations, { operation_key: claimKey(subject) });
      case "refresh":
        return this.#get(refreshJobs, { refresh_date: subject.refresh_date, job_id: subject.job_id });
      case "half": {
        const key = { video_id: subject.video_id, seller_handle: subject.seller_handle };
        return (await this.#get(shopProducts, key)) ?? (await this.#get(staging, key));
      }
      case "delivery":
        return this.#get(webhooks, {
          webhook_key: deliveriesOf(subject.webhook_id),
          entry_key: subject.delivery_id,
        });
      case "none":
        return undefined;
    }
  }

  async #get(TableName: string, Key: Row): Promise<Row | undefined> {
    const { Item } = await withSdkErrors("reading the row of a message", () =>
      this.#client.send(new GetCommand({ TableName, Key, ConsistentRead: true })),
    );
    return Item;
  }
}
