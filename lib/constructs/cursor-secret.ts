import { RemovalPolicy } from "aws-cdk-lib";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { acceptFinding, ROTATES } from "./findings/accept-finding.ts";
import type { EnvSchemaLike } from "./service-environment.ts";
import type { ServiceFunction } from "./service-function.ts";

/** Bits enough for AES-256 several times over: 64 letters and digits are 380. */
const LENGTH = 64;

/**
 * What cursors of lists are sealed with: made at random by Secrets Manager, in no template and in no environment. It has
 * no name of its own and goes with its stack, because losing it costs nothing but cursors that somebody holds at that
 * moment. A later deploy leaves its value alone.
 *
 * @example
 * const secret = new CursorSecret(this, "CursorSecret");
 */
export class CursorSecret extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const secret = new CfnSecret(this, "Secret", {
      description: "Seals the cursors of lists; a new random value may be put at any time",
      generateSecretString: { passwordLength: LENGTH, excludePunctuation: true },
    });
    secret.applyRemovalPolicy(RemovalPolicy.DESTROY);
    acceptFinding(secret, {
      rules: ROTATES,
      reason:
        "It only seals cursors, which live for minutes; the runbook says how to put a new value, which breaks no list that is being read.",
    });
    this.arn = secret.attrId;
  }

  /** Lets a function read the secret. */
  grantRead<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>): void {
    target.allow(["secretsmanager:GetSecretValue"], this.arn);
  }
}
