import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";

/** An item as a stream gives it. */
export type StreamImage = Readonly<Record<string, unknown>>;

/**
 * The item of a stream's record as plain values.
 * @throws Error when it is not in DynamoDB's wire form
 */
export const plainImage = (image: StreamImage): Record<string, unknown> =>
  unmarshall(image as Record<string, AttributeValue>);
