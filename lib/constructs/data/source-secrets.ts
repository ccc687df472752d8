import { RemovalPolicy } from "aws-cdk-lib";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { StageConfig } from "../../config/load-settings.ts";
import { secretPrefix, sourcesWithCredentials } from "../../config/source-credentials.ts";
import type { EnvSchemaLike } from "../service-environment.ts";
import type { ServiceFunction } from "../service-function.ts";

/**
 * One empty secret per source, `enrichline/<stage>/<source>`. The template carries no value and asks for none to be
 * made, so a deploy can never overwrite what `enrichline credentials set` wrote; until then the source counts as not
 * configured.
 *
 * @example
 * const secrets = new SourceSecrets(this, "SourceSecrets", { config });
 */
export class SourceSecrets extends Construct {
  /** Secrets are `<prefix>/<source id>`. */
  readonly prefix: string;
  readonly #arns: readonly string[];

  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id);
    this.prefix = secretPrefix(config);
    this.#arns = sourcesWithCredentials(config).map((source) => {
      const secret = new CfnSecret(this, source, {
        name: `${this.prefix}/${source}`,
        description: `Credentials of ${source}, as JSON; set them with: enrichline credentials set ${source}`,
      });
      secret.applyRemovalPolicy(config.disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN);
      return secret.attrId;
    });
  }

  /** Lets a function read the credentials of the stage's sources. */
  grantRead<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>): void {
    if (this.#arns.length > 0) target.allow(["secretsmanager:GetSecretValue"], ...this.#arns);
  }
}
