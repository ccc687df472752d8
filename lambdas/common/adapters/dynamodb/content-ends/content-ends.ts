import { createHash } from "node:crypto";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Clock, isoTime } from "../../../core/clock.ts";
import {
  type ContentEnd,
  ContentEndSchema,
  endsHour,
  type TimedContentEnd,
} from "../../../core/licences/content-end.ts";
import { SourceIdSchema } from "../../../core/source-ids.ts";
import { withSdkErrors } from "../../aws/sdk-errors.ts";
import { writeAll } from "../parallel-writes.ts";
import { queryUpTo } from "../query-pages.ts";

/** What is written with an end that is over is swept in a minute: the sweep may have passed that time already. */
const SOONEST_MS = 60_000;
/** Rows are of no use once they are swept; so long a sweep that stands still may take to be repaired. */
const KEPT_SECONDS = 30 * 86_400;

/** A row as the sweep reads it. */
export interface DueContent {
  /** When it ends, with what makes the row unique: the place after which a list continues. */
  readonly place: string;
  /** Undefined when the row cannot be read: it must not keep the sweep from the rows behind it. */
  readonly content: ContentEnd | undefined;
}

const RowSchema = z.looseObject({ ends_at_id: z.string() });

/** The row that says how far the sweep is. No hour has this name. */
const SWEEP_KEY = { ends_hour: "sweep", ends_at_id: "sweep" };
const SweepSchema = z.object({
  /** Place up to which all that ended is removed. */
  place: z.string(),
  /** When the objects of raw answers were gone through last. */
  raw_swept_at: z.iso.datetime().nullable(),
  /** Product after which the pass over the whole table continues; null: none is under way. */
  table_after: z.string().nullable(),
  table_swept_at: z.iso.datetime().nullable(),
  /** Source and place of its history at which the pass over recorded changes continues; null or absent: none is under way. */
  history_at: z.object({ source: SourceIdSchema, after: z.string().nullable() }).nullable().optional(),
  history_swept_at: z.iso.datetime().optional(),
});
/** How far the sweep is. */
export type Sweep = z.infer<typeof SweepSchema>;

/**
 * The `content-ends` table: what ends when, in partitions of an hour. One row stands for up to 100 products, so that it costs
 * a hundredth of a write each, and the sweep reads only what is due. It holds keys, never content.
 */
export class ContentEnds {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Pick<Clock, "now">;

  constructor(client: DynamoDBDocumentClient, tableName: string, clock: Pick<Clock, "now">) {
    this.#client = client;
    this.#table = tableName;
    this.#clock = clock;
  }

  /** Notes what ends when. Must be done before the content is stored. Safe to repeat. @throws TransientError */
  async note(ends: readonly TimedContentEnd[]): Promise<void> {
    await writeAll(ends, (end) => this.#put(end));
  }

  async #put({ endsAtMs, content }: TimedContentEnd): Promise<void> {
    const dueMs = Math.max(endsAtMs, this.#clock.now() + SOONEST_MS);
    // The same again gives the same row.
    const id = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 16);
    await withSdkErrors("noting when content ends", () =>
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: {
            ends_hour: endsHour(dueMs),
            ends_at_id: `${isoTime(dueMs)}#${id}`,
            ...content,
            expires_at: Math.ceil(dueMs / 1_000) + KEPT_SECONDS,
          },
        }),
      ),
    );
  }

  /**
   * Lists what ended in an hour, by time.
   * @param after place to continue after, or an ISO time
   * @param until ISO time, included
   */
  async list(
    hour: string,
    after: string,
    until: string,
    limit: number,
  ): Promise<{ readonly due: readonly DueContent[]; readonly hasMore: boolean }> {
    const list = {
      doing: "listing content that ended",
      TableName: this.#table,
      KeyConditionExpression: "ends_hour = :hour AND ends_at_id BETWEEN :after AND :until",
      ExpressionAttributeValues: { ":hour": hour, ":after": `${after}\u0000`, ":until": `${until}~` },
      ConsistentRead: true,
    };
    const { items, next } = await queryUpTo(this.#client, list, limit);
    const due = items.map((item) => ({
      place: RowSchema.parse(item).ends_at_id,
      content: ContentEndSchema.safeParse(item).data,
    }));
    return { due, hasMore: next !== undefined };
  }

  /** How far the last sweep came; undefined before the first. */
  async readSweep(): Promise<Sweep | undefined> {
    const { Item } = await withSdkErrors("reading the sweep", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: SWEEP_KEY, ConsistentRead: true })),
    );
    return Item ? SweepSchema.parse(Item) : undefined;
  }

  async saveSweep(sweep: Sweep): Promise<void> {
    await withSdkErrors("writing the sweep", () =>
      this.#client.send(new PutCommand({ TableName: this.#table, Item: { ...SWEEP_KEY, ...sweep } })),
    );
  }
}
