import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type Loops, loopOver } from "./loop.ts";

/**
 * The least that a consumer can do: receive ten messages, write one item for each, delete them. No condition, no staging, no
 * function around it, so what it reaches is what queue and table give on this machine.
 */
export const consumeBarely = (loops: Loops, documents: DynamoDBDocumentClient, TableName: string): Promise<void> =>
  loopOver(loops, async (received) => {
    await Promise.all(
      received.map(({ MessageId, Body }) =>
        documents.send(new PutCommand({ TableName, Item: { id: MessageId, body: Body } })),
      ),
    );
  });
