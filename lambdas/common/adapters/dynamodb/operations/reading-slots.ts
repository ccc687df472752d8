import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { isoTime } from "../../../core/clock.ts";
import { sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { unchangedSince } from "../unchanged-since.ts";

/** Tries at a row that other readers of the same user change meanwhile. */
const TRIES = 5;
/** A row that nobody has touched for a day says nothing any more. */
const REMEMBERED_MS = 86_400_000;

const SlotsRowSchema = z.object({
  operation_key: z.string(),
  /** End of each reader's slot by reader; one that has passed belongs to a reader that died. */
  readers: z.record(z.string(), z.iso.datetime()),
  version: z.number().int(),
  expires_at: z.number().int(),
});

/** The slot of one reader of a user's file. */
export interface ReadingSlot {
  readonly user_id: string;
  /** Names this reader and no other. */
  readonly reader: string;
}

/**
 * Which files of a user are being read, in one row `reading#<user>` of the `operations` table, so that a user with a
 * hundred of them has a few read at a time and leaves workers to others.
 */
export class ReadingSlots {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #most: number;

  /** @param most files of one user that are read at a time */
  constructor(client: DynamoDBDocumentClient, tableName: string, most: number) {
    this.#client = client;
    this.#table = tableName;
    this.#most = most;
  }

  /** Takes a slot until `untilMs`, unless the user has as many as there may be. @returns whether it is taken */
  async begin(slot: ReadingSlot, nowMs: number, untilMs: number): Promise<boolean> {
    const now = isoTime(nowMs);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const row = await this.#read(slot.user_id);
      // Its own already: the answer to the write was lost.
      if (row?.readers[slot.reader] === isoTime(untilMs)) return true;
      const live = Object.entries(row?.readers ?? {}).filter(([, until]) => until > now);
      if (live.length >= this.#most) return false;
      const readers = { ...Object.fromEntries(live), [slot.reader]: isoTime(untilMs) };
      if (await this.#replace(slot.user_id, readers, row?.version ?? 0, nowMs)) return true;
    }
    // So many others begin and end at this moment that the caller had better retry later.
    return false;
  }

  /** Makes a slot last until `untilMs`. */
  async renew(slot: ReadingSlot, untilMs: number): Promise<void> {
    await this.#change(slot, "SET readers.#reader = :until ADD version :one", { ":until": isoTime(untilMs) });
  }

  /** Frees a slot. Safe to repeat; one that is never freed is over at its time. */
  async end(slot: ReadingSlot): Promise<void> {
    await this.#change(slot, "REMOVE readers.#reader ADD version :one", {});
  }

  async #read(userId: string): Promise<z.output<typeof SlotsRowSchema> | undefined> {
    const { Item } = await withSdkErrors("reading whose files are read", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: keyOf(userId), ConsistentRead: true })),
    );
    return Item ? SlotsRowSchema.parse(Item) : undefined;
  }

  async #replace(
    userId: string,
    readers: Readonly<Record<string, string>>,
    seen: number,
    nowMs: number,
  ): Promise<boolean> {
    const expires_at = Math.ceil((nowMs + REMEMBERED_MS) / 1_000);
    return this.#write(() =>
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...keyOf(userId), readers, version: seen + 1, expires_at },
          ...unchangedSince(seen),
        }),
      ),
    );
  }

  /** Changes the row if it is still there: a slot whose row is forgotten ended long ago. */
  async #change(slot: ReadingSlot, update: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#write(() =>
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: keyOf(slot.user_id),
          UpdateExpression: update,
          ConditionExpression: "attribute_exists(operation_key)",
          ExpressionAttributeNames: { "#reader": slot.reader },
          ExpressionAttributeValues: { ...values, ":one": 1 },
        }),
      ),
    );
  }

  /** False when the condition did not hold. */
  async #write(send: () => Promise<unknown>): Promise<boolean> {
    try {
      await send();
      return true;
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return false;
      throw translateSdkError(error, "noting whose file is read");
    }
  }
}

const keyOf = (userId: string) => ({ operation_key: `reading#${userId}` });
