import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Clock } from "../../../core/clock.ts";
import type { TokenCache } from "../../../core/sources/source-client.ts";
import { storeFailure } from "./store-failure.ts";

/** A token this close to its end would end on the way. */
const ENDS_SOON_MS = 30_000;

/** Real tokens have some 2,000 characters. */
const HEADER_TEXT = /^[\x20-\x7e]{1,16384}$/;

const CachedTokenSchema = z.object({ token: z.string(), expires_at_ms: z.number() });

/** Access tokens as items `token#<key>` of the `upstream-limits` table, shared by all instances. */
export class DynamoTokenCache implements TokenCache {
  readonly #documentClient: DynamoDBDocumentClient;
  readonly #tableName: string;
  readonly #clock: Clock;

  constructor(parts: { documentClient: DynamoDBDocumentClient; tableName: string; clock: Clock }) {
    this.#documentClient = parts.documentClient;
    this.#tableName = parts.tableName;
    this.#clock = parts.clock;
  }

  /** The token, or undefined when there is none or it ends within 30 s; DynamoDB itself deletes late. */
  async get(key: string): Promise<string | undefined> {
    const get = new GetCommand({ TableName: this.#tableName, Key: this.#itemKey(key), ConsistentRead: true });
    const answer = await this.#documentClient.send(get).catch((error: unknown) => {
      throw storeFailure(error, "read a cached access token");
    });
    if (answer.Item === undefined) return undefined;
    const cached = CachedTokenSchema.parse(answer.Item);
    return cached.expires_at_ms - this.#clock.now() > ENDS_SOON_MS ? cached.token : undefined;
  }

  /** Shares a token. One that no header could carry is not shared: its first call fails anyway. */
  async put(key: string, token: string, expiresAtMs: number): Promise<void> {
    if (!HEADER_TEXT.test(token)) return;
    const ttl = Math.ceil(expiresAtMs / 1000);
    const item = { ...this.#itemKey(key), token, expires_at_ms: expiresAtMs, ttl };
    await this.#documentClient
      .send(new PutCommand({ TableName: this.#tableName, Item: item }))
      .catch((error: unknown) => {
        throw storeFailure(error, "cache an access token");
      });
  }

  async drop(key: string): Promise<void> {
    const drop = new DeleteCommand({ TableName: this.#tableName, Key: this.#itemKey(key) });
    await this.#documentClient.send(drop).catch((error: unknown) => {
      throw storeFailure(error, "drop a cached access token");
    });
  }

  #itemKey(key: string): { limit_key: string } {
    return { limit_key: `token#${key}` };
  }
}
