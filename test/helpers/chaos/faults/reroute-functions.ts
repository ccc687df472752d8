import { join } from "node:path";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { clientConfig } from "../../../../local/aws-environment.ts";
import { readStackOutputs } from "../../../../local/stack/read-stack-outputs.ts";

/** A time limit that functions get instead of the stage's. */
export interface TimeLimit {
  /** Their full names. */
  readonly functions: readonly string[];
  readonly seconds: number;
}

/** What Lambda and the functions themselves know of a time limit; one upstream answer may take half of it, as always. */
const limited = (seconds: number, variables: Readonly<Record<string, string>>) => ({
  Timeout: seconds,
  Environment: {
    Variables: {
      ...variables,
      FUNCTION_TIMEOUT_SECONDS: String(seconds),
      UPSTREAM_TIMEOUT_MS: String((seconds * 1_000) / 2),
    },
  },
});

/**
 * Sends all AWS calls of a local stack's functions through `proxyUrl`, by their environment alone: the address of
 * AWS, and of the queues, which are full addresses. Gives some of them another time limit on the way. Their code is
 * what is deployed.
 */
export const rerouteFunctions = async (
  emulatorUrl: string,
  stateDir: string,
  proxyUrl: string,
  limit: TimeLimit,
): Promise<void> => {
  const client = new LambdaClient(clientConfig(emulatorUrl));
  try {
    const { functions } = readStackOutputs(join(stateDir, "stack-outputs.json"));
    for (const FunctionName of Object.values(functions)) {
      const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const Variables = Object.fromEntries(
        Object.entries(Environment?.Variables ?? {}).map(([name, value]) =>
          name.endsWith("_QUEUE_URL") ? [name, proxyUrl + new URL(value).pathname] : [name, value],
        ),
      );
      const variables = { ...Variables, AWS_ENDPOINT_URL: proxyUrl };
      const changes = limit.functions.includes(FunctionName)
        ? limited(limit.seconds, variables)
        : { Environment: { Variables: variables } };
      await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, ...changes }));
    }
  } finally {
    client.destroy();
  }
};
