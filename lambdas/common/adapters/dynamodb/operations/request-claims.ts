import type { DynamoDBDocumentClient, TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { batchGet } from "../batch-get.ts";

/** An archive delivers events of the last seven days again, a dead-letter queue those of fourteen. */
const REMEMBERED_SECONDS = 90 * 86_400;

const ClaimRowSchema = z.object({
  operation_key: z.string(),
  product_key: z.string(),
  expires_at: z.number().int(),
});

/** A request by which it is recognised when it comes again. */
export interface ClaimedRequest {
  readonly request_id: string;
  /** A request that is made again on purpose has a higher one, and is another one. */
  readonly retry_count: number;
  /** The product that it asks for. */
  readonly product_key: string;
}

/** Write that goes into the transaction which begins the work. It fails when the same request was faster. */
export type RequestClaim = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** Which requests that came as events were accepted: rows `request#<retry count>#<id>` of the `operations` table. */
export class RequestClaims {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Products of requests that were accepted before, by `claimKey`. @throws TransientError */
  async find(requests: readonly ClaimedRequest[], nowMs: number): Promise<Map<string, string>> {
    const items = await batchGet(this.#client, {
      table: this.#table,
      keys: [...new Set(requests.map(claimKey))].map((operation_key) => ({ operation_key })),
      doing: "reading which requests were accepted",
      consistent: true,
    });
    const rows = items.map((item) => ClaimRowSchema.parse(item));
    // DynamoDB removes expired rows within days only.
    const live = rows.filter(({ expires_at }) => expires_at * 1_000 > nowMs);
    return new Map(live.map(({ operation_key, product_key }) => [operation_key, product_key]));
  }

  /** The write that keeps a request. */
  writeOf(request: ClaimedRequest, catalogId: string, nowMs: number): RequestClaim {
    const nowSeconds = Math.floor(nowMs / 1_000);
    return {
      Put: {
        TableName: this.#table,
        Item: {
          operation_key: claimKey(request),
          product_key: request.product_key,
          catalog_id: catalogId,
          expires_at: nowSeconds + REMEMBERED_SECONDS,
        },
        ConditionExpression: "attribute_not_exists(operation_key) OR expires_at <= :now",
        ExpressionAttributeValues: { ":now": nowSeconds },
      },
    };
  }
}

/** Key of a request's row. */
export const claimKey = ({ request_id, retry_count }: Pick<ClaimedRequest, "request_id" | "retry_count">): string =>
  `request#${retry_count}#${request_id}`;
