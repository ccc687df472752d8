import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { clientConfig } from "../aws-environment.ts";

type Variables = Readonly<Record<string, string>>;

/**
 * Changes the environment of deployed functions, and nothing else of them.
 * @param functions physical names
 * @returns what they are now, in the same order
 */
export const changeEnvironment = async (
  emulatorUrl: string,
  functions: readonly string[],
  change: (variables: Variables) => Variables,
): Promise<FunctionConfiguration[]> => {
  const client = new LambdaClient(clientConfig(emulatorUrl));
  try {
    return await Promise.all(
      functions.map(async (FunctionName) => {
        const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
        const Variables = { ...change(Environment?.Variables ?? {}) };
        return client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
      }),
    );
  } finally {
    client.destroy();
  }
};
