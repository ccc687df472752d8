import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { StageConfig } from "../../config/load-settings.ts";
import { acceptFinding, ROTATES } from "../findings/accept-finding.ts";
import { removalPolicy } from "../removal-policy.ts";
import type { EnvSchemaLike } from "../service-environment.ts";
import type { ServiceFunction } from "../service-function.ts";

/** 64 letters and digits are 380 bits. */
const LENGTH = 64;

/**
 * What the secrets of webhook endpoints are encrypted with in their table: made at random by Secrets Manager, in no template and in
 * no environment. One key for all of them costs as much as one secret. It is kept with the data, because who loses it has to
 * give every endpoint a new secret.
 *
 * @example
 * const webhookKey = new WebhookKey(this, "WebhookKey", { config });
 */
export class WebhookKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id);
    const secret = new CfnSecret(this, "Secret", {
      description:
        "Encrypts the secrets of webhook endpoints; a new value makes those unreadable that the value before the last encrypted",
      generateSecretString: { passwordLength: LENGTH, excludePunctuation: true },
    });
    secret.applyRemovalPolicy(removalPolicy(config));
    acceptFinding(secret, {
      rules: ROTATES,
      reason:
        "A second new value makes secrets of endpoints unreadable, so a person puts one when it is needed; the runbook says how.",
    });
    this.arn = secret.attrId;
  }

  /** Lets a function read the key. */
  grantRead<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>): void {
    target.allow(["secretsmanager:GetSecretValue"], this.arn);
  }
}
