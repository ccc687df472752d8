import { Duration } from "aws-cdk-lib";
import { AccountRecovery, CfnUserPoolGroup, UserPool, type UserPoolClient } from "aws-cdk-lib/aws-cognito";
import { Construct } from "constructs";
import { OPERATORS } from "../../../lambdas/common/core/contract/operators-group.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import { acceptFinding } from "../findings/accept-finding.ts";
import { removalPolicy } from "../removal-policy.ts";

/**
 * Who may use the stage: a user pool that only administrators add to, a client without a secret for the CLI and the
 * console, and the group of operators.
 *
 * @example
 * const users = new UserDirectory(this, "Users", { config });
 */
export class UserDirectory extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id);
    this.pool = new UserPool(this, "Pool", {
      selfSignUpEnabled: false,
      signInAliases: { username: true, email: true },
      autoVerify: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(7),
      },
      deletionProtection: !config.disposable,
      removalPolicy: removalPolicy(config, { deletionProtected: true }),
    });
    acceptFinding(
      this.pool,
      {
        rules: ["AwsSolutions-COG2"],
        reason:
          "The CLI signs in by user name and password; users are made by an administrator, and a second factor is planned with the console.",
      },
      {
        rules: ["AwsSolutions-COG8"],
        reason: "The Plus plan is paid per user and month; the pool holds a few users made by an administrator.",
      },
    );
    this.client = this.pool.addClient("Client", {
      authFlows: { userPassword: true, userSrp: true },
      generateSecret: false,
      disableOAuth: true,
      preventUserExistenceErrors: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
    });
    new CfnUserPoolGroup(this, "Operators", {
      groupName: OPERATORS,
      userPoolId: this.pool.userPoolId,
      description: "May see every catalog, redrive and discard",
    });
  }
}
