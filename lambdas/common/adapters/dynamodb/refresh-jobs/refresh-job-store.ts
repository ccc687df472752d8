import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Page, PageRequest } from "../../../core/list-page.ts";
import { pageAfter } from "../../../core/list-page.ts";
import {
  isHeld,
  isSettled,
  type RefreshJobStatus,
  type StoredRefreshJob,
  StoredRefreshJobSchema,
} from "../../../core/refresh/refresh-job.ts";
import type { Log } from "../../../platform/logger.ts";
import { isAsPut, itemOnFailure, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { writeAll } from "../parallel-writes.ts";
import { queryPages, queryUpTo } from "../query-pages.ts";

/** Pages of 1 MB that one request reads at most before it answers with what it found. */
const MAX_PAGES = 4;

/** Identity of a job. */
export type JobKey = Pick<StoredRefreshJob, "refresh_date" | "job_id">;

/** How a claim ended. `settled`: it is done, replaced by a newer message, or gone. */
export type JobClaim =
  | { readonly kind: "claimed"; readonly job: StoredRefreshJob }
  | { readonly kind: "leased"; readonly until: string }
  | { readonly kind: "settled" };

/** Jobs in the `refresh-jobs` table, each under `refresh_date` and `job_id`. */
export class RefreshJobStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #log: Pick<Log, "error">;

  /** @param log gets each row that cannot be read and is passed over by lists */
  constructor(client: DynamoDBDocumentClient, tableName: string, log: Pick<Log, "error">) {
    this.#client = client;
    this.#table = tableName;
    this.#log = log;
  }

  /** Writes new jobs; one that is there already stays as it is. @throws TransientError */
  async create(jobs: readonly StoredRefreshJob[]): Promise<void> {
    await writeAll(jobs, async (job) => {
      try {
        await this.#client.send(
          new PutCommand({
            TableName: this.#table,
            Item: job,
            ConditionExpression: "attribute_not_exists(job_id)",
          }),
        );
      } catch (error) {
        if (sdkErrorName(error) === "ConditionalCheckFailedException") return;
        throw translateSdkError(error, "writing a refresh job");
      }
    });
  }

  /**
   * Takes a job for one worker. A job that is still held, settled, or was sent again since is not taken.
   * @throws TransientError
   */
  async claim(
    key: JobKey & { readonly generation: number },
    lease: { readonly owner: string; readonly now: string; readonly until: string },
  ): Promise<JobClaim> {
    const seen = await this.#read(key);
    if (!seen || isSettled(seen) || seen.generation > key.generation) return { kind: "settled" };
    if (isHeld(seen, lease.now) && seen.lease_owner !== lease.owner) {
      return { kind: "leased", until: seen.lease_until ?? lease.now };
    }
    const job: StoredRefreshJob = {
      ...seen,
      status: "running",
      started_at: seen.started_at ?? lease.now,
      lease_owner: lease.owner,
      lease_until: lease.until,
    };
    return (await this.replace(seen, job)) ? { kind: "claimed", job } : { kind: "leased", until: lease.until };
  }

  /**
   * Writes a job in place of the one as it was read.
   * @returns false when somebody else has written it since
   * @throws TransientError
   */
  async replace(seen: StoredRefreshJob, job: StoredRefreshJob): Promise<boolean> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: job,
          ConditionExpression: `#status = :status AND generation = :generation AND ${
            seen.lease_until === undefined ? "attribute_not_exists(lease_until)" : "lease_until = :until"
          }`,
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ":status": seen.status,
            ":generation": seen.generation,
            ...(seen.lease_until === undefined ? {} : { ":until": seen.lease_until }),
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return true;
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "writing a refresh job");
      }
      // The answer of the first attempt was lost, and the SDK has sent it again.
      return itemOnFailure(error) !== undefined && isAsPut(error, { ...job });
    }
  }

  /** All jobs of an hour, such as `2026-11-30T14`, and those of the day that are still open. @throws TransientError */
  async listOf(date: string, hour: string): Promise<StoredRefreshJob[]> {
    const jobs: StoredRefreshJob[] = [];
    const pages = queryPages(this.#client, {
      doing: "listing refresh jobs",
      TableName: this.#table,
      KeyConditionExpression: "refresh_date = :date",
      FilterExpression: "#status = :pending OR #status = :running OR planned_hour = :hour",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":date": date, ":pending": "pending", ":running": "running", ":hour": hour },
      ConsistentRead: true,
    });
    for await (const { items } of pages) jobs.push(...this.#readable(items));
    return jobs;
  }

  /** Jobs of a day, newest first. A page may hold fewer than `limit` although more follows. @throws TransientError */
  async listDay(
    date: string,
    status: RefreshJobStatus | undefined,
    { limit, after }: PageRequest,
  ): Promise<Page<StoredRefreshJob>> {
    const { items, next } = await queryUpTo(
      this.#client,
      {
        doing: "listing refresh jobs",
        TableName: this.#table,
        KeyConditionExpression: "refresh_date = :date",
        ...(status === undefined
          ? {}
          : { FilterExpression: "#status = :status", ExpressionAttributeNames: { "#status": "status" } }),
        ExpressionAttributeValues: { ":date": date, ...(status === undefined ? {} : { ":status": status }) },
        ScanIndexForward: false,
        after,
      },
      limit,
      MAX_PAGES,
    );
    return pageAfter(this.#readable(items), next);
  }

  /** One bad row must not keep a plan from the others. */
  #readable(items: readonly Readonly<Record<string, unknown>>[]): StoredRefreshJob[] {
    return items.flatMap((item) => {
      const { data, error } = StoredRefreshJobSchema.safeParse(item);
      if (data) return [data];
      const { refresh_date, job_id } = item;
      this.#log.error("a refresh job that cannot be read is passed over", {
        refresh_date,
        job_id,
        error: error.message,
      });
      return [];
    });
  }

  async #read({ refresh_date, job_id }: JobKey): Promise<StoredRefreshJob | undefined> {
    const { Item } = await withSdkErrors("reading a refresh job", () =>
      this.#client.send(
        new GetCommand({ TableName: this.#table, Key: { refresh_date, job_id }, ConsistentRead: true }),
      ),
    );
    return Item ? StoredRefreshJobSchema.parse(Item) : undefined;
  }
}
