import { type DynamoDBDocumentClient, GetCommand, PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import {
  type Letter,
  type LetterList,
  LetterSchema,
  listKeyOf,
  listOf,
  listPlaceOf,
} from "../../../core/dead-letters/letter.ts";
import { bodyPartKey, bodyParts } from "../../../core/dead-letters/letter-body.ts";
import {
  countField,
  JOBS_KEY,
  jobItemsKey,
  type LetterJobItem,
  type LetterOutcome,
} from "../../../core/dead-letters/letter-job.ts";
import type { LetterQueue } from "../../../core/dead-letters/letter-queues.ts";
import { isAsPut, refusedItems, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";
import { queryPages, queryUpTo } from "../query-pages.ts";

const BY_TIME = "letters-by-time";
const LETTER_PART = "letter";
/** Letters of a queue that are counted; from there on it is "at least so many". */
export const MAX_COUNTED = 10_000;

const PlaceSchema = z.object({ letter_key: z.string(), list_place: z.string() });
const BodySchema = z.object({ text: z.string() });

/** Which letters to list. */
export interface LetterListing {
  readonly list: LetterList;
  readonly queues: readonly LetterQueue[];
  /** Place after which the list goes on; null: its beginning. */
  readonly after: string | null;
  readonly newestFirst: boolean;
  readonly limit: number;
}

/** Letters in the order asked for; `next` is the place to go on after, null at the end. */
export interface LetterPage {
  readonly letters: readonly Letter[];
  readonly next: string | null;
}

/** What a change of a letter does to the job that has it, in the same transaction. */
export interface JobEffect {
  readonly jobId: string;
  readonly item: Omit<LetterJobItem, "letter_key">;
  /** The outcome that the letter had there before; null: it is new there. */
  readonly before: LetterOutcome | null;
}

/** The dead letters of a stage, in the `dead-letters` table. */
export class LetterStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Writes a new letter, its body first: a letter that is there has its body.
   * @returns false when it is there already, whatever became of it since
   * @throws TransientError
   */
  async create(letter: Letter, body: string): Promise<boolean> {
    for (const [index, text] of bodyParts(body).entries()) {
      const row = { letter_key: letter.letter_key, part: bodyPartKey(index), text };
      await withSdkErrors("writing the body of a dead letter", () =>
        this.#client.send(new PutCommand({ TableName: this.#table, Item: row })),
      );
    }
    const Item = rowOf(letter);
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item,
          ConditionExpression: "attribute_not_exists(letter_key)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return true;
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException")
        throw translateSdkError(error, "writing a dead letter");
      // The answer of the first attempt was lost, and the SDK has sent the row again.
      return isAsPut(error, Item);
    }
  }

  /** Undefined: there is none, or it was forgotten after its end. @throws TransientError */
  async get(letterId: string): Promise<Letter | undefined> {
    const item = await this.#read(letterId, LETTER_PART);
    return item && LetterSchema.parse(item);
  }

  /** Letters by id, in no order; those that are not there are left out. @throws TransientError */
  async getMany(letterIds: readonly string[]): Promise<Letter[]> {
    const items = await batchGet(this.#client, {
      table: this.#table,
      keys: [...new Set(letterIds)].map((letter_key) => ({ letter_key, part: LETTER_PART })),
      doing: "reading dead letters",
      consistent: true,
    });
    return items.map((item) => LetterSchema.parse(item));
  }

  /** The body of a letter, as it came. @throws TransientError */
  async body({ letter_key }: Pick<Letter, "letter_key">): Promise<string> {
    const texts: string[] = [];
    for await (const { items } of queryPages(this.#client, {
      doing: "reading the body of a dead letter",
      TableName: this.#table,
      KeyConditionExpression: "letter_key = :key AND begins_with(part, :body)",
      ExpressionAttributeValues: { ":key": letter_key, ":body": "body#" },
      ConsistentRead: true,
    })) {
      texts.push(...items.map((item) => BodySchema.parse(item).text));
    }
    return texts.join("");
  }

  /** Lists letters of one or several queues by time. A page may have fewer than `limit` although more follows. @throws TransientError */
  async list({ list, queues, after, newestFirst, limit }: LetterListing): Promise<LetterPage> {
    const parts = await Promise.all(
      queues.map((queue) =>
        queryUpTo(
          this.#client,
          {
            doing: "listing dead letters",
            TableName: this.#table,
            IndexName: BY_TIME,
            KeyConditionExpression: `list_key = :list${after === null ? "" : ` AND list_place ${newestFirst ? "<" : ">"} :after`}`,
            ExpressionAttributeValues: {
              ":list": listKeyOf(list, queue),
              ...(after === null ? {} : { ":after": after }),
            },
            ScanIndexForward: !newestFirst,
          },
          limit,
        ),
      ),
    );
    const found = parts.flatMap(({ items }) => items.map((item) => PlaceSchema.parse(item)));
    const order = newestFirst ? -1 : 1;
    found.sort((one, other) => (one.list_place < other.list_place ? -order : order));
    const page = found.slice(0, limit);
    const isMore = found.length > page.length || parts.some(({ next }) => next !== undefined);
    const letters = new Map(
      (await this.getMany(page.map(({ letter_key }) => letter_key))).map((one) => [one.letter_key, one]),
    );
    return {
      // The index lags: a letter that has moved since is not in this list any more.
      letters: page.flatMap(({ letter_key, list_place }) => {
        const letter = letters.get(letter_key);
        return letter && listOf(letter.state) === list && listPlaceOf(letter) === list_place ? [letter] : [];
      }),
      next: isMore ? (page.at(-1)?.list_place ?? null) : null,
    };
  }

  /** How many letters of a queue are in a list, `MAX_COUNTED` at most. @throws TransientError */
  async count(list: LetterList, queue: LetterQueue): Promise<number> {
    let count = 0;
    for await (const { items } of queryPages(this.#client, {
      doing: "counting dead letters",
      TableName: this.#table,
      IndexName: BY_TIME,
      KeyConditionExpression: "list_key = :list",
      ExpressionAttributeValues: { ":list": listKeyOf(list, queue) },
      ProjectionExpression: "letter_key",
    })) {
      count += items.length;
      if (count >= MAX_COUNTED) return MAX_COUNTED;
    }
    return count;
  }

  /**
   * Replaces a letter as it was read, and counts it in its job, both or neither.
   * @returns false when the letter changed since
   * @throws TransientError
   */
  async replace(seen: Letter, letter: Letter, job: JobEffect | undefined): Promise<boolean> {
    const put = {
      Put: {
        TableName: this.#table,
        Item: rowOf(letter),
        ConditionExpression: "#state = :state AND attempt = :attempt AND dead_at = :dead",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":state": seen.state, ":attempt": seen.attempt, ":dead": seen.dead_at },
      },
    };
    const effects = job ? this.#effects(job) : [];
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems: [put, ...effects] }));
      return true;
    } catch (error) {
      const refused = refusedItems(error);
      if (refused.length === 0) throw translateSdkError(error, "changing a dead letter");
      if (refused.includes(0)) return false;
      // Its job was forgotten by its time: the letter is not.
      return this.replace(seen, letter, undefined);
    }
  }

  /** Notes what a job did with a letter that it leaves as it is. @returns false when it is noted already @throws TransientError */
  async noteItem(job: JobEffect): Promise<boolean> {
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems: this.#effects(job, true) }));
      return true;
    } catch (error) {
      if (refusedItems(error).length > 0) return false;
      throw translateSdkError(error, "noting what a job did");
    }
  }

  #effects({ jobId, item, before }: JobEffect, isNew = false) {
    return [
      {
        Put: {
          TableName: this.#table,
          Item: { letter_key: jobItemsKey(jobId), ...item },
          ...(isNew ? { ConditionExpression: "attribute_not_exists(letter_key)" } : {}),
        },
      },
      {
        Update: {
          TableName: this.#table,
          Key: { letter_key: JOBS_KEY, part: jobId },
          UpdateExpression:
            before === null
              ? "ADD #after :one"
              : before === item.outcome
                ? "ADD #after :none"
                : "ADD #after :one, #before :less",
          ConditionExpression: "attribute_exists(letter_key)",
          ExpressionAttributeNames: {
            "#after": countField(item.outcome),
            ...(before === null || before === item.outcome ? {} : { "#before": countField(before) }),
          },
          ExpressionAttributeValues:
            before === null ? { ":one": 1 } : before === item.outcome ? { ":none": 0 } : { ":one": 1, ":less": -1 },
        },
      },
    ];
  }

  async #read(letter_key: string, part: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await withSdkErrors("reading a dead letter", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: { letter_key, part }, ConsistentRead: true })),
    );
    return Item;
  }
}

/** A letter with the keys of the index. */
const rowOf = (letter: Letter): Record<string, unknown> => ({
  ...letter,
  list_key: listKeyOf(listOf(letter.state), letter.queue),
  list_place: listPlaceOf(letter),
});
