import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { clientConfig } from "../aws-environment.ts";
import type { Layout } from "../layout.ts";
import { messageOf } from "../local-error.ts";
import { readOutputs } from "../outputs.ts";
import { readStackOutputs } from "../stack/read-stack-outputs.ts";

/**
 * Functions whose schedule calls them once an hour, and what they are called with; those of each minute come by themselves. One
 * plan must find what the plans of all skipped hours would have found, each in its own part of the products: so it looks at all.
 */
const HOURLY = [
  ["plan-refresh", { by: "person" }],
  ["sweep-staging", {}],
] as const;

/**
 * Calls what its schedule would have called in hours that were skipped: schedules keep the emulator's time.
 * @returns a line for each function that was called, or could not be
 */
export const runHourly = async ({ outputsFile, stackOutputsFile }: Layout): Promise<string[]> => {
  const { functions } = readStackOutputs(stackOutputsFile);
  const client = new LambdaClient({ ...clientConfig(readOutputs(outputsFile).emulatorUrl), maxAttempts: 1 });
  const call = async ([room, event]: (typeof HOURLY)[number]): Promise<string[]> => {
    const FunctionName = functions[room];
    if (FunctionName === undefined) return [];
    try {
      const Payload = Buffer.from(JSON.stringify(event));
      await client.send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload }));
      return [`${room} was called, as its schedule would have in that time`];
    } catch (error) {
      return [`${room} could not be called: ${messageOf(error)}`];
    }
  };
  try {
    return (await Promise.all(HOURLY.map(call))).flat();
  } finally {
    client.destroy();
  }
};
