import { CognitoIdentityProviderClient, InitiateAuthCommand } from "@aws-sdk/client-cognito-identity-provider";
import { clientConfig } from "../aws-environment.ts";
import { LocalError } from "../local-error.ts";
import type { Outputs, UserName } from "../outputs.ts";

/**
 * Signs a user of the local stack in.
 * @returns the id token, valid for an hour, to be sent as `Authorization: Bearer …`
 * @throws LocalError when Cognito gives none.
 */
export const cognitoToken = async (outputs: Outputs, user: UserName): Promise<string> => {
  const client = new CognitoIdentityProviderClient(clientConfig(outputs.emulatorUrl));
  const { username, password } = outputs.users[user];
  try {
    const answer = await client.send(
      new InitiateAuthCommand({
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId: outputs.auth.clientId,
        AuthParameters: { USERNAME: username, PASSWORD: password },
      }),
    );
    const token = answer.AuthenticationResult?.IdToken;
    if (!token)
      throw new LocalError(`signing in as ${username} gave no token (challenge: ${answer.ChallengeName ?? "none"})`);
    return token;
  } finally {
    client.destroy();
  }
};
