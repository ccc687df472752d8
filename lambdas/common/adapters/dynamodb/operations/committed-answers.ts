import { createHash } from "node:crypto";
import { type DynamoDBDocumentClient, GetCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Clock } from "../../../core/clock.ts";
import { withSdkErrors } from "../../aws/sdk-errors.ts";
import { keyReused } from "./idempotency-refusals.ts";
import { KEY_REMEMBERED_SECONDS } from "./key-lifetime.ts";

const RowSchema = z.object({
  operation_key: z.string(),
  fingerprint: z.string(),
  answer_status: z.union([z.literal(200), z.literal(201), z.literal(202)]),
  answer_body: z.string(),
  expires_at: z.number(),
});

/** An answer to a creating request: its status and JSON text. */
export interface CommittedAnswer {
  readonly status: 200 | 201 | 202;
  readonly body: string;
}

/** Write that goes into the transaction which does what was asked. It fails when the same request was faster. */
export type AnswerWrite = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** One request as those who carry it out see it. */
export interface NewAnswer {
  /** The same for every repeat under one Idempotency-Key, and without a key for none. */
  readonly id: string;
  /** Makes the write that keeps the answer; undefined without a key, as nobody can ask for it again. */
  readonly keep: (answer: CommittedAnswer) => AnswerWrite | undefined;
}

/** A creating request, as far as telling repeats goes. */
export interface RepeatableRequest {
  readonly userId: string;
  readonly route: string;
  readonly key: string | undefined;
  readonly fingerprint: string;
}

export interface CommittedAnswersParts {
  readonly client: DynamoDBDocumentClient;
  /** Name of the `operations` table. */
  readonly tableName: string;
  readonly clock: Pick<Clock, "now">;
  readonly newId: () => string;
}

/**
 * Answers that are written together with the work that they report, as rows `answer#<hash>` of the `operations` table. The
 * `IdempotencyStore` writes an answer after the work; when the function dies in between, or that row is lost, a repeat
 * finds here what its first request did, and does nothing twice.
 */
export class CommittedAnswers {
  readonly #parts: CommittedAnswersParts;

  constructor(parts: CommittedAnswersParts) {
    this.#parts = parts;
  }

  /**
   * Gives the answer that was kept for this request, else runs `create`, which puts `keep`'s write into its transaction.
   * @throws ValidationError 422 when the key came with another request before
   */
  async answerOnce(
    request: RepeatableRequest,
    create: (answer: NewAnswer) => Promise<CommittedAnswer>,
  ): Promise<CommittedAnswer> {
    const { userId, route, key, fingerprint } = request;
    if (key === undefined) return create({ id: this.#parts.newId(), keep: () => undefined });
    const id = createHash("sha256")
      .update(JSON.stringify([userId, route, key]))
      .digest("hex");
    return (
      (await this.#find(id, fingerprint)) ?? create({ id, keep: (answer) => this.#write(id, fingerprint, answer) })
    );
  }

  async #find(id: string, fingerprint: string): Promise<CommittedAnswer | undefined> {
    const { client, tableName, clock } = this.#parts;
    const { Item } = await withSdkErrors("reading the answer to an Idempotency-Key", () =>
      client.send(new GetCommand({ TableName: tableName, Key: { operation_key: keyOf(id) }, ConsistentRead: true })),
    );
    const row = Item ? RowSchema.parse(Item) : undefined;
    // DynamoDB removes expired rows within days only.
    if (!row || row.expires_at * 1_000 <= clock.now()) return undefined;
    if (row.fingerprint !== fingerprint) throw keyReused();
    return { status: row.answer_status, body: row.answer_body };
  }

  #write(id: string, fingerprint: string, answer: CommittedAnswer): AnswerWrite {
    const nowSeconds = Math.floor(this.#parts.clock.now() / 1_000);
    const Item: z.infer<typeof RowSchema> = {
      operation_key: keyOf(id),
      fingerprint,
      answer_status: answer.status,
      answer_body: answer.body,
      expires_at: nowSeconds + KEY_REMEMBERED_SECONDS,
    };
    return {
      Put: {
        TableName: this.#parts.tableName,
        Item,
        ConditionExpression: "attribute_not_exists(operation_key) OR expires_at <= :now",
        ExpressionAttributeValues: { ":now": nowSeconds },
      },
    };
  }
}

const keyOf = (id: string): string => `answer#${id}`;
