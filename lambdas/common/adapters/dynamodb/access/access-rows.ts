import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type * as z from "zod";
import {
  type AccessKind,
  accessKey,
  type OwnedPlace,
  OwnedPlaceSchema,
  ownerKey,
} from "../../../core/access/access-row.ts";
import { withSdkErrors } from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";
import { queryUpTo } from "../query-pages.ts";

/** A page of rows of one owner, newest first. */
export interface OwnedPage<Row> {
  readonly rows: readonly Row[];
  /** Absent at the end. */
  readonly next?: OwnedPlace;
}

/** Reads rows of one kind of the `access` table. */
export class AccessRows<Schema extends z.ZodType> {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #kind: AccessKind;
  readonly #schema: Schema;

  constructor(client: DynamoDBDocumentClient, tableName: string, kind: AccessKind, schema: Schema) {
    this.#client = client;
    this.#table = tableName;
    this.#kind = kind;
    this.#schema = schema;
  }

  /** The row as of now; undefined when there is none. @throws TransientError */
  async get(id: string): Promise<z.output<Schema> | undefined> {
    const { Item } = await withSdkErrors(`reading a ${this.#kind}`, () =>
      this.#client.send(
        new GetCommand({
          TableName: this.#table,
          Key: { access_key: accessKey(this.#kind, id) },
          ConsistentRead: true,
        }),
      ),
    );
    return Item && this.#schema.parse(Item);
  }

  /**
   * Rows of an owner, newest first. The index is behind by a moment, so the newest may be missing; what it names is read as
   * of now.
   * @param after `next` of the page before; undefined: from the beginning
   * @throws TransientError
   */
  async list(owner: string, limit: number, after?: OwnedPlace): Promise<OwnedPage<z.output<Schema>>> {
    const doing = `listing rows of kind ${this.#kind}`;
    const owner_key = ownerKey(this.#kind, owner);
    const { items, next } = await queryUpTo(
      this.#client,
      {
        doing,
        TableName: this.#table,
        IndexName: "by-owner",
        KeyConditionExpression: "owner_key = :owner",
        ExpressionAttributeValues: { ":owner": owner_key },
        ScanIndexForward: false,
        after: after && { ...after, owner_key },
      },
      limit,
    );
    const indexed = items.map((item) => OwnedPlaceSchema.parse(item));
    const found = await batchGet(this.#client, {
      table: this.#table,
      keys: indexed.map(({ access_key }) => ({ access_key })),
      doing,
      consistent: true,
    });
    const byKey = new Map(found.map((item) => [OwnedPlaceSchema.parse(item).access_key, item]));
    const rows = indexed.flatMap(({ access_key }) => {
      const item = byKey.get(access_key);
      return item === undefined ? [] : [this.#schema.parse(item)];
    });
    return next === undefined ? { rows } : { rows, next: OwnedPlaceSchema.parse(next) };
  }
}
