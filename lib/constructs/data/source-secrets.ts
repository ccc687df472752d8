import { Stack } from "aws-cdk-lib";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { ASKED, ASKED_TAG } from "../../../lambdas/common/core/sources/secrets/asked-tag.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import { SOURCES_WITH_CREDENTIALS, secretPrefix, sourcesWithCredentials } from "../../config/source-credentials.ts";
import { acceptFinding, ROTATES } from "../findings/accept-finding.ts";
import { removalPolicy } from "../removal-policy.ts";
import type { EnvSchemaLike } from "../service-environment.ts";
import type { ServiceFunction } from "../service-function.ts";

/** Secrets Manager adds a hyphen and six characters to a name to make the ARN. */
const ARN_SUFFIX = "-??????";

/**
 * One empty secret for each source that needs one, `enrichline/<stage>/<source>`. The template carries no value and
 * asks for none to be made, so a deploy can never overwrite what `enrichline credentials set` wrote; until then the
 * source counts as not configured.
 *
 * All of them are made, whatever the stage asks: a secret that is kept when its source is switched off could not be
 * made again under its name. Rights are given by name, for the sources that the stage asks only.
 *
 * @example
 * const secrets = new SourceSecrets(this, "SourceSecrets", { config });
 */
export class SourceSecrets extends Construct {
  /** Secrets are `<prefix>/<source id>`. */
  readonly prefix: string;
  readonly #config: StageConfig;

  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id);
    this.prefix = secretPrefix(config);
    this.#config = config;
    const asked = new Set(sourcesWithCredentials(config));
    for (const source of SOURCES_WITH_CREDENTIALS) {
      const secret = new CfnSecret(this, source, {
        name: `${this.prefix}/${source}`,
        description: `Credentials of ${source}, as JSON; set them with: enrichline credentials set ${source}`,
        tags: [{ key: ASKED_TAG, value: asked.has(source) ? ASKED.YES : ASKED.NO }],
      });
      secret.applyRemovalPolicy(removalPolicy(config));
      acceptFinding(secret, {
        rules: ROTATES,
        kind: "credentials of sources",
        reason:
          "Credentials are issued by the upstreams and cannot be rotated by a function; the owner sets new ones with the CLI.",
      });
    }
  }

  /** Lets a function read the credentials of the stage's sources. */
  grantRead<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>): void {
    const { partition, region, account } = Stack.of(target);
    const arns = sourcesWithCredentials(this.#config).map(
      (source) => `arn:${partition}:secretsmanager:${region}:${account}:secret:${this.prefix}/${source}${ARN_SUFFIX}`,
    );
    if (arns.length > 0) target.allow(["secretsmanager:GetSecretValue"], ...arns);
  }
}
