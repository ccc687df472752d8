import { type DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { TransientError } from "../../../core/errors.ts";
import { type Endpoint, EndpointSchema } from "../../../core/webhooks/endpoint.ts";
import { refusedItems, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { unchangedSince } from "../unchanged-since.ts";
import { endpointsKey, SUBSCRIBERS_KEY } from "./webhook-keys.ts";

const RowSchema = z.object({ version: z.number().int(), endpoints: z.array(EndpointSchema) });
type Row = z.infer<typeof RowSchema>;

const SubscribersSchema = z.object({ users: z.set(z.string()).optional() });

/** Writers of one user's endpoints that may come between. */
const MAX_TRIES = 5;

const wantProducts = (endpoints: readonly Endpoint[]): boolean =>
  endpoints.some(({ events }) => events.includes("product.updated"));

/** Endpoints of users in the `webhooks` table. */
export class WebhookEndpoints {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** The endpoints of a user, as of now, in the order of their making. @throws TransientError */
  async list(userId: string): Promise<readonly Endpoint[]> {
    return (await this.#read(userId)).endpoints;
  }

  /**
   * Changes the endpoints of a user. A change that gives back what it got writes nothing. Who wants products is written in the same
   * transaction.
   * @param change may be called several times; what it throws ends the change
   * @returns the endpoints as they are then
   * @throws TransientError also when others change them all the time
   */
  async change(
    userId: string,
    change: (endpoints: readonly Endpoint[]) => readonly Endpoint[],
  ): Promise<readonly Endpoint[]> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const seen = await this.#read(userId);
      const endpoints = change(seen.endpoints);
      if (endpoints === seen.endpoints) return endpoints;
      if (await this.#replace(userId, seen, endpoints)) return endpoints;
    }
    throw new TransientError("the endpoints are being changed by others");
  }

  /** Users with an endpoint that wants products; it may be off. @throws TransientError */
  async subscribers(): Promise<readonly string[]> {
    const { Item } = await withSdkErrors("reading who wants products", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: SUBSCRIBERS_KEY, ConsistentRead: true })),
    );
    return [...(SubscribersSchema.parse(Item ?? {}).users ?? [])].sort();
  }

  async #read(userId: string): Promise<Row> {
    const { Item } = await withSdkErrors("reading endpoints", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: endpointsKey(userId), ConsistentRead: true })),
    );
    return Item ? RowSchema.parse(Item) : { version: 0, endpoints: [] };
  }

  /** @returns false when the row is not as it was read */
  async #replace(userId: string, seen: Row, endpoints: readonly Endpoint[]): Promise<boolean> {
    try {
      await this.#client.send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Put: {
                TableName: this.#table,
                Item: { ...endpointsKey(userId), user_id: userId, version: seen.version + 1, endpoints },
                ...unchangedSince(seen.version),
              },
            },
            ...this.#subscription(userId, wantProducts(seen.endpoints), wantProducts(endpoints)),
          ],
        }),
      );
      return true;
    } catch (error) {
      if (refusedItems(error).includes(0)) return false;
      throw translateSdkError(error, "writing endpoints");
    }
  }

  /** The write that notes who wants products, if that changes. */
  #subscription(userId: string, before: boolean, after: boolean) {
    if (before === after) return [];
    return [
      {
        Update: {
          TableName: this.#table,
          Key: SUBSCRIBERS_KEY,
          UpdateExpression: `${after ? "ADD" : "DELETE"} #users :user`,
          ExpressionAttributeNames: { "#users": "users" },
          ExpressionAttributeValues: { ":user": new Set([userId]) },
        },
      },
    ];
  }
}
