import { type DynamoDBDocumentClient, GetCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { CatalogRow } from "../../../core/catalogs/catalog-row.ts";
import { ConflictError, NotFoundError } from "../../../core/errors.ts";
import type { RunRow } from "../../../core/runs/run-row.ts";
import { withSdkErrors } from "../../aws/sdk-errors.ts";

/** A run of a million products takes 12 days of a fresh account; a run that is older than this is nobody's surprise. */
const REMEMBERED_SECONDS = 90 * 86_400;

/** Catalogs that one row names; who forces more runs over the same products at a time is warned of the newest ones. */
const MAX_CATALOGS = 10;

const ContentRowSchema = z.object({
  operation_key: z.string(),
  /** The last one that began a run. */
  catalog_id: z.string(),
  /** Others whose runs were open when a forced one began. */
  also: z.array(z.string()).optional(),
});

/** Write that goes into the transaction which begins a run. It fails when another upload of the same was faster. */
export type ContentClaim = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** Whose products a claim is about. */
export interface ClaimedContent {
  readonly user_id: string;
  readonly catalog_id: string;
  /** SHA-256 of the products. */
  readonly content_hash: string;
}

/** The refusal of products that are being enriched already. */
export const duplicateUpload = (which: string, cause?: unknown): ConflictError =>
  new ConflictError(
    `The same products are being enriched already${which}. Wait for that run, or upload with force=true.`,
    "duplicate_upload",
    { cause },
  );

/** Reads the catalogs that hold a claim, as `CatalogStore` and `RunStore` do. */
interface ClaimantStores {
  readonly catalogs: { getCatalog(catalogId: string, userId: string): Promise<CatalogRow> };
  readonly runs: { getRun(catalogId: string, trackingId: string): Promise<RunRow | undefined> };
}

/**
 * Remembers in the `operations` table, rows `content#<user>#<hash>`, which catalogs of a user have open runs over
 * some products: one read and one write an upload, however many catalogs the user has.
 */
export class ContentClaims {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #stores: ClaimantStores;

  /** @param stores where the catalogs of earlier claims, and their runs, are read */
  constructor(client: DynamoDBDocumentClient, tableName: string, stores: ClaimantStores) {
    this.#client = client;
    this.#table = tableName;
    this.#stores = stores;
  }

  /**
   * The claim on some products, unless a run over the same is open.
   * @throws ConflictError `duplicate_upload` that names the other catalog
   */
  async claim(content: ClaimedContent, nowMs: number): Promise<ContentClaim> {
    const known = await this.#known(content);
    const [open] = await this.#open(known, content);
    if (open) throw duplicateUpload(`, as catalog "${open.name}" (${open.catalog_id})`);
    const condition =
      known === undefined
        ? { ConditionExpression: "attribute_not_exists(operation_key)" }
        : { ConditionExpression: "catalog_id = :seen", ExpressionAttributeValues: { ":seen": known.catalog_id } };
    return { Put: { ...this.#put(content, nowMs), ...condition } };
  }

  /** The claim on some products, even if another catalog has them. Open runs over them stay known. */
  async take(content: ClaimedContent, nowMs: number): Promise<ContentClaim> {
    const open = await this.#open(await this.#known(content), content);
    const also = open.map(({ catalog_id }) => catalog_id).slice(0, MAX_CATALOGS - 1);
    return { Put: this.#put(content, nowMs, also) };
  }

  #put(content: ClaimedContent, nowMs: number, also: readonly string[] = []) {
    return {
      TableName: this.#table,
      Item: {
        operation_key: keyOf(content),
        catalog_id: content.catalog_id,
        expires_at: Math.floor(nowMs / 1_000) + REMEMBERED_SECONDS,
        ...(also.length > 0 ? { also } : {}),
      },
    };
  }

  async #known(content: ClaimedContent): Promise<z.infer<typeof ContentRowSchema> | undefined> {
    const Key = { operation_key: keyOf(content) };
    const { Item } = await withSdkErrors("finding the same content", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true })),
    );
    return Item ? ContentRowSchema.parse(Item) : undefined;
  }

  /** Other catalogs with these products whose runs are open, the last one first. */
  async #open(
    known: z.infer<typeof ContentRowSchema> | undefined,
    content: ClaimedContent,
  ): Promise<readonly CatalogRow[]> {
    const ids = known ? [known.catalog_id, ...(known.also ?? [])] : [];
    const others = ids.filter((id) => id !== content.catalog_id);
    const found = await Promise.all(others.map((id) => this.#openCatalog(id, content.user_id)));
    return found.flatMap((catalog) => catalog ?? []);
  }

  async #openCatalog(catalogId: string, userId: string): Promise<CatalogRow | undefined> {
    try {
      const catalog = await this.#stores.catalogs.getCatalog(catalogId, userId);
      const run = catalog.tracking_id ? await this.#stores.runs.getRun(catalogId, catalog.tracking_id) : undefined;
      return run?.open_shard === undefined ? undefined : catalog;
    } catch (error) {
      // Deleted meanwhile: its products are nobody's.
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }
}

const keyOf = ({ user_id, content_hash }: ClaimedContent): string => `content#${user_id}#${content_hash}`;
