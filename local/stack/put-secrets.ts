import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { clientConfig } from "../aws-environment.ts";

/**
 * Stores the simulators' credentials where the functions read them, `enrichline/local/<source id>`.
 * @param credentials secret values by source id
 */
export const putSecrets = async (
  emulatorUrl: string,
  credentials: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const client = new SecretsManagerClient(clientConfig(emulatorUrl));
  try {
    for (const [source, value] of Object.entries(credentials)) {
      const name = `enrichline/local/${source}`;
      const text = JSON.stringify(value);
      try {
        await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: text }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        await client.send(new CreateSecretCommand({ Name: name, SecretString: text }));
      }
    }
  } finally {
    client.destroy();
  }
};
