import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { clientConfig } from "../aws-environment.ts";
import { functionKeys } from "../emulator/function-keys.ts";
import type { SigningKeys } from "../emulator/signer.ts";

/**
 * Sends all AWS calls of functions through `proxyUrl`, by their environment alone: the address of AWS, and of the queues,
 * which are full addresses. Their code is what is deployed.
 * @param functions physical names by room
 * @returns the keys that they sign with
 */
export const rerouteFunctions = async (
  emulatorUrl: string,
  functions: Readonly<Record<string, string>>,
  proxyUrl: string,
): Promise<SigningKeys[]> => {
  const client = new LambdaClient(clientConfig(emulatorUrl));
  const reroute = async (FunctionName: string): Promise<SigningKeys> => {
    const {
      Environment,
      FunctionArn = "",
      Role = "",
    } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const Variables = Object.fromEntries(
      Object.entries(Environment?.Variables ?? {}).map(([name, value]) =>
        // "off" where the stage has no such queue.
        name.endsWith("_QUEUE_URL") && URL.canParse(value) ? [name, proxyUrl + new URL(value).pathname] : [name, value],
      ),
    );
    await client.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        Environment: { Variables: { ...Variables, AWS_ENDPOINT_URL: proxyUrl } },
      }),
    );
    return functionKeys(FunctionArn, Role);
  };
  try {
    return await Promise.all(Object.values(functions).map(reroute));
  } finally {
    client.destroy();
  }
};
