import * as z from "zod";
import type { RunUsage } from "../../core/cost/run-usage.ts";
import type { UsageMeter } from "../../core/cost/usage-meter.ts";
import { instanceUsage } from "./instance-usage.ts";

const CapacitySchema = z.object({ CapacityUnits: z.number().default(0) });
const AnswerSchema = z.object({
  ConsumedCapacity: z.union([CapacitySchema.transform((one) => [one]), z.array(CapacitySchema)]).default([]),
});

const IS_READ = /^(Get|BatchGet|TransactGet|Query|Scan)/;
const IS_LISTED_AS_WRITE = /^(Put|Post|Copy|Create|Upload|Complete|List)/;

/** What of an AWS client the count needs. */
interface CountedClient {
  readonly middlewareStack: {
    // The SDK's types differ by client; of what passes only this much is used.
    add(
      middleware: (
        next: (args: never) => Promise<{ output: unknown }>,
        context: { commandName?: string },
      ) => (args: never) => Promise<{ output: never }>,
      options: { step: "initialize"; name: string },
    ): void;
  };
}

/** Services whose requests are counted. */
export type CountedService = "dynamodb" | "sqs" | "s3" | "secrets";

const usageOf = (service: Exclude<CountedService, "dynamodb">, command: string): RunUsage => {
  if (service === "sqs") return { used_sqs: 1 };
  if (service === "secrets") return { used_secret: 1 };
  // Removals cost nothing.
  if (command.startsWith("Delete") || command.startsWith("Abort")) return {};
  return IS_LISTED_AS_WRITE.test(command) ? { used_put: 1 } : { used_get: 1 };
};

const unitsOf = (command: string, output: unknown): RunUsage => {
  const { ConsumedCapacity } = AnswerSchema.catch({ ConsumedCapacity: [] }).parse(output);
  const units = ConsumedCapacity.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
  return IS_READ.test(command) ? { used_ru: units } : { used_wu: units };
};

/**
 * Counts what a client's requests cost into the usage of this instance. DynamoDB is asked to say how many units each took; a
 * write that it refuses costs one at least, and the answer does not say how many. Repeats by the SDK are not counted.
 */
export const countRequests = <Client extends object>(
  client: Client,
  service: CountedService,
  usage: Pick<UsageMeter, "count"> = instanceUsage,
): Client => {
  const { middlewareStack } = client as unknown as CountedClient;
  middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args: { input: object }) => {
        if (service !== "dynamodb") {
          usage.count(usageOf(service, commandName));
          return (await next(args as never)) as { output: never };
        }
        const asked = { ...args, input: { ReturnConsumedCapacity: "TOTAL", ...args.input } };
        try {
          const result = await next(asked as never);
          usage.count(unitsOf(commandName, result.output));
          return result as { output: never };
        } catch (error) {
          if (!IS_READ.test(commandName)) usage.count({ used_wu: 1 });
          throw error;
        }
      },
    { step: "initialize", name: "countRequests" },
  );
  return client;
};
