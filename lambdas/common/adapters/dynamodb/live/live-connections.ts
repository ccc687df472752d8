import { randomUUID } from "node:crypto";
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { NotFoundError, ValidationError } from "../../../core/errors.ts";
import type { Channel } from "../../../core/live/channels.ts";
import { CONNECTION_SECONDS, MAX_SUBSCRIPTIONS } from "../../../core/live/live-limits.ts";
import { sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { writeAll } from "../parallel-writes.ts";
import { queryPages } from "../query-pages.ts";
import { ListenedChannels } from "./listened-channels.ts";

const ConnectionRowSchema = z.object({
  connection_id: z.string(),
  /** Absent: nobody signed in. */
  user_id: z.string().optional(),
  is_greeted: z.boolean(),
  /** The call that noted it together with a channel. */
  greeted_by: z.string().optional(),
  subscriptions: z.record(z.string(), z.literal(true)),
  /** The call that noted a channel last. */
  last_call: z.string().optional(),
  /** Epoch seconds. */
  expires_at: z.number(),
});

/** An open WebSocket connection. */
export interface LiveConnection {
  readonly connectionId: string;
  /** Who connected with a ticket; undefined: nobody is known. */
  readonly userId: string | undefined;
  /** Whether it was sent `connected`. */
  readonly isGreeted: boolean;
  readonly channels: readonly string[];
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** A connection's own row lies apart from those of channels, so that no partition gets a write of every connection. */
const rowKey = (connectionId: string) => ({ channel: `connection#${connectionId}`, connection_id: connectionId });

const toConnection = (row: z.infer<typeof ConnectionRowSchema>): LiveConnection => ({
  ...{ connectionId: row.connection_id, userId: row.user_id, isGreeted: row.is_greeted },
  ...{ channels: Object.keys(row.subscriptions), expiresAt: row.expires_at },
});

const ListenerSchema = z.object({ connection_id: z.string(), expires_at: z.number() });

/**
 * The `live-connections` table: a row for each connection, one for each channel that it listens to, and one for each channel that is
 * listened to. Listeners are read by the table's own key and so as of now: an index might not show one yet who subscribed just before a run ended.
 */
export class LiveConnections {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #listened: ListenedChannels;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
    this.#listened = new ListenedChannels(client, tableName);
  }

  /** Notes a new connection. @param userId undefined: without a ticket @throws TransientError */
  async open(connectionId: string, userId: string | undefined, nowMs: number): Promise<void> {
    const row = {
      ...rowKey(connectionId),
      ...(userId === undefined ? {} : { user_id: userId }),
      is_greeted: false,
      subscriptions: {},
      expires_at: Math.floor(nowMs / 1_000) + CONNECTION_SECONDS,
    };
    await withSdkErrors("noting a connection", () =>
      this.#client.send(new PutCommand({ TableName: this.#table, Item: row })),
    );
  }

  /** Undefined when there is none, or its time is over. @throws TransientError */
  async find(connectionId: string, nowMs: number): Promise<LiveConnection | undefined> {
    const { Item } = await withSdkErrors("reading a connection", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: rowKey(connectionId), ConsistentRead: true })),
    );
    const row = Item ? ConnectionRowSchema.parse(Item) : undefined;
    return row && row.expires_at * 1_000 > nowMs ? toConnection(row) : undefined;
  }

  /** Notes that the connection was sent `connected`. @throws NotFoundError when it is closed */
  async noteGreeted(connectionId: string): Promise<void> {
    await this.#change(connectionId, "SET is_greeted = :true", {}, { ":true": true });
  }

  /**
   * Notes in a connection's own row that it listens to a channel and is greeted, with one call that also reads the row. What it
   * names is removed with it, so this comes before `listen`.
   * @returns the connection as it was before; undefined when there is none, or its time is over
   * @throws TransientError
   */
  async noteChannel(connectionId: string, channel: Channel, nowMs: number): Promise<LiveConnection | undefined> {
    const call = randomUUID();
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: rowKey(connectionId),
          UpdateExpression:
            "SET subscriptions.#channel = :true, is_greeted = :true, last_call = :call, greeted_by = if_not_exists(greeted_by, :call)",
          ConditionExpression: "expires_at > :now",
          ExpressionAttributeNames: { "#channel": channel },
          ExpressionAttributeValues: { ":true": true, ":call": call, ":now": Math.floor(nowMs / 1_000) },
          ReturnValues: "ALL_OLD",
        }),
      );
      const row = ConnectionRowSchema.parse(Attributes);
      const { isGreeted, channels, ...connection } = toConnection(row);
      // The SDK sends a call again whose answer was lost, and it then meets its own traces.
      const wasThere = (one: string): boolean => one !== channel || row.last_call !== call;
      return { ...connection, channels: channels.filter(wasThere), isGreeted: isGreeted && row.greeted_by !== call };
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return undefined;
      throw translateSdkError(error, "noting a subscription");
    }
  }

  /**
   * Lets a connection listen to a channel that `noteChannel` has noted; safe to repeat.
   * @param connection as it was before that
   * @throws ValidationError `too_many_subscriptions`
   * @throws TransientError
   */
  async listen({ connectionId, channels, expiresAt }: LiveConnection, channel: Channel): Promise<void> {
    if (!channels.includes(channel) && channels.length >= MAX_SUBSCRIPTIONS) {
      throw new ValidationError(
        `A connection has at most ${MAX_SUBSCRIPTIONS} subscriptions: unsubscribe first, or open another one.`,
        { code: "too_many_subscriptions" },
      );
    }
    const Item = { channel, connection_id: connectionId, expires_at: expiresAt };
    await this.#listened.note(channel, expiresAt);
    await withSdkErrors("noting a listener", () => this.#client.send(new PutCommand({ TableName: this.#table, Item })));
  }

  /** Ends what `noteChannel` and `listen` began; safe to repeat. @throws NotFoundError when the connection is closed */
  async unsubscribe(connectionId: string, channel: Channel): Promise<void> {
    await this.#removeRow({ channel, connection_id: connectionId });
    await this.#change(connectionId, "REMOVE subscriptions.#channel", { "#channel": channel });
  }

  /**
   * Forgets a connection and all that it listens to; safe to repeat. Its own row goes first, in the call that says what it listened
   * to. A listener that is left over, because no more was done, is removed by the next push or by its end.
   * @throws TransientError
   */
  async close(connectionId: string): Promise<void> {
    const { Attributes } = await withSdkErrors("forgetting a connection", () =>
      this.#client.send(
        new DeleteCommand({ TableName: this.#table, Key: rowKey(connectionId), ReturnValues: "ALL_OLD" }),
      ),
    );
    const channels = Attributes ? Object.keys(ConnectionRowSchema.parse(Attributes).subscriptions) : [];
    await writeAll(channels, (channel) => this.#removeRow({ channel, connection_id: connectionId }));
  }

  /** Removes one listener of a channel, and then its connection. Safe to repeat. @throws TransientError */
  async drop(connectionId: string, channel: Channel): Promise<void> {
    // A listener whose connection's row is gone already would stay until its time is over.
    await this.#removeRow({ channel, connection_id: connectionId });
    await this.close(connectionId);
  }

  /** Ids of the connections that listen to a channel now. @throws TransientError */
  async listeners(channel: Channel, nowMs: number): Promise<string[]> {
    const list = {
      doing: "reading who listens",
      TableName: this.#table,
      KeyConditionExpression: "channel = :channel",
      ExpressionAttributeValues: { ":channel": channel },
      ConsistentRead: true,
    };
    const found: string[] = [];
    for await (const { items } of queryPages(this.#client, list)) {
      const rows = items.map((item) => ListenerSchema.parse(item));
      found.push(...rows.filter((row) => row.expires_at * 1_000 > nowMs).map((row) => row.connection_id));
    }
    return found;
  }

  async #removeRow(key: { readonly channel: string; readonly connection_id: string }): Promise<void> {
    await withSdkErrors("forgetting a listener", () =>
      this.#client.send(new DeleteCommand({ TableName: this.#table, Key: key })),
    );
  }

  async #change(
    connectionId: string,
    update: string,
    names: Readonly<Record<string, string>> = {},
    values: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: rowKey(connectionId),
          UpdateExpression: update,
          ConditionExpression: "attribute_exists(channel)",
          ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: { ...names } } : {}),
          ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: { ...values } } : {}),
        }),
      );
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") {
        throw new NotFoundError("This connection is closed: connect again.", { cause: error });
      }
      throw translateSdkError(error, "changing a connection");
    }
  }
}
