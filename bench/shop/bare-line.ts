import { ChangeMessageVisibilityBatchCommand, type Message } from "@aws-sdk/client-sqs";
import {
  BatchGetCommand,
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Loops, loopOver } from "./loop.ts";

const BodySchema = z.looseObject({ video_id: z.string(), seller_handle: z.string() });
type Body = z.infer<typeof BodySchema>;

/** The tables of the line. */
export interface LineTables {
  readonly documents: DynamoDBDocumentClient;
  readonly staging: string | undefined;
  readonly products: string | undefined;
}

const keyOf = ({ video_id, seller_handle }: Body) => ({ video_id, seller_handle });

const readAll = (documents: DynamoDBDocumentClient, table: string | undefined, bodies: readonly Body[]) =>
  documents.send(
    new BatchGetCommand({ RequestItems: { [table ?? ""]: { Keys: bodies.map(keyOf), ConsistentRead: true } } }),
  );

/**
 * The calls that the line makes for ten first halves, in loops without a function around them and without a decision: hide, read what is
 * staged, stage each half, read their products.
 */
export const stageBarely = (loops: Loops, { documents, staging, products }: LineTables): Promise<void> =>
  loopOver(loops, async (received) => {
    const bodies = await begin(loops, { documents, staging }, received);
    await Promise.all(
      bodies.map((body) =>
        documents.send(
          new UpdateCommand({
            TableName: staging,
            Key: keyOf(body),
            UpdateExpression:
              "SET caption = :content, has_caption = :true, is_complete = if_not_exists(has_other, :false)",
            ConditionExpression: "attribute_not_exists(caption)",
            ExpressionAttributeValues: { ":content": body, ":true": true, ":false": false },
            ReturnValues: "ALL_NEW",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        ),
      ),
    );
    await readAll(documents, products, bodies);
  });

/** The calls for ten second halves: hide, read what is staged, write each product, remove what is staged. */
export const completeBarely = (loops: Loops, { documents, staging, products }: LineTables): Promise<void> =>
  loopOver(loops, async (received) => {
    const bodies = await begin(loops, { documents, staging }, received);
    const created_at = new Date().toISOString();
    await Promise.all(
      bodies.map((body) =>
        documents.send(
          new PutCommand({
            TableName: products,
            Item: { ...body, created_at },
            ConditionExpression: "attribute_not_exists(video_id)",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        ),
      ),
    );
    const deletes = bodies.map((body) => ({ DeleteRequest: { Key: keyOf(body) } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [staging ?? ""]: deletes } }));
  });

const begin = async (
  { sqs, queueUrl }: Loops,
  { documents, staging }: Pick<LineTables, "documents" | "staging">,
  received: readonly Message[],
): Promise<readonly Body[]> => {
  const Entries = received.map(({ ReceiptHandle }, index) => ({
    ...{ Id: String(index), ReceiptHandle, VisibilityTimeout: 45 },
  }));
  await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  const bodies = received.map(({ Body }) => BodySchema.parse(JSON.parse(Body ?? "")));
  await readAll(documents, staging, bodies);
  return bodies;
};
