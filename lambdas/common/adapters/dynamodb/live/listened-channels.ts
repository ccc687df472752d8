import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Channel } from "../../../core/live/channels.ts";
import { CONNECTION_SECONDS } from "../../../core/live/live-limits.ts";
import { sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";

/** Channels of which an instance remembers until when they are noted. */
const MAX_REMEMBERED = 1_000;

const PREFIX = "listened#";
const keyOf = (channel: Channel) => ({ channel: `${PREFIX}${channel}`, connection_id: "listened" });

/** The channel that a row says has listeners; undefined for rows of another kind. */
export const listenedChannelOf = (channel: string): string | undefined =>
  channel.startsWith(PREFIX) ? channel.slice(PREFIX.length) : undefined;

const RowSchema = z.object({ channel: z.string(), expires_at: z.number() });

/**
 * Which channels somebody may listen to, in the `live-connections` table: a row for each channel that had a listener lately. A
 * channel without it has none, so one read says it of a hundred channels, most of which nobody listens to.
 */
export class ListenedChannels {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  /** Epoch seconds until which the rows of channels stand at least. */
  readonly #noted = new Map<Channel, number>();

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Notes that a channel has a listener, before it has; safe to repeat. The row outlives the listener by the longest time of a
   * connection, so that those who come later need not write it again. Its end is never brought forward.
   * @param endSeconds until when the listener may listen, epoch seconds
   * @throws TransientError
   */
  async note(channel: Channel, endSeconds: number): Promise<void> {
    if ((this.#noted.get(channel) ?? 0) < endSeconds) await this.write(channel, endSeconds);
  }

  /** As `note`, also when this instance remembers that the row is there. @throws TransientError */
  async write(channel: Channel, endSeconds: number): Promise<void> {
    const until = endSeconds + CONNECTION_SECONDS;
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: keyOf(channel),
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
    this.#noted.delete(channel);
    this.#noted.set(channel, until);
    const [oldest] = this.#noted.keys();
    if (this.#noted.size > MAX_REMEMBERED && oldest !== undefined) this.#noted.delete(oldest);
  }

  /** Those of the channels that somebody may listen to as of now; all others nobody does. @throws TransientError */
  async among(channels: readonly Channel[], nowMs: number): Promise<ReadonlySet<Channel>> {
    const distinct = [...new Set(channels)];
    if (distinct.length === 0) return new Set();
    const items = await batchGet(this.#client, {
      table: this.#table,
      keys: distinct.map(keyOf),
      doing: "reading which channels are listened to",
      consistent: true,
    });
    const rows = items.map((item) => RowSchema.parse(item)).filter(({ expires_at }) => expires_at * 1_000 > nowMs);
    const listened = new Set(rows.map(({ channel }) => channel));
    return new Set(distinct.filter((channel) => listened.has(keyOf(channel).channel)));
  }
}
