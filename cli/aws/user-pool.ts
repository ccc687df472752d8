import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminSetUserPasswordCommand,
  type AuthenticationResultType,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { OPERATORS } from "../../lambdas/common/core/contract/operators-group.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { AwsAccess } from "./aws-access.ts";
import { awsError } from "./aws-error.ts";

/** Tokens of a person who signed in. */
export interface SignedIn {
  readonly idToken: string;
  /** Absent after a renewal: the one from before stays good. */
  readonly refreshToken: string | undefined;
  readonly secondsLeft: number;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

const signedIn = (result: AuthenticationResultType | undefined, challenge: string | undefined): SignedIn => {
  if (result?.IdToken) {
    return { idToken: result.IdToken, refreshToken: result.RefreshToken, secondsLeft: result.ExpiresIn ?? 3600 };
  }
  throw new CliError(EXIT.AUTH, `Signing in needs a step that this command does not know: ${challenge ?? "unnamed"}.`);
};

/** The people of one deployment. Signing in needs no AWS credentials, adding and removing people does. */
export class UserPool {
  readonly #access: Omit<AwsAccess, "secretPrefix">;
  readonly #client: CognitoIdentityProviderClient;

  constructor(access: Omit<AwsAccess, "secretPrefix">) {
    this.#access = access;
    this.#client = new CognitoIdentityProviderClient(access.config);
  }

  close(): void {
    this.#client.destroy();
  }

  /**
   * Signs in by Cognito's USER_PASSWORD_AUTH.
   * @param askNewPassword asked when the password is the temporary one of an invitation
   * @throws CliError AUTH
   */
  async signIn(username: string, password: string, askNewPassword: () => Promise<string>): Promise<SignedIn> {
    const ClientId = this.#access.clientId;
    try {
      const answer = await this.#client.send(
        new InitiateAuthCommand({
          AuthFlow: "USER_PASSWORD_AUTH",
          ClientId,
          AuthParameters: { USERNAME: username, PASSWORD: password },
        }),
      );
      if (answer.ChallengeName !== "NEW_PASSWORD_REQUIRED") {
        return signedIn(answer.AuthenticationResult, answer.ChallengeName);
      }
      const next = await this.#client.send(
        new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: "NEW_PASSWORD_REQUIRED",
          Session: answer.Session,
          ChallengeResponses: {
            USERNAME: answer.ChallengeParameters?.USER_ID_FOR_SRP ?? username,
            NEW_PASSWORD: await askNewPassword(),
          },
        }),
      );
      return signedIn(next.AuthenticationResult, next.ChallengeName);
    } catch (error) {
      throw this.#signInError(error);
    }
  }

  /** Gets a new token for somebody who signed in before. @throws CliError AUTH when that is over */
  async renew(refreshToken: string): Promise<SignedIn> {
    try {
      const answer = await this.#client.send(
        new InitiateAuthCommand({
          AuthFlow: "REFRESH_TOKEN_AUTH",
          ClientId: this.#access.clientId,
          AuthParameters: { REFRESH_TOKEN: refreshToken },
        }),
      );
      return signedIn(answer.AuthenticationResult, answer.ChallengeName);
    } catch (error) {
      throw this.#signInError(error);
    }
  }

  /**
   * Adds a person. Without a password Cognito mails an invitation with a temporary one.
   * @throws CliError USAGE for a person who is there already or a password that breaks the rules
   */
  async add(
    email: string,
    options: { readonly operator: boolean; readonly password: string | undefined },
  ): Promise<void> {
    const user = { UserPoolId: this.#access.userPoolId, Username: email };
    const { password, operator } = options;
    try {
      await this.#client.send(
        new AdminCreateUserCommand({
          ...user,
          ...(password === undefined ? { DesiredDeliveryMediums: ["EMAIL"] } : { MessageAction: "SUPPRESS" }),
          UserAttributes: [
            { Name: "email", Value: email },
            { Name: "email_verified", Value: "true" },
          ],
        }),
      );
      if (password !== undefined) {
        await this.#client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
      }
      if (operator) await this.#client.send(new AdminAddUserToGroupCommand({ ...user, GroupName: OPERATORS }));
    } catch (error) {
      if (nameOf(error) === "UsernameExistsException") {
        throw new CliError(EXIT.USAGE, `${email} is a user already. To start anew: enrichline users remove ${email}`, {
          cause: error,
        });
      }
      if (nameOf(error) === "InvalidPasswordException") {
        await this.remove(email);
        throw new CliError(
          EXIT.USAGE,
          "The password needs 12 characters with upper and lower case, a digit and a sign.",
          {
            cause: error,
          },
        );
      }
      throw awsError(error, `Adding ${email}`);
    }
  }

  /**
   * Removes a person. What lets something in or out for them asks the pool, so it ends too, within two minutes; their catalogs stay.
   * @throws CliError NOT_FOUND when there is none of that name
   */
  async remove(email: string): Promise<void> {
    try {
      await this.#client.send(new AdminDeleteUserCommand({ UserPoolId: this.#access.userPoolId, Username: email }));
    } catch (error) {
      if (nameOf(error) !== "UserNotFoundException") throw awsError(error, `Removing ${email}`);
      throw new CliError(EXIT.NOT_FOUND, `There is no user ${email}.`, { cause: error });
    }
  }

  #signInError(error: unknown): CliError {
    const fix = `Sign in again with: enrichline login --stage ${this.#access.stage}`;
    switch (nameOf(error)) {
      case "NotAuthorizedException":
      case "UserNotFoundException":
        return new CliError(EXIT.AUTH, `User name or password is wrong, or the sign-in has ended. ${fix}`, {
          cause: error,
        });
      case "PasswordResetRequiredException":
        return new CliError(EXIT.AUTH, "The password must be reset: ask the person who added you.", { cause: error });
      case "InvalidPasswordException":
        return new CliError(
          EXIT.USAGE,
          "The new password needs 12 characters with upper and lower case, a digit and a sign.",
          { cause: error },
        );
      default:
        return awsError(error, "Signing in");
    }
  }
}
