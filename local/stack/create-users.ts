import { randomInt } from "node:crypto";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  UsernameExistsException,
} from "@aws-sdk/client-cognito-identity-provider";
import { OPERATORS } from "../../lambdas/common/core/contract/operators-group.ts";
import { clientConfig } from "../aws-environment.ts";
import type { Outputs, UserName } from "../outputs.ts";
import { USER_NAMES } from "../outputs.ts";

/** Character classes that a Cognito password policy may ask for; look-alikes such as l and 1 are left out. */
const CLASSES = ["abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_.+"] as const;
const PASSWORD_LENGTH = 20;

const pick = (characters: string): string => characters.charAt(randomInt(characters.length));

/**
 * A random password of 20 characters with at least one of each class. It begins with a letter and needs no quoting
 * in a shell.
 */
export const makePassword = (): string => {
  const all = CLASSES.join("");
  const [letters, ...others] = CLASSES;
  const rest = [...others.map(pick), ...Array.from({ length: PASSWORD_LENGTH - CLASSES.length }, () => pick(all))];
  for (let index = rest.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [rest[index], rest[other]] = [rest[other] ?? "", rest[index] ?? ""];
  }
  return `${pick(letters)}${rest.join("")}`;
};

const createUser = async (
  client: CognitoIdentityProviderClient,
  userPoolId: string,
  name: UserName,
): Promise<{ username: string; password: string }> => {
  const username = `${name}@enrichline.example`;
  const password = makePassword();
  const user = { UserPoolId: userPoolId, Username: username };
  try {
    await client.send(
      new AdminCreateUserCommand({
        ...user,
        MessageAction: "SUPPRESS",
        UserAttributes: [
          { Name: "email", Value: username },
          { Name: "email_verified", Value: "true" },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof UsernameExistsException)) throw error;
  }
  await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
  if (name === "operator") await client.send(new AdminAddUserToGroupCommand({ ...user, GroupName: OPERATORS }));
  return { username, password };
};

/** Creates the three users, or gives those that exist new passwords. */
export const createUsers = async (emulatorUrl: string, userPoolId: string): Promise<Outputs["users"]> => {
  const client = new CognitoIdentityProviderClient(clientConfig(emulatorUrl));
  try {
    const [demo, other, operator] = await Promise.all(USER_NAMES.map((name) => createUser(client, userPoolId, name)));
    if (!demo || !other || !operator) throw new Error("three users were asked for");
    return { demo, other, operator };
  } finally {
    client.destroy();
  }
};
