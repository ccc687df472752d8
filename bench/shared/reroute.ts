import { join } from "node:path";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { clientConfig } from "../../local/aws-environment.ts";
import { readStackOutputs } from "../../local/stack/read-stack-outputs.ts";

/** Sends all AWS calls of a local stack's functions through `proxyUrl`, by their environment alone. */
export const reroute = async (emulatorUrl: string, stateDir: string, proxyUrl: string): Promise<void> => {
  const client = new LambdaClient(clientConfig(emulatorUrl));
  try {
    for (const FunctionName of Object.values(readStackOutputs(join(stateDir, "stack-outputs.json")).functions)) {
      const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const Variables: Record<string, string> = { AWS_ENDPOINT_URL: proxyUrl };
      for (const [name, value] of Object.entries(Environment?.Variables ?? {})) {
        Variables[name] = name.endsWith("_QUEUE_URL") ? proxyUrl + new URL(value).pathname : value;
      }
      await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    }
  } finally {
    client.destroy();
  }
};
