import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { withSdkErrors } from "../aws/sdk-errors.ts";

/** A key to continue after, as DynamoDB gave it. */
export type PageKey = Readonly<Record<string, unknown>>;

/** What one Query answered. */
export interface QueryPage {
  /** May be empty although more follows, and fewer than were asked for. */
  readonly items: readonly Record<string, unknown>[];
  /** The key to continue after; absent at the end, which nothing else marks. */
  readonly next?: PageKey;
}

/** A list to read by Query. */
export interface QueryList extends Omit<QueryCommandInput, "ExclusiveStartKey" | "Limit"> {
  /** What for, in the words of an error. */
  readonly doing: string;
  /** @default from the beginning */
  readonly after?: PageKey | undefined;
}

/**
 * Reads a list page by page to its end; the only place that sends a Query. DynamoDB ends a page after 1 MB of the items
 * that it reads, before it filters and projects them, so a page says nothing of how much follows.
 * @param limit ends the list after so many items. @default no end
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
 * @throws TransientError when DynamoDB cannot answer now
 */
export async function* queryPages(
  client: DynamoDBDocumentClient,
  { doing, after, ...input }: QueryList,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<QueryPage> {
  let start = after;
  let left = limit;
  do {
    const command = new QueryCommand({
      ...input,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      ...(left === Number.POSITIVE_INFINITY ? {} : { Limit: left }),
    });
    const { Items = [], LastEvaluatedKey } = await withSdkErrors(doing, () => client.send(command));
    yield LastEvaluatedKey === undefined ? { items: Items } : { items: Items, next: LastEvaluatedKey };
    start = LastEvaluatedKey;
    left -= Items.length;
  } while (start !== undefined && left > 0);
}

/**
 * Reads a list until it ends, `limit` items are there or `maxPages` pages were read.
 * @returns the items, and the key to continue after when the list was not read to its end
 * @throws TransientError when DynamoDB cannot answer now
 */
export const queryUpTo = async (
  client: DynamoDBDocumentClient,
  list: QueryList,
  limit = Number.POSITIVE_INFINITY,
  maxPages = Number.POSITIVE_INFINITY,
): Promise<QueryPage> => {
  const items: Record<string, unknown>[] = [];
  let read = 0;
  for await (const page of queryPages(client, list, limit)) {
    items.push(...page.items);
    read += 1;
    if (page.next !== undefined && (items.length >= limit || read === maxPages)) return { items, next: page.next };
  }
  return { items };
};
