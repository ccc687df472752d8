import { createHash } from "node:crypto";
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Channel, isChannel } from "../../../core/live/channels.ts";
import { CONNECTION_SECONDS } from "../../../core/live/live-limits.ts";
import { sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";

/** Rows at most, so that nobody fills the table by subscribing to one name after the other. Two channels with one row cost a query. */
const BUCKETS = 16_384;
/** How long the census, which comes once a minute, may be late. */
const VOUCHED_SECONDS = 600;
/** After it found listeners without a row it looks twice more, before its word counts. */
const DOUBT_SECONDS = 120;

const PREFIX = "listened#";
/** The row that says that no listener is without one. */
const VOUCHED = { channel: "listened", connection_id: "listened" };

/** The row that says whether a channel is listened to; other channels may have the same. */
const rowOf = (channel: Channel): string =>
  `${PREFIX}${createHash("sha256").update(channel).digest().readUInt32BE(0) % BUCKETS}`;
const keyOf = (row: string) => ({ channel: row, connection_id: "listened" });

const RowSchema = z.object({ channel: z.string(), expires_at: z.number(), vouched_from: z.number().optional() });

/** What the rows of the whole table say of who listens, as the census meets them. */
export class ListenedRows {
  readonly #ends = new Map<Channel, number>();
  readonly #noted = new Map<string, number>();
  #vouchedFrom: number | undefined;

  /** Takes a row of any kind whose time is not over. */
  take({ channel, expires_at, vouched_from }: z.infer<typeof RowSchema>): void {
    if (isChannel(channel)) this.#ends.set(channel, Math.max(this.#ends.get(channel) ?? 0, expires_at));
    else if (channel === VOUCHED.channel) this.#vouchedFrom = vouched_from;
    else if (channel.startsWith(PREFIX)) this.#noted.set(channel, expires_at);
  }

  /** Channels with listeners of which no row says so for long enough, and until when they have some, epoch seconds. */
  get unnoted(): ReadonlyMap<Channel, number> {
    return new Map([...this.#ends].filter(([channel, end]) => (this.#noted.get(rowOf(channel)) ?? 0) < end));
  }

  /** Since when the rows are vouched for, epoch seconds; undefined when they are not. */
  get vouchedFrom(): number | undefined {
    return this.#vouchedFrom;
  }
}

/**
 * Which channels somebody may listen to, in the `live-connections` table: a row for each that had a listener lately. A channel without it
 * has none, so one read says it of all channels of a batch, most of which nobody listens to. That holds while the census vouches for it:
 * connections of an earlier version wrote no such rows.
 */
export class ListenedChannels {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  /** Epoch seconds until which rows stand at least. */
  readonly #noted = new Map<string, number>();

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Notes that a channel has a listener; done before its snapshot is read. Safe to repeat. The row outlives the listener by the longest
   * time of a connection, so that those who come later need not write it again. Its end is never brought forward.
   * @param endSeconds until when the listener may listen, epoch seconds
   * @throws TransientError
   */
  async note(channel: Channel, endSeconds: number): Promise<void> {
    if ((this.#noted.get(rowOf(channel)) ?? 0) < endSeconds) await this.#write(channel, endSeconds);
  }

  /**
   * Writes the rows that a census missed, and vouches for all of them: at once when it missed none, else from two minutes on.
   * @throws TransientError
   */
  async vouch({ unnoted, vouchedFrom }: Pick<ListenedRows, "unnoted" | "vouchedFrom">, nowMs: number): Promise<void> {
    const rows = await this.#read([...unnoted.keys()].map(rowOf));
    // A row that was written while the census read on is not missing.
    const missing = [...unnoted].filter(([channel, end]) => (rows.get(rowOf(channel))?.expires_at ?? 0) < end);
    for (const [channel, end] of missing) await this.#write(channel, end);
    const now = Math.floor(nowMs / 1_000);
    const vouched_from = missing.length > 0 ? now + DOUBT_SECONDS : (vouchedFrom ?? now);
    const Item = { ...VOUCHED, vouched_from, expires_at: now + VOUCHED_SECONDS };
    await withSdkErrors("vouching for who listens", () =>
      this.#client.send(new PutCommand({ TableName: this.#table, Item })),
    );
  }

  /** Those of the channels that somebody may listen to as of now; all others nobody does. @throws TransientError */
  async among(channels: readonly Channel[], nowMs: number): Promise<ReadonlySet<Channel>> {
    if (channels.length === 0) return new Set();
    const names = new Map(channels.map((channel) => [channel, rowOf(channel)]));
    const rows = await this.#read([VOUCHED.channel, ...names.values()]);
    const isLive = (name: string): boolean => (rows.get(name)?.expires_at ?? 0) * 1_000 > nowMs;
    const vouchedFrom = rows.get(VOUCHED.channel)?.vouched_from ?? Number.POSITIVE_INFINITY;
    const isVouched = isLive(VOUCHED.channel) && vouchedFrom * 1_000 <= nowMs;
    return new Set([...names].flatMap(([channel, name]) => (isVouched && !isLive(name) ? [] : [channel])));
  }

  /** The rows of these names that are there as of now. */
  async #read(names: readonly string[]): Promise<ReadonlyMap<string, z.infer<typeof RowSchema>>> {
    const items = await batchGet(this.#client, {
      table: this.#table,
      keys: [...new Set(names)].map(keyOf),
      doing: "reading which channels are listened to",
      consistent: true,
    });
    return new Map(items.map((item) => RowSchema.parse(item)).map((row) => [row.channel, row]));
  }

  async #write(channel: Channel, endSeconds: number): Promise<void> {
    const row = rowOf(channel);
    const until = endSeconds + CONNECTION_SECONDS;
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: keyOf(row),
          UpdateExpression: "SET expires_at = :end",
          ConditionExpression: "attribute_not_exists(expires_at) OR expires_at < :end",
          ExpressionAttributeValues: { ":end": until },
        }),
      );
    } catch (error) {
      // It stands longer than that already.
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "noting that a channel is listened to");
      }
    }
    this.#noted.set(row, until);
  }
}
