import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { ReadingSlots } from "../../../lambdas/common/adapters/dynamodb/operations/reading-slots.ts";
import { type CatalogRow, CatalogRowSchema } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import type { CatalogStatus } from "../../../lambdas/common/core/contract/runs/run-status.ts";
import { CatalogUploadAddressSchema } from "../../../lambdas/common/core/contract/uploads/catalog-upload-address.ts";
import { UploadAddressSchema } from "../../../lambdas/common/core/contract/uploads/upload-address.ts";
import { clientConfig } from "../../../local/aws-environment.ts";
import type { Outputs } from "../../../local/outputs.ts";
import type { Api } from "./api.ts";
import { fetchAgain } from "./fetch-again.ts";
import { waitFor } from "./wait-for.ts";

export type Address = z.infer<typeof CatalogUploadAddressSchema>;

const DryRunAddressSchema = UploadAddressSchema.extend({ catalog_id: z.null(), dry_run_id: z.string() });

const UNREAD = ["awaiting_upload", "ingesting"];

/** Files that come by a presigned address, as a client sends them, and the rows and objects behind them. */
export class LargeUploads {
  readonly #api: Api;
  readonly #table: string;
  readonly #operations: string;
  readonly #bucket: string;
  readonly #documents: DynamoDBDocumentClient;
  readonly #s3: S3Client;

  constructor(api: Api, outputs: Outputs) {
    const config = clientConfig(outputs.emulatorUrl);
    this.#api = api;
    this.#table = outputs.tables["enrichment-status"] ?? "";
    this.#operations = outputs.tables.operations ?? "";
    this.#bucket = outputs.bucket;
    this.#documents = DynamoDBDocumentClient.from(new DynamoDBClient(config));
    this.#s3 = new S3Client({ ...config, forcePathStyle: true });
  }

  close(): void {
    this.#documents.destroy();
    this.#s3.destroy();
  }

  /** Asks where to put a file. */
  async request(body: Readonly<Record<string, unknown>>): Promise<Address> {
    const answer = await this.#api.call("POST", "/catalogs/uploads", asJson(body));
    if (answer.status !== 201) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return CatalogUploadAddressSchema.parse(answer.body);
  }

  /** Asks where to put a file that is to be judged only. */
  async requestDryRun(body: Readonly<Record<string, unknown>>) {
    const answer = await this.#api.call("POST", "/catalogs/uploads", asJson(body));
    const address = DryRunAddressSchema.parse(answer.body);
    return { id: address.dry_run_id, put: (content: Uint8Array<ArrayBuffer>) => this.put(address, content) };
  }

  /** Asks, and insists on a problem of this status. */
  refusal(status: number, body: Readonly<Record<string, unknown>>) {
    return this.#api.refusal(status, "POST", "/catalogs/uploads", asJson(body));
  }

  /** Asks for an address and puts a file. @returns the catalog's id */
  async send(content: Uint8Array<ArrayBuffer>, body: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const address = await this.request({ file_name: "catalog.csv", content_length: content.byteLength, ...body });
    await this.put(address, content);
    return address.catalog_id;
  }

  /** Puts the file. */
  async put(address: Pick<Address, "upload_url" | "upload_headers">, content: Uint8Array<ArrayBuffer>): Promise<void> {
    const request = { method: "PUT", headers: address.upload_headers, body: content };
    const response = await fetchAgain(address.upload_url, request);
    if (!response.ok) throw new Error(`PUT answered ${response.status}: ${await response.text()}`);
  }

  /** Waits until the file is read, well or not. */
  read(catalogId: string, seconds: number): Promise<CatalogStatus> {
    const read = () => this.#api.status(catalogId);
    return waitFor(`the reading of ${catalogId}`, read, ({ state }) => !UNREAD.includes(state), seconds);
  }

  async row(catalogId: string): Promise<CatalogRow> {
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.#table, Key: { catalog_id: catalogId, batch_id: "catalog" } }),
    );
    return CatalogRowSchema.parse(Item);
  }

  /** Writes over single attributes of a catalog's row, as a crash or the passing of time would leave it. */
  async change(catalogId: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    const names = Object.keys(values);
    await this.#documents.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { catalog_id: catalogId, batch_id: "catalog" },
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, values[name]])),
      }),
    );
  }

  /** Keys of everything that is stored of a catalog beside the file itself. */
  objects(catalogId: string): Promise<string[]> {
    return this.#keys(`catalogs/${catalogId}/`);
  }

  /** Waits until nothing is stored of a catalog or a dry run that has ended: neither its file nor what was made of it. */
  async nothingStays(id: string): Promise<void> {
    const read = async () => [...(await this.#keys(`uploads/${id}`)), ...(await this.objects(id))];
    await waitFor(`nothing to be stored of ${id}`, read, (keys) => keys.length === 0, 30);
  }

  /** Whether the file that was put is stored. */
  async hasFile(id: string): Promise<boolean> {
    return (await this.#keys(`uploads/${id}`)).length > 0;
  }

  /**
   * Takes reading slots of a user, as so many workers would that read other files of his until `untilMs`.
   * @returns ends them before that
   */
  async takeSlots(userId: string, count: number, untilMs: number): Promise<() => Promise<void>> {
    const slots = new ReadingSlots(this.#documents, this.#operations, count);
    const readers = Array.from({ length: count }, (_, n) => ({ user_id: userId, reader: `busy-${untilMs}-${n}` }));
    for (const reader of readers) await slots.begin(reader, Date.now(), untilMs);
    return async () => {
      for (const reader of readers) await slots.end(reader);
    };
  }

  /** Ends the slots of readers that died, as their time does. */
  async endSlots(userId: string): Promise<void> {
    const Key = { operation_key: `reading#${userId}` };
    await this.#documents.send(new DeleteCommand({ TableName: this.#operations, Key }));
  }

  /** Leaves an object, as an attempt that was killed would. */
  async leave(key: string): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: "left behind" }));
  }

  async #keys(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.#s3.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix }));
    return Contents.map(({ Key = "" }) => Key);
  }
}

const asJson = (body: Readonly<Record<string, unknown>>) => ({
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});
