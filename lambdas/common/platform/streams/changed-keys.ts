import * as z from "zod";

/** What a stream of a table hands over, as far as it is read: which items were written, not what is in them. */
const StreamEventSchema = z.looseObject({
  Records: z.array(
    z.looseObject({
      dynamodb: z.looseObject({ Keys: z.record(z.string(), z.looseObject({ S: z.string().optional() })) }),
    }),
  ),
});

/**
 * The keys of the items that a stream says were written, each once. A stream delivers at least once, and what it tells may
 * be older than the table: so its reader reads the item as it is now.
 * @param attribute name of the partition key, a text
 * @throws Error when the event is none of a stream of such a table; Lambda then halves the batch until the record is alone
 */
export const changedKeys = (event: unknown, attribute: string): string[] => {
  const parsed = StreamEventSchema.safeParse(event);
  if (!parsed.success) throw new Error(`the event is none of a table's stream: ${z.prettifyError(parsed.error)}`);
  const keys = parsed.data.Records.map(({ dynamodb }) => dynamodb.Keys[attribute]?.S);
  if (keys.some((key) => key === undefined)) throw new Error(`a record of the stream has no key ${attribute}`);
  return [...new Set(keys.filter((key) => key !== undefined))];
};
