import { isDeepStrictEqual } from "node:util";
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import {
  JOBS_KEY,
  jobItemsKey,
  type LetterJob,
  type LetterJobItem,
  LetterJobItemSchema,
  LetterJobSchema,
  type LetterJobState,
  type LetterOutcome,
} from "../../../core/dead-letters/letter-job.ts";
import { type Page, type PageRequest, pageAfter } from "../../../core/list-page.ts";
import { itemOnFailure, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { queryPages, queryUpTo } from "../query-pages.ts";

/** Pages of 1 MB that one request reads at most before it answers with what it found. */
const MAX_PAGES = 4;

/** Which items of a job to read. */
export interface ItemSelection {
  readonly outcome?: LetterOutcome | undefined;
  /** Only those that are to be checked at this time or before. */
  readonly dueBy?: string;
}

/** Redrives and discards, and what each did to its letters, in the `dead-letters` table. */
export class LetterJobStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Writes a new job. @throws TransientError */
  async create(job: LetterJob): Promise<void> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: job,
          ConditionExpression: "attribute_not_exists(letter_key)",
        }),
      );
    } catch (error) {
      // Nobody else has the id, so the answer was lost and the SDK has sent the row again.
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return;
      throw translateSdkError(error, "writing a job");
    }
  }

  /** @throws TransientError */
  async get(jobId: string): Promise<LetterJob | undefined> {
    const { Item } = await withSdkErrors("reading a job", () =>
      this.#client.send(
        new GetCommand({ TableName: this.#table, Key: { letter_key: JOBS_KEY, part: jobId }, ConsistentRead: true }),
      ),
    );
    return Item ? LetterJobSchema.parse(Item) : undefined;
  }

  /** All jobs, newest first. @throws TransientError */
  async list({ limit, after }: PageRequest): Promise<Page<LetterJob>> {
    const { items, next } = await queryUpTo(
      this.#client,
      {
        doing: "listing jobs",
        TableName: this.#table,
        KeyConditionExpression: "letter_key = :jobs",
        ExpressionAttributeValues: { ":jobs": JOBS_KEY },
        ScanIndexForward: false,
        after,
      },
      limit,
      MAX_PAGES,
    );
    return pageAfter(
      items.map((item) => LetterJobSchema.parse(item)),
      next,
    );
  }

  /** Jobs of which something is left to do, oldest first. @throws TransientError */
  async listActive(): Promise<LetterJob[]> {
    const jobs: LetterJob[] = [];
    for await (const { items } of queryPages(this.#client, {
      doing: "listing jobs",
      TableName: this.#table,
      KeyConditionExpression: "letter_key = :jobs",
      FilterExpression: "is_active = :true",
      ExpressionAttributeValues: { ":jobs": JOBS_KEY, ":true": true },
      ConsistentRead: true,
    })) {
      jobs.push(...items.map((item) => LetterJobSchema.parse(item)));
    }
    return jobs;
  }

  /** What a job did, letter by letter. @throws TransientError */
  async items(jobId: string, selection: ItemSelection, { limit, after }: PageRequest): Promise<Page<LetterJobItem>> {
    const { items, next } = await queryUpTo(
      this.#client,
      { ...this.#itemsOf(jobId, selection), after },
      limit,
      MAX_PAGES,
    );
    return pageAfter(
      items.map((item) => LetterJobItemSchema.parse(item)),
      next,
    );
  }

  /** All items of a job with an outcome. @throws TransientError */
  async *allItems(jobId: string, selection: ItemSelection): AsyncGenerator<LetterJobItem> {
    for await (const { items } of queryPages(this.#client, this.#itemsOf(jobId, selection))) {
      for (const item of items) yield LetterJobItemSchema.parse(item);
    }
  }

  #itemsOf(jobId: string, { outcome, dueBy }: ItemSelection) {
    const conditions = [
      ...(outcome === undefined ? [] : ["outcome = :outcome"]),
      ...(dueBy === undefined ? [] : ["check_at <= :due"]),
    ];
    return {
      doing: "reading what a job did",
      TableName: this.#table,
      KeyConditionExpression: "letter_key = :items",
      ...(conditions.length === 0 ? {} : { FilterExpression: conditions.join(" AND ") }),
      ExpressionAttributeValues: {
        ":items": jobItemsKey(jobId),
        ...(outcome === undefined ? {} : { ":outcome": outcome }),
        ...(dueBy === undefined ? {} : { ":due": dueBy }),
      },
      ConsistentRead: true,
    };
  }

  /** Lets one worker have a job. @returns the job as it is now; undefined while another one has it @throws TransientError */
  async lease(jobId: string, lease: { owner: string; now: string; until: string }): Promise<LetterJob | undefined> {
    return this.#update(jobId, "leasing a job", {
      sets: { lease_owner: lease.owner, lease_until: lease.until },
      condition: "lease_until = :null OR lease_until < :now OR lease_owner = :lease_owner",
      values: { ":now": lease.now, ":null": null },
    });
  }

  /**
   * Saves how far a job is, under its lease, and reads whether somebody stopped it.
   * @returns the job as it is now; undefined when the lease is another one's
   * @throws TransientError
   */
  async advance(
    { part, lease_owner }: Pick<LetterJob, "part" | "lease_owner">,
    { position, moved_at, now }: Pick<LetterJob, "position" | "moved_at"> & { now: string },
  ): Promise<LetterJob | undefined> {
    return this.#update(part, "saving how far a job is", {
      sets: { position, moved_at, updated_at: now },
      condition: "lease_owner = :owner",
      values: { ":owner": lease_owner },
    });
  }

  /** Gives a job back, with the state that it is in now. One that was stopped meanwhile stays stopped. @throws TransientError */
  async release(
    { part, lease_owner }: Pick<LetterJob, "part" | "lease_owner">,
    end: Pick<LetterJob, "state" | "is_active" | "finished_at"> & {
      readonly seen: LetterJobState;
      readonly now: string;
    },
  ): Promise<LetterJob | undefined> {
    return this.#update(part, "giving a job back", {
      sets: {
        ...{ state: end.state, is_active: end.is_active, finished_at: end.finished_at },
        ...{ lease_owner: null, lease_until: null, updated_at: end.now },
      },
      condition: "lease_owner = :owner AND #state = :seen",
      values: { ":owner": lease_owner, ":seen": end.seen },
    });
  }

  /** Stops a job that is not at its end. @returns the job as it is now; undefined when it was at its end @throws TransientError */
  async stop(jobId: string, by: string, now: string): Promise<LetterJob | undefined> {
    return this.#update(jobId, "stopping a job", {
      sets: { state: "stopped", stopped_by: by, stopped_at: now, updated_at: now },
      condition: "#state = :running OR #state = :waiting",
      values: { ":running": "running", ":waiting": "waiting" },
    });
  }

  async #update(
    jobId: string,
    doing: string,
    change: {
      readonly sets: Partial<Record<keyof LetterJob, unknown>>;
      /** With `:name` for what a field is set to, `#state` for the state, and the values below. */
      readonly condition: string;
      readonly values: Readonly<Record<string, unknown>>;
    },
  ): Promise<LetterJob | undefined> {
    const sets = Object.entries(change.sets);
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { letter_key: JOBS_KEY, part: jobId },
          UpdateExpression: `SET ${sets.map(([name]) => `#${name} = :${name}`).join(", ")}`,
          ConditionExpression: `attribute_exists(letter_key) AND (${change.condition})`,
          ExpressionAttributeNames: {
            ...Object.fromEntries(sets.map(([name]) => [`#${name}`, name])),
            ...(change.condition.includes("#state") ? { "#state": "state" } : {}),
          },
          ExpressionAttributeValues: {
            ...change.values,
            ...Object.fromEntries(sets.map(([name, value]) => [`:${name}`, value])),
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return LetterJobSchema.parse(Attributes);
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw translateSdkError(error, doing);
      const found = itemOnFailure(error);
      // The answer of the first attempt was lost, and the SDK has sent it again: all is as it was to be set.
      const isDone = found !== undefined && sets.every(([name, value]) => isDeepStrictEqual(found[name], value));
      return isDone ? LetterJobSchema.parse(found) : undefined;
    }
  }
}
