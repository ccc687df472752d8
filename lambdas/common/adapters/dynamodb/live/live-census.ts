import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { isoTime } from "../../../core/clock.ts";
import { type LiveStats, LiveStatsSchema } from "../../../core/contract/live/live.ts";
import { isChannel, sellerOf } from "../../../core/live/channels.ts";
import { withSdkErrors } from "../../aws/sdk-errors.ts";
import type { PageKey } from "../query-pages.ts";
import { scanPage } from "../scan-page.ts";
import { ListenedRows } from "./listened-channels.ts";

/** Sellers that are listed: their names take 10 KB of the row at most. */
const MAX_SELLERS = 100;

const KEY = { channel: "stats", connection_id: "stats" };
const RowSchema = z.object({
  channel: z.string(),
  connection_id: z.string(),
  expires_at: z.number(),
  /** Of connections with a ticket. */
  user_id: z.string().optional(),
  vouched_from: z.number().optional(),
});

/** In place: a user may have thousands of connections. */
const noteOf = (ofUsers: Map<string, string[]>, userId: string, connectionId: string): void => {
  const known = ofUsers.get(userId);
  if (known) known.push(connectionId);
  else ofUsers.set(userId, [connectionId]);
};

/** What a count found. */
export interface Counted {
  readonly stats: LiveStats;
  /** Ids of the connections of each user who connected with a ticket. */
  readonly ofUsers: ReadonlyMap<string, readonly string[]>;
  readonly listened: Pick<ListenedRows, "unnoted" | "vouchedFrom">;
}

/**
 * How many listen to what, counted from the rows of the `live-connections` table. API Gateway does not always report that a
 * connection ended, so counters that follow what it reports would drift.
 */
export class LiveCensus {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Counts all rows, keeps the result for `read` and gives it, and who is connected. Takes 1 MB of reads for about 8,000 rows. @throws TransientError */
  async count(nowMs: number): Promise<Counted> {
    const ofUsers = new Map<string, string[]>();
    let connections = 0;
    let subscriptions = 0;
    const sellers = new Map<string, number>();
    const listened = new ListenedRows();
    let after: PageKey | null = null;
    do {
      const page = await scanPage(this.#client, {
        doing: "counting connections",
        TableName: this.#table,
        ProjectionExpression: "channel, connection_id, expires_at, user_id, vouched_from",
        after,
      });
      for (const item of page.items) {
        const row = RowSchema.safeParse(item);
        if (!row.success || row.data.expires_at * 1_000 <= nowMs) continue;
        const { channel, connection_id, user_id } = row.data;
        const seller = sellerOf(channel);
        listened.take(row.data);
        if (channel.startsWith("connection#")) {
          connections += 1;
          if (user_id !== undefined) noteOf(ofUsers, user_id, connection_id);
        } else if (isChannel(channel)) subscriptions += 1;
        if (seller !== undefined) sellers.set(seller, (sellers.get(seller) ?? 0) + 1);
      }
      after = page.next ?? null;
    } while (after !== null);
    const most = [...sellers].sort(([, one], [, other]) => other - one).slice(0, MAX_SELLERS);
    const stats = {
      ...{ connections, subscriptions },
      ...{ by_seller: Object.fromEntries(most), counted_at: isoTime(nowMs) },
    };
    await withSdkErrors("writing the count of connections", () =>
      this.#client.send(new PutCommand({ TableName: this.#table, Item: { ...KEY, ...stats } })),
    );
    return { stats, ofUsers, listened };
  }

  /** What was counted last; zeros before the first count. Costs one read of one row. @throws TransientError */
  async read(): Promise<LiveStats> {
    const { Item } = await withSdkErrors("reading the count of connections", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: KEY })),
    );
    return Item ? LiveStatsSchema.parse(Item) : { connections: 0, subscriptions: 0, by_seller: {}, counted_at: null };
  }
}
