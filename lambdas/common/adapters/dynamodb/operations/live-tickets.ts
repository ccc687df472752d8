import { createHash, randomBytes } from "node:crypto";
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { TICKET_SECONDS } from "../../../core/live/live-limits.ts";
import { sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";

/** 256 bits, which nobody guesses. */
const TICKET_BYTES = 32;

const TicketRowSchema = z.object({ user_id: z.string() });

/** What is in the table lets nobody connect who reads it. */
const keyOf = (ticket: string) => ({
  operation_key: `ticket#${createHash("sha256").update(ticket).digest("hex")}`,
});

/** One-time tickets of WebSocket connections, as rows `ticket#<hash>` of the `operations` table. */
export class LiveTickets {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Makes a ticket for a user, valid for a minute. @throws TransientError */
  async issue(userId: string, nowMs: number): Promise<{ readonly ticket: string; readonly expiresAtMs: number }> {
    const ticket = randomBytes(TICKET_BYTES).toString("base64url");
    const expiresAtMs = nowMs + TICKET_SECONDS * 1_000;
    const row = { ...keyOf(ticket), user_id: userId, valid_until_ms: expiresAtMs };
    await withSdkErrors("writing a ticket", () =>
      this.#client.send(
        new PutCommand({ TableName: this.#table, Item: { ...row, expires_at: Math.ceil(expiresAtMs / 1_000) } }),
      ),
    );
    return { ticket, expiresAtMs };
  }

  /**
   * Takes a ticket: of many who try, one gets its user. The one whose answer is lost needs another ticket.
   * @returns undefined when there is no such ticket, or it was used or is over
   * @throws TransientError
   */
  async take(ticket: string, nowMs: number): Promise<string | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new DeleteCommand({
          TableName: this.#table,
          Key: keyOf(ticket),
          ConditionExpression: "valid_until_ms > :now",
          ExpressionAttributeValues: { ":now": nowMs },
          ReturnValues: "ALL_OLD",
        }),
      );
      return TicketRowSchema.parse(Attributes).user_id;
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return undefined;
      throw translateSdkError(error, "taking a ticket");
    }
  }
}
