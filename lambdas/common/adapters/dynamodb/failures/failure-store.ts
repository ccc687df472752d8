import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type * as z from "zod";
import { type Page, type PageRequest, pageAfter } from "../../../core/list-page.ts";
import { productKey } from "../../../core/products/product-key.ts";
import type { FailureCause } from "../../../core/runs/failure-group-id.ts";
import { type FailureRow, FailureRowSchema, type ProductFailure } from "../../../core/runs/failure-row.ts";
import { upstreamWords } from "../../../core/sources/upstream/upstream-words.ts";
import { sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";
import { writeAll } from "../parallel-writes.ts";
import { queryUpTo } from "../query-pages.ts";

/** Queries that one page may take when few rows fit; it then ends early. */
const QUERIES_PER_PAGE = 10;

const FailedPlaceSchema = FailureRowSchema.pick({ product_key: true, batch_id: true });
/** Where a failed product is found. */
export type FailedPlace = z.infer<typeof FailedPlaceSchema>;

const OpenFailureSchema = FailureRowSchema.pick({
  product_key: true,
  batch_id: true,
  catalog_id: true,
  error_code: true,
  source: true,
  raw_code: true,
  failed_at: true,
});
/** A failure that is neither closed nor being retried, without its words. */
export type OpenFailure = z.infer<typeof OpenFailureSchema>;

/** Failures read for a few of them: some 100 KB. */
const ROWS_FOR_FEW = 200;

const CodeKeySchema = FailureRowSchema.pick({ failed_at: true, tracking_id: true, product_key: true });
/** Key of a failure in the index of its code. */
export type CodeKey = z.infer<typeof CodeKeySchema>;

/** Which failures of a run to list, besides that they are not closed. */
export interface OpenFailures extends PageRequest {
  readonly error_code?: string | undefined;
}

/** The `failures` table: one row per failed product of a run. */
export class FailureStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Writes failures before the counts that speak of them, with words within the bounds of a row. Safe to repeat: the
   * first time seen is kept.
   */
  async saveMany(failures: readonly ProductFailure[]): Promise<void> {
    await writeAll(failures.map(storable), (failure) => this.#save(failure));
  }

  async #save({ tracking_id, product_key, ...rest }: ProductFailure): Promise<void> {
    const names: Record<string, string> = {
      "#first": "first_seen_at",
      "#closed": "closed_at",
      "#retrying": "retrying_since",
    };
    const values: Record<string, unknown> = { ":first": rest.failed_at };
    const set = ["#first = if_not_exists(#first, :first)"];
    Object.entries(rest).forEach(([name, value], index) => {
      names[`#f${index}`] = name;
      values[`:f${index}`] = value;
      set.push(`#f${index} = :f${index}`);
    });
    await withSdkErrors("writing a failure", () =>
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { tracking_id, product_key },
          UpdateExpression: `SET ${set.join(", ")} REMOVE #closed, #retrying`,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: values,
        }),
      ),
    );
  }

  /** Closes failures of products that a retry brought to a good end, before the counts say so. Safe to repeat. */
  async close(trackingId: string, productKeys: readonly string[], now: string): Promise<void> {
    await writeAll(productKeys, (key) => this.#stamp(trackingId, key, "closed_at", now));
  }

  /** Notes that a retry reopened these products at `now`; one that failed again since is left alone. Safe to repeat. */
  async markRetrying(trackingId: string, productKeys: readonly string[], now: string): Promise<void> {
    await writeAll(productKeys, (key) => this.#stamp(trackingId, key, "retrying_since", now));
  }

  async #stamp(
    tracking_id: string,
    product_key: string,
    name: "closed_at" | "retrying_since",
    now: string,
  ): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { tracking_id, product_key },
          UpdateExpression: "SET #name = :now",
          ConditionExpression:
            name === "retrying_since"
              ? "attribute_exists(product_key) AND failed_at <= :now"
              : "attribute_exists(product_key)",
          ExpressionAttributeNames: { "#name": name },
          ExpressionAttributeValues: { ":now": now },
        }),
      );
    } catch (error) {
      // Nothing to note: the failure was never written, its catalog is deleted, or the product failed again by now.
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw translateSdkError(error, "noting a retry");
    }
  }

  /** Failures of a run that are not closed, by product key. A page may hold fewer than `limit`. */
  async listOpen(trackingId: string, request: OpenFailures): Promise<Page<FailureRow>> {
    const conditions = ["attribute_not_exists(closed_at)"];
    const values: Record<string, unknown> = { ":run": trackingId };
    if (request.error_code !== undefined) {
      conditions.push("error_code = :code");
      values[":code"] = request.error_code;
    }
    const found = await queryUpTo(
      this.#client,
      {
        doing: "listing failures",
        TableName: this.#table,
        KeyConditionExpression: "tracking_id = :run",
        FilterExpression: conditions.join(" AND "),
        ExpressionAttributeValues: values,
        ConsistentRead: true,
        after: request.after,
      },
      request.limit,
      QUERIES_PER_PAGE,
    );
    const items = found.items.map((item) => FailureRowSchema.parse(item));
    return pageAfter(items, found.next);
  }

  /**
   * Reads on in a run's failures that are not closed and that no retry is trying again, by product key: one query, so
   * that the caller can stop between any two. It reads 1 MB, some 2,000 rows, whatever matches.
   * @param after product key to continue after
   * @returns `next`: the key to continue after, absent at the end
   */
  async scanOpen(
    trackingId: string,
    { errorCodes, after }: { readonly errorCodes?: readonly string[] | undefined; readonly after?: string | undefined },
  ): Promise<{ readonly rows: readonly FailedPlace[]; readonly next?: string }> {
    const conditions = ["attribute_not_exists(closed_at)", "attribute_not_exists(retrying_since)"];
    const codes = Object.fromEntries((errorCodes ?? []).map((code, index) => [`:code${index}`, code]));
    if (errorCodes !== undefined) conditions.push(`error_code IN (${Object.keys(codes).join(", ")})`);
    const { items, next } = await queryUpTo(
      this.#client,
      {
        doing: "reading open failures",
        TableName: this.#table,
        KeyConditionExpression: "tracking_id = :run",
        FilterExpression: conditions.join(" AND "),
        ExpressionAttributeValues: { ":run": trackingId, ...codes },
        ProjectionExpression: "product_key, batch_id",
        ConsistentRead: true,
        after: after === undefined ? undefined : { tracking_id: trackingId, product_key: after },
      },
      undefined,
      1,
    );
    const rows = items.map((item) => FailedPlaceSchema.parse(item));
    return next ? { rows, next: CodeKeySchema.shape.product_key.parse(next.product_key) } : { rows };
  }

  /**
   * Reads on in a run's failures of one cause that are not closed and that no retry is trying again, by product key: one
   * query.
   * @param few reads 200 rows instead of 1 MB, where some of them are likely enough to be of the cause
   * @returns `next`: the key to continue after, absent at the end
   */
  async findOpen(
    trackingId: string,
    cause: FailureCause,
    { after, few = false }: { readonly after?: string | undefined; readonly few?: boolean },
  ): Promise<{ readonly rows: readonly OpenFailure[]; readonly next?: string }> {
    const { error_code, source, marketplace } = cause;
    const conditions = [
      ...["attribute_not_exists(closed_at)", "attribute_not_exists(retrying_since)", "error_code = :code"],
      ...(source === null ? [] : ["#source = :source"]),
    ];
    const { items, next } = await queryUpTo(
      this.#client,
      {
        doing: "looking for failures of a group",
        TableName: this.#table,
        KeyConditionExpression:
          marketplace === null ? "tracking_id = :run" : "tracking_id = :run AND begins_with(product_key, :shop)",
        FilterExpression: conditions.join(" AND "),
        ...(source === null ? {} : { ExpressionAttributeNames: { "#source": "source" } }),
        ExpressionAttributeValues: {
          ":run": trackingId,
          ":code": error_code,
          ...(source === null ? {} : { ":source": source }),
          ...(marketplace === null ? {} : { ":shop": productKey(marketplace, "") }),
        },
        ConsistentRead: true,
        after: after === undefined ? undefined : { tracking_id: trackingId, product_key: after },
      },
      few ? ROWS_FOR_FEW : undefined,
      1,
    );
    const rows = items.map((item) => OpenFailureSchema.parse(item));
    return next ? { rows, next: CodeKeySchema.shape.product_key.parse(next.product_key) } : { rows };
  }

  /**
   * Reads on in the failures of one code by the index `by-code`, which holds the keys of all runs: one query. It may
   * be a moment behind the table, and says nothing of retries: read the rows by these keys.
   * @param since time before which the run cannot have failed
   * @param after key to continue after
   * @returns `next`: the key to continue after, absent at the end
   */
  async scanCode(
    trackingId: string,
    wanted: { readonly error_code: string; readonly since: string; readonly after?: CodeKey | undefined },
  ): Promise<{ readonly keys: readonly CodeKey[]; readonly next?: CodeKey }> {
    const { error_code, since, after } = wanted;
    const { items, next } = await queryUpTo(
      this.#client,
      {
        doing: "reading failures of a code",
        TableName: this.#table,
        IndexName: "by-code",
        KeyConditionExpression: "error_code = :code AND failed_at >= :since",
        FilterExpression: "tracking_id = :run",
        ExpressionAttributeValues: { ":run": trackingId, ":code": error_code, ":since": since },
        after: after === undefined ? undefined : { error_code, ...after },
      },
      undefined,
      1,
    );
    const keys = items.map((item) => CodeKeySchema.parse(item));
    return next ? { keys, next: CodeKeySchema.parse(next) } : { keys };
  }

  /** Reads failures by product key that are not closed; others are left out. A row that is no failure is an error by default. */
  async getMany(trackingId: string, productKeys: readonly string[], onUnreadable = refuse): Promise<FailureRow[]> {
    const keys = productKeys.map((product_key) => ({ tracking_id: trackingId, product_key }));
    const items = await batchGet(this.#client, {
      table: this.#table,
      keys,
      doing: "reading failures",
      consistent: true,
    });
    return items.flatMap((item) => {
      const row = FailureRowSchema.safeParse(item);
      if (!row.success) onUnreadable(String(item.product_key), row.error);
      return row.success && row.data.closed_at === undefined ? [row.data] : [];
    });
  }

  /** Removes up to `limit` failures of a run, closed ones too. @returns how many were removed; 0: none is left. */
  async removeSome(trackingId: string, limit: number): Promise<number> {
    const { items } = await queryUpTo(
      this.#client,
      {
        doing: "listing failures",
        TableName: this.#table,
        KeyConditionExpression: "tracking_id = :run",
        ExpressionAttributeValues: { ":run": trackingId },
        ProjectionExpression: "tracking_id, product_key",
        ConsistentRead: true,
      },
      limit,
    );
    await writeAll(items, async (Key) => {
      await withSdkErrors("removing a failure", () =>
        this.#client.send(new DeleteCommand({ TableName: this.#table, Key })),
      );
    });
    return items.length;
  }
}

const refuse = (_productKey: string, error: Error): void => {
  throw error;
};

const storable = (failure: ProductFailure): ProductFailure => {
  const { code, message } = upstreamWords({ code: failure.raw_code, message: failure.message });
  return { ...failure, raw_code: code, message };
};
