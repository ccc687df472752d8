import { type DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { CATALOG_KEY } from "../../../core/catalogs/catalog-key.ts";
import { type CatalogRow, CatalogRowSchema } from "../../../core/catalogs/catalog-row.ts";
import { DuplicateError } from "../../../core/errors.ts";
import { type Page, type PageRequest, pageAfter } from "../../../core/list-page.ts";
import type { RunRow } from "../../../core/runs/run-row.ts";
import { refusedItems, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import type { AnswerWrite } from "../operations/committed-answers.ts";
import { keyInProgress } from "../operations/idempotency-refusals.ts";
import { queryUpTo } from "../query-pages.ts";
import { type ContentClaim, duplicateUpload } from "./content-claims.ts";
import { getRows } from "./get-rows.ts";
import { ownCatalog } from "./no-catalog.ts";
import type { RunStore } from "./run-store.ts";

/** Catalog rows as their users write and read them. */
export class CatalogStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #runs: Pick<RunStore, "getRuns">;

  /** @param runs where the runs of listed catalogs are read */
  constructor(client: DynamoDBDocumentClient, tableName: string, runs: Pick<RunStore, "getRuns">) {
    this.#client = client;
    this.#table = tableName;
    this.#runs = runs;
  }

  /**
   * Writes a new catalog. A transaction even for one row, because the SDK's own repeats of it count as one.
   * @param kept the answer to the request, written with it
   * @throws DuplicateError when the id is taken
   * @throws ConflictError `idempotency_in_progress` when the same request was faster
   */
  async createCatalog(row: CatalogRow, kept?: AnswerWrite): Promise<void> {
    const put = { TableName: this.#table, Item: row, ConditionExpression: "attribute_not_exists(batch_id)" };
    const items = [{ Put: put }, ...(kept ? [kept] : [])];
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems: items }));
    } catch (error) {
      const refused = refusedItems(error);
      if (refused.includes(0)) throw new DuplicateError(`catalog ${row.catalog_id} exists already`, { cause: error });
      if (refused.length > 0) throw keyInProgress(error);
      throw translateSdkError(error, "writing the catalog");
    }
  }

  /**
   * Writes a new catalog together with its first run and the claim on its content: all or nothing.
   * @param kept the answer to the request, written with them
   * @throws DuplicateError when an id is taken
   * @throws ConflictError `idempotency_in_progress` when the same request was faster
   * @throws ConflictError `duplicate_upload` when another upload of the same content was faster
   */
  async createCatalogWithRun(row: CatalogRow, run: RunRow, content?: ContentClaim, kept?: AnswerWrite): Promise<void> {
    const absent = "attribute_not_exists(batch_id)";
    const items = [
      { Put: { TableName: this.#table, Item: { ...row, tracking_id: run.batch_id }, ConditionExpression: absent } },
      { Put: { TableName: this.#table, Item: run, ConditionExpression: absent } },
      ...(content ? [content] : []),
      ...(kept ? [kept] : []),
    ];
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems: items }));
    } catch (error) {
      const refused = refusedItems(error);
      // Ids first: a row with this new id is our own, and then so are content and answer. A request that was faster has
      // an id of its own, and the content besides its answer.
      if (refused.includes(0) || refused.includes(1)) {
        throw new DuplicateError(`catalog ${row.catalog_id} exists already`, { cause: error });
      }
      if (kept && refused.includes(items.indexOf(kept))) throw keyInProgress(error);
      if (refused.length > 0) throw duplicateUpload("", error);
      throw translateSdkError(error, "writing the catalog and its run");
    }
  }

  /**
   * Reads a catalog of this user.
   * @throws NotFoundError when there is none, it is deleted, or it is somebody else's.
   */
  async getCatalog(catalogId: string, userId: string): Promise<CatalogRow> {
    const { Item } = await withSdkErrors("reading the catalog", () =>
      this.#client.send(
        new GetCommand({
          TableName: this.#table,
          Key: { catalog_id: catalogId, batch_id: CATALOG_KEY },
          ConsistentRead: true,
        }),
      ),
    );
    return ownCatalog(Item ? CatalogRowSchema.parse(Item) : undefined, catalogId, userId);
  }

  /** A user's catalogs, newest first, each with its newest run if it has one. */
  async listCatalogs(
    userId: string,
    page: PageRequest,
  ): Promise<Page<{ catalog: CatalogRow; run: RunRow | undefined }>> {
    const found = await queryUpTo(
      this.#client,
      {
        doing: "listing catalogs",
        TableName: this.#table,
        IndexName: "by-user",
        KeyConditionExpression: "user_id = :user",
        ExpressionAttributeValues: { ":user": userId },
        ScanIndexForward: false,
        after: page.after,
      },
      page.limit,
    );
    const ids = found.items.map((item) => String(item.catalog_id));
    const catalogs = await getRows(
      this.#client,
      this.#table,
      ids.map((catalog_id) => ({ catalog_id, batch_id: CATALOG_KEY })),
      CatalogRowSchema.parse,
    );
    const live = catalogs.filter((row) => row.deleted_at === null);
    const runs = await this.#runs.getRuns(
      live.flatMap((row) => (row.tracking_id ? [{ catalog_id: row.catalog_id, tracking_id: row.tracking_id }] : [])),
    );
    const byId = new Map(live.map((row) => [row.catalog_id, row]));
    const items = ids.flatMap((id) => {
      const catalog = byId.get(id);
      return catalog ? [{ catalog, run: runs.get(catalog.tracking_id ?? "") }] : [];
    });
    return pageAfter(items, found.next);
  }
}
