import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  CreateBackupCommand,
  DeleteBackupCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DynamoDBClient,
  QueryCommand,
  RestoreTableFromBackupCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { unpackProduct } from "../../../lambdas/common/adapters/dynamodb/products/packing/pack-product.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { clientConfig } from "../../../local/aws-environment.ts";
import type { Outputs } from "../../../local/outputs.ts";

const SCRIPT = fileURLToPath(new URL("../../../cli/enrichline.ts", import.meta.url));
const ENDED_AFTER_MS = 25 * 3_600_000;
const RESTORE_SECONDS = 60;

/** Backups of tables of the deployed stack, and what they are for: rows that are lost. */
export class Backups {
  readonly #outputs: Outputs;
  readonly #stateDir: string;
  readonly #dynamo: DynamoDBClient;
  readonly #documents: DynamoDBDocumentClient;
  readonly #taken = new Map<string, string>();

  constructor(outputs: Outputs, stateDir: string) {
    this.#outputs = outputs;
    this.#stateDir = stateDir;
    this.#dynamo = new DynamoDBClient(clientConfig(outputs.emulatorUrl));
    this.#documents = DynamoDBDocumentClient.from(this.#dynamo);
  }

  close(): void {
    this.#dynamo.destroy();
  }

  #table(name: string): string {
    const table = this.#outputs.tables[name];
    if (!table) throw new Error(`the stack has no table ${name}`);
    return table;
  }

  /** Keeps a table as it is now. */
  async take(table: string): Promise<void> {
    const names = { TableName: this.#table(table), BackupName: "before" };
    const { BackupDetails } = await this.#dynamo.send(new CreateBackupCommand(names));
    this.#taken.set(table, BackupDetails?.BackupArn ?? "");
  }

  /** Removes every row of a catalog, as a mistake would. */
  async lose(catalogId: string): Promise<void> {
    const TableName = this.#table("enrichment-status");
    const { Items = [] } = await this.#dynamo.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "catalog_id = :catalog",
        ExpressionAttributeValues: { ":catalog": { S: catalogId } },
        ConsistentRead: true,
      }),
    );
    for (const { catalog_id = { S: "" }, batch_id = { S: "" } } of Items) {
      await this.#dynamo.send(new DeleteItemCommand({ TableName, Key: { catalog_id, batch_id } }));
    }
  }

  /** Puts a table back to when it was taken, as `docs/operations/backup.md` says. @returns what the command printed */
  async restore(table: string): Promise<string> {
    const copy = `restored-${table}-${Date.now()}`;
    const BackupArn = this.#taken.get(table);
    await this.#dynamo.send(new RestoreTableFromBackupCommand({ BackupArn, TargetTableName: copy }));
    await waitUntilTableExists({ client: this.#dynamo, maxWaitTime: RESTORE_SECONDS }, { TableName: copy });
    const env = { ...process.env, ENRICHLINE_LOCAL_DIR: this.#stateDir };
    const args = [SCRIPT, "restore", table, "--from", copy, "--whole", "--apply"];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    await this.#dynamo.send(new DeleteTableCommand({ TableName: copy }));
    await this.#dynamo.send(new DeleteBackupCommand({ BackupArn }));
    return stdout;
  }

  /** As if what is stored of a product had been fetched so long ago that its licence has ended. */
  async endContentOf(asin: string): Promise<void> {
    const names = { TableName: this.#table("products"), Key: { product_key: `www.amazon.com#${asin}` } };
    const { Item } = await this.#documents.send(new GetCommand({ ...names, ConsistentRead: true }));
    const { packed, ...named } = z.looseObject({ packed: z.instanceof(Uint8Array) }).parse(Item);
    const product = unpackProduct(packed);
    const { provenance } = z
      .object({ provenance: z.record(z.string(), z.looseObject({ fetched_at: z.string() })) })
      .parse(product);
    const older = Object.entries(provenance).map(([field, origin]) => [
      field,
      { ...origin, fetched_at: isoTime(Date.parse(origin.fetched_at) - ENDED_AFTER_MS) },
    ]);
    // Not packed, as it was once: readers know both.
    const last_refresh_at = isoTime(Date.now() - ENDED_AFTER_MS);
    const item = { ...named, ...product, provenance: Object.fromEntries(older), last_refresh_at };
    await this.#documents.send(new PutCommand({ TableName: names.TableName, Item: item }));
  }
}
