import * as z from "zod";
import { CliError, EXIT } from "../cli-error.ts";
import type { Io } from "../output/io.ts";
import type { LocalOutputs } from "./local-outputs.ts";

const AnswerSchema = z.object({ AuthenticationResult: z.object({ IdToken: z.string() }) });
const TIMEOUT_MS = 10_000;

/**
 * Signs a user of the local stack in by Cognito's USER_PASSWORD_AUTH at the emulator.
 * @param usual who it is unless `ENRICHLINE_USER` (demo, other, operator) says otherwise
 * @returns the id token, good for an hour
 * @throws CliError AUTH when it is refused, UNAVAILABLE when the emulator does not answer
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
 */
export const signInLocally = async (io: Io, outputs: LocalOutputs, usual: "demo" | "operator"): Promise<string> => {
  const who = io.env.ENRICHLINE_USER ?? usual;
  const known = new Map(Object.entries(outputs.users));
  const user = known.get(who);
  if (!user)
    throw new CliError(EXIT.AUTH, `There is no local user "${who}": use one of ${[...known.keys()].join(", ")}.`);
  const response = await io
    .fetch(outputs.emulatorUrl, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
      },
      body: JSON.stringify({
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId: outputs.auth.clientId,
        AuthParameters: { USERNAME: user.username, PASSWORD: user.password },
      }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    .catch((error: unknown) => {
      throw new CliError(
        EXIT.UNAVAILABLE,
        `The local stack does not answer at ${outputs.emulatorUrl}. Start it with: npm run local`,
        { cause: error },
      );
    });
  const answer = AnswerSchema.safeParse(await response.json().catch(() => undefined));
  if (answer.success) return answer.data.AuthenticationResult.IdToken;
  throw new CliError(
    EXIT.AUTH,
    `Signing in as ${user.username} was refused (HTTP ${response.status}). Start the local stack anew: npm run local:stop, then npm run local`,
  );
};
