import { type DynamoDBDocumentClient, ScanCommand, type ScanCommandInput } from "@aws-sdk/lib-dynamodb";
import { withSdkErrors } from "../aws/sdk-errors.ts";
import type { PageKey, QueryPage } from "./query-pages.ts";

/** A table to read by Scan. */
export interface TableScan extends Omit<ScanCommandInput, "ExclusiveStartKey"> {
  /** What for, in the words of an error. */
  readonly doing: string;
  /** Key to continue after; null: from the beginning. */
  readonly after: PageKey | null;
}

/**
 * Reads 1 MB of a table; the only place that sends a Scan. A page may be empty although more follows.
 * @throws TransientError when DynamoDB cannot answer now
 */
export const scanPage = async (
  client: DynamoDBDocumentClient,
  { doing, after, ...input }: TableScan,
): Promise<QueryPage> => {
  const command = new ScanCommand({ ...input, ...(after === null ? {} : { ExclusiveStartKey: after }) });
  const { Items = [], LastEvaluatedKey } = await withSdkErrors(doing, () => client.send(command));
  return LastEvaluatedKey === undefined ? { items: Items } : { items: Items, next: LastEvaluatedKey };
};
