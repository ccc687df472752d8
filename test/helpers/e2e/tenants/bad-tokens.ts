import { createSign, generateKeyPairSync } from "node:crypto";
import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  UpdateUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { clientConfig } from "../../../../local/aws-environment.ts";
import type { Outputs, UserName } from "../../../../local/outputs.ts";

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, "base64url").toString());

const partsOf = (token: string): [string, string, string] => {
  const [head, claims, signature] = token.split(".");
  if (!head || !claims || !signature) throw new Error("this is no signed token");
  return [head, claims, signature];
};

/** Tokens that nobody should take, made of one that is good; each is another way to get in as somebody else. */
export const forgedFrom = (token: string): Readonly<Record<string, string>> => {
  const [head, claims, signature] = partsOf(token);
  const changed = encode({ ...decode(claims), "cognito:groups": ["operators"] });
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const foreign = createSign("RSA-SHA256").update(`${head}.${claims}`).sign(privateKey).toString("base64url");
  return {
    "a token with other claims": `${head}.${changed}.${signature}`,
    "a token without a signature": `${encode({ alg: "none", typ: "JWT" })}.${claims}.`,
    "a token signed by somebody else": `${head}.${claims}.${foreign}`,
  };
};

/** What the emulator takes for the end of a token; AWS takes five minutes at least. */
const SECOND = { IdTokenValidity: 1, TokenValidityUnits: { IdToken: "seconds" } } as const;
const HOUR = { IdTokenValidity: 60, TokenValidityUnits: { IdToken: "minutes" } } as const;

/** Signs in for tokens as Cognito gives them. @param change what the app client says of them meanwhile */
const signIn = async (outputs: Outputs, user: UserName, change?: typeof SECOND) => {
  const client = new CognitoIdentityProviderClient(clientConfig(outputs.emulatorUrl));
  const { username, password } = outputs.users[user];
  const { userPoolId: UserPoolId, clientId: ClientId } = outputs.auth;
  const update = (settings: typeof SECOND | typeof HOUR) =>
    client.send(new UpdateUserPoolClientCommand({ UserPoolId, ClientId, ...settings }));
  try {
    if (change) await update(change);
    const { AuthenticationResult } = await client.send(
      new InitiateAuthCommand({
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId,
        AuthParameters: { USERNAME: username, PASSWORD: password },
      }),
    );
    return { id: AuthenticationResult?.IdToken ?? "", access: AuthenticationResult?.AccessToken ?? "" };
  } finally {
    if (change) await update(HOUR);
    client.destroy();
  }
};

/** The other token of a sign-in. */
export const accessTokenOf = async (outputs: Outputs, user: UserName): Promise<string> =>
  (await signIn(outputs, user)).access;

/** A token that was good for a second. */
export const expiredTokenOf = async (outputs: Outputs, user: UserName): Promise<string> => {
  const { id } = await signIn(outputs, user, SECOND);
  const { exp } = decode(partsOf(id)[1]);
  const leftMs = Number(exp) * 1_000 - Date.now();
  // Else the emulator does not know such times, and the test would wait for an hour.
  if (leftMs > 5_000) throw new Error(`the token is good for ${leftMs} ms`);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, leftMs) + 10));
  return id;
};
