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

const ConnectionRowSchema = z.object({
  connection_id: z.string(),
  /** Absent: nobody signed in. */
  user_id: z.string().optional(),
  is_greeted: z.boolean(),
  subscriptions: z.record(z.string(), z.literal(true)),
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

const ListenerSchema = z.object({ connection_id: z.string(), expires_at: z.number() });

/**
 * The `live-connections` table: a row for each connection, and one for each channel that it listens to. Listeners are read by
 * the table's own key and so as of now: an index might not show one yet who subscribed just before a run ended.
 */
export class LiveConnections {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
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
    if (!Item) return undefined;
    const row = ConnectionRowSchema.parse(Item);
    if (row.expires_at * 1_000 <= nowMs) return undefined;
    return {
      ...{ connectionId, userId: row.user_id, isGreeted: row.is_greeted },
      ...{ channels: Object.keys(row.subscriptions), expiresAt: row.expires_at },
    };
  }

  /** Notes that the connection was sent `connected`. @throws NotFoundError when it is closed */
  async noteGreeted(connectionId: string): Promise<void> {
    await this.#change(connectionId, "SET is_greeted = :true", {}, { ":true": true });
  }

  /**
   * Lets a connection listen to a channel; safe to repeat. Its own row comes first: what it names is removed with it.
   * @throws ValidationError `too_many_subscriptions`
   * @throws NotFoundError when the connection is closed
   */
  async subscribe(connection: LiveConnection, channel: Channel): Promise<void> {
    const isNew = !connection.channels.includes(channel);
    if (isNew && connection.channels.length >= MAX_SUBSCRIPTIONS) {
      throw new ValidationError(
        `A connection has at most ${MAX_SUBSCRIPTIONS} subscriptions: unsubscribe first, or open another one.`,
        { code: "too_many_subscriptions" },
      );
    }
    const { connectionId, expiresAt } = connection;
    await this.#change(connectionId, "SET subscriptions.#channel = :true", { "#channel": channel }, { ":true": true });
    await withSdkErrors("noting a listener", () =>
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { channel, connection_id: connectionId, expires_at: expiresAt },
        }),
      ),
    );
  }

  /** Ends what `subscribe` began; safe to repeat. @throws NotFoundError when the connection is closed */
  async unsubscribe(connectionId: string, channel: Channel): Promise<void> {
    await this.#removeRow({ channel, connection_id: connectionId });
    await this.#change(connectionId, "REMOVE subscriptions.#channel", { "#channel": channel });
  }

  /** Forgets a connection and all that it listens to; safe to repeat. @throws TransientError */
  async close(connectionId: string): Promise<void> {
    const { Item } = await withSdkErrors("reading a connection", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: rowKey(connectionId), ConsistentRead: true })),
    );
    const channels = Item ? Object.keys(ConnectionRowSchema.parse(Item).subscriptions) : [];
    await writeAll(channels, (channel) => this.#removeRow({ channel, connection_id: connectionId }));
    await this.#removeRow(rowKey(connectionId));
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
