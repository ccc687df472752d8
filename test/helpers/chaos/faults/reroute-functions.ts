import { join } from "node:path";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { clientConfig } from "../../../../local/aws-environment.ts";
import { readStackOutputs } from "../../../../local/stack/read-stack-outputs.ts";

/**
 * Sends all AWS calls of a local stack's functions through `proxyUrl`, by their environment alone: the address of
 * AWS, and of the queues, which are full addresses. Their code is what is deployed.
 */
export const rerouteFunctions = async (emulatorUrl: string, stateDir: string, proxyUrl: string): Promise<void> => {
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
      await client.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName,
          Environment: { Variables: { ...Variables, AWS_ENDPOINT_URL: proxyUrl } },
        }),
      );
    }
  } finally {
    client.destroy();
  }
};
