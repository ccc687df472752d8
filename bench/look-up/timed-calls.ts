import { pathToFileURL } from "node:url";
import { BatchGetItemCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";

/*
 * The process in which `bench/look-up.ts` times: it loads the bundle of `products-api` as Lambda does, with the function's own
 * environment, and calls its handler and DynamoDB in turn, so that both meet the same machine. It prints one line of JSON.
 */

const InputSchema = z.object({
  bundle: z.string(),
  keys: z.array(z.string()),
  calls: z.number(),
  events: z.array(z.unknown()),
});
const AnswerSchema = z.object({ statusCode: z.literal(200), body: z.string() });

const { bundle, keys, calls, events } = InputSchema.parse(JSON.parse(process.argv[2] ?? ""));
const { handler } = z
  .object({ handler: z.custom<(event: unknown, context: unknown) => Promise<unknown>>() })
  .parse({ ...(await import(pathToFileURL(bundle).href)) });
const dynamo = new DynamoDBClient();
const TableName = process.env.PRODUCTS_TABLE_NAME ?? "";
const keyOf = (key: string) => ({ product_key: { S: key } });
const [first = ""] = keys;
const WORKS: readonly (() => Promise<unknown>)[] = [
  async () => AnswerSchema.parse(await handler(events[0], {})),
  () => dynamo.send(new GetItemCommand({ TableName, Key: keyOf(first) })),
  async () => AnswerSchema.parse(await handler(events[1], {})),
  () => dynamo.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: keys.map(keyOf) } } })),
];
/** Calls before the clock starts: connections are open then, and code is compiled. */
const WARM_UP = 20;
const times: number[][] = WORKS.map(() => []);
for (let call = -WARM_UP; call < calls; call += 1) {
  for (const [index, work] of WORKS.entries()) {
    const began = performance.now();
    await work();
    if (call >= 0) times[index]?.push(performance.now() - began);
  }
}
// Requests log a line each, so the answer comes last.
console.log(`\n${JSON.stringify(times)}`);
process.exit(0);
