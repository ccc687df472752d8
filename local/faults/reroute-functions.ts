import { changeEnvironment } from "../emulator/change-environment.ts";
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
  const rerouted = await changeEnvironment(emulatorUrl, Object.values(functions), (variables) => ({
    ...Object.fromEntries(
      Object.entries(variables).map(([name, value]) =>
        // "off" where the stage has no such queue.
        name.endsWith("_QUEUE_URL") && URL.canParse(value) ? [name, proxyUrl + new URL(value).pathname] : [name, value],
      ),
    ),
    AWS_ENDPOINT_URL: proxyUrl,
  }));
  return rerouted.map(({ FunctionArn = "", Role = "" }) => functionKeys(FunctionArn, Role));
};
