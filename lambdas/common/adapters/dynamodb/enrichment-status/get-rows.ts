import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../batch-get.ts";

/** Reads rows of the status table by key, as of now; missing ones are left out. @param parse gives a row its shape */
export const getRows = async <Row>(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly { readonly catalog_id: string; readonly batch_id: string }[],
  parse: (item: Record<string, unknown>) => Row,
): Promise<Row[]> =>
  (await batchGet(client, { table, keys, doing: "reading rows", consistent: true })).map((item) => parse(item));
