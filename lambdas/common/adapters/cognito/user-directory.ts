import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { QUICK_LIMITS, within } from "../aws/client-limits.ts";
import { sdkErrorName, withSdkErrors } from "../aws/sdk-errors.ts";

/** The client of user pools. Apart from the other clients, so that functions which ask for nobody do not carry it. */
export const createCognitoClient = (limits = QUICK_LIMITS): CognitoIdentityProviderClient =>
  new CognitoIdentityProviderClient(within(limits));

/** The people of a stage, as its user pool has them now. */
export class UserDirectory {
  readonly #client: CognitoIdentityProviderClient;
  readonly #pool: string;

  constructor(client: CognitoIdentityProviderClient, userPoolId: string) {
    this.#client = client;
    this.#pool = userPoolId;
  }

  /**
   * Whether this name still belongs to this person, and may sign in.
   * @param userId the `sub` of their tokens: a name that was given to somebody else has another one
   * @throws TransientError
   */
  async isThere(username: string, userId: string): Promise<boolean> {
    return withSdkErrors("asking for a user", async () => {
      try {
        const { Enabled, UserAttributes = [] } = await this.#client.send(
          new AdminGetUserCommand({ UserPoolId: this.#pool, Username: username }),
        );
        return Enabled === true && UserAttributes.some(({ Name, Value }) => Name === "sub" && Value === userId);
      } catch (error) {
        if (sdkErrorName(error) === "UserNotFoundException") return false;
        throw error;
      }
    });
  }

  /**
   * Whether somebody of this id is there and may sign in, where no name is known: whether a pool takes an id for a name depends on how
   * it was made, and a wrong no would end what everybody has.
   * @param userId the `sub` of their tokens
   * @throws TransientError
   */
  async hasUser(userId: string): Promise<boolean> {
    const Filter = `sub = ${JSON.stringify(userId)}`;
    let next: string | undefined;
    do {
      const command = new ListUsersCommand({
        ...{ UserPoolId: this.#pool, Filter, AttributesToGet: ["sub"] },
        ...(next === undefined ? {} : { PaginationToken: next }),
      });
      const { Users = [], PaginationToken } = await withSdkErrors("looking for a user", () =>
        this.#client.send(command),
      );
      if (Users.length > 0) return Users.some(({ Enabled }) => Enabled === true);
      next = PaginationToken;
    } while (next !== undefined);
    return false;
  }

  /** Names of the groups that somebody is in. @throws TransientError */
  async groupsOf(username: string): Promise<string[]> {
    const groups: string[] = [];
    let next: string | undefined;
    do {
      const command = new AdminListGroupsForUserCommand({
        ...{ UserPoolId: this.#pool, Username: username },
        ...(next === undefined ? {} : { NextToken: next }),
      });
      const { Groups = [], NextToken } = await withSdkErrors("asking for a user's groups", () =>
        this.#client.send(command),
      );
      groups.push(...Groups.flatMap(({ GroupName }) => GroupName ?? []));
      next = NextToken;
    } while (next !== undefined);
    return groups;
  }
}
