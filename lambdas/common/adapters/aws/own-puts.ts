import { isDeepStrictEqual } from "node:util";
import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** Of any command; only a put has an item. */
const itemOf = (input: object): unknown => ("Item" in input ? input.Item : undefined);

/**
 * Lets a conditional put succeed that only its own item refuses: the SDK sends a put again when the answer was lost, and
 * then finds what it has put. For code that is not ours and takes that for somebody else's. The call must ask for the item
 * on failure.
 */
export const withOwnPuts = (client: DynamoDBClient): DynamoDBClient => {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const isOwn =
          context.commandName === "PutItemCommand" &&
          error instanceof ConditionalCheckFailedException &&
          (error.$metadata.attempts ?? 1) > 1 &&
          isDeepStrictEqual(error.Item, itemOf(args.input));
        if (!isOwn) throw error;
        return { response: undefined, output: { $metadata: error.$metadata } };
      }
    },
    { step: "initialize", name: "ownPuts" },
  );
  return client;
};
