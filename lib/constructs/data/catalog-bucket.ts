import { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  HttpMethods,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { UPLOAD_DAYS } from "../../../lambdas/common/core/catalogs/upload-object.ts";
import { EXPORT_DAYS } from "../../../lambdas/common/core/exports/export-job.ts";
import { SOURCE_LICENCES } from "../../../lambdas/common/core/licences/source-licences.ts";
import { SOURCE_IDS } from "../../../lambdas/common/core/source-ids.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import { type AcceptedFinding, acceptFinding, NO_TLS } from "../findings/accept-finding.ts";
import { removalPolicy } from "../removal-policy.ts";
import type { EnvSchemaLike } from "../service-environment.ts";
import type { ServiceFunction } from "../service-function.ts";

/** First part of every object key; what an object is follows from it. */
export type ObjectPrefix = "uploads" | "catalogs" | "exports" | "raw";

/** Folders of raw answers that a licence ends within a day. */
const limitedRawPrefixes = (): string[] =>
  SOURCE_IDS.filter((source) => SOURCE_LICENCES[source].store_seconds !== null).map((source) => `raw/${source}`);

const ACCEPTED: readonly AcceptedFinding[] = [
  {
    rules: ["AwsSolutions-S1", "NIST.800.53.R5-S3BucketLoggingEnabled"],
    reason:
      "Every object is read and written by our own functions, which log it; access logs would need a second bucket.",
  },
  {
    rules: ["NIST.800.53.R5-S3BucketVersioningEnabled"],
    reason: "An old version would keep content behind a deletion that its licence asks for.",
  },
  {
    rules: ["NIST.800.53.R5-S3BucketReplicationEnabled"],
    reason: "A copy in another region would keep content behind its deletion; a run can be uploaded again.",
  },
  {
    rules: ["NIST.800.53.R5-S3DefaultEncryptionKMS"],
    reason:
      "S3 encrypts with keys of its own; a key of KMS would cost a dollar a month and a call for each object (D-310).",
  },
];

/** How long a browser remembers what it may do. */
const CORS_SECONDS = 3_600;

/**
 * The one bucket of a stage: private, encrypted; it sends an event for every object to EventBridge. `catalogs/` is the source of
 * truth of every run and never expires; the other prefixes do.
 *
 * @example
 * const bucket = new CatalogBucket(this, "CatalogBucket", { config });
 */
export class CatalogBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id);
    const expire = (prefix: ObjectPrefix, days: number) => ({
      id: prefix,
      prefix: `${prefix}/`,
      expiration: Duration.days(days),
    });
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // The emulator speaks plain HTTP.
      enforceSSL: !config.disposable,
      removalPolicy: removalPolicy(config),
      // Browsers put uploads and fetch exports here by presigned addresses, from the console's origin.
      ...(config.allowed_origins.length > 0
        ? {
            cors: [
              {
                allowedOrigins: [...config.allowed_origins],
                allowedMethods: [HttpMethods.PUT, HttpMethods.GET],
                allowedHeaders: ["content-type", "content-length"],
                exposedHeaders: ["etag"],
                maxAge: CORS_SECONDS,
              },
            ],
          }
        : {}),
      lifecycleRules: [
        expire("uploads", UPLOAD_DAYS),
        expire("exports", EXPORT_DAYS),
        expire("raw", config.raw_retention_days),
        // A second net behind the sweep, which removes them by the hour: S3 expires in whole days.
        ...limitedRawPrefixes().map((prefix) => ({
          id: prefix.replaceAll("/", "-"),
          prefix: `${prefix}/`,
          expiration: Duration.days(1),
        })),
        { id: "broken-uploads", abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    acceptFinding(this.bucket, ...ACCEPTED, ...(config.disposable ? [NO_TLS] : []));
    // Set on the resource itself: the construct's own switch deploys a helper function to do the same.
    const resource = this.bucket.node.defaultChild;
    if (!(resource instanceof CfnBucket)) throw new Error("the bucket construct has no CfnBucket to set events on");
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }

  /** Lets a function read objects under the prefixes. */
  grantRead<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>, ...prefixes: readonly ObjectPrefix[]): void {
    this.#allow(target, ["s3:GetObject"], prefixes);
  }

  /** Lets a function write objects under the prefixes. */
  grantWrite<Schema extends EnvSchemaLike>(
    target: ServiceFunction<Schema>,
    ...prefixes: readonly ObjectPrefix[]
  ): void {
    this.#allow(target, ["s3:PutObject"], prefixes);
  }

  /** Lets a function give up objects that it writes in parts under the prefixes. */
  grantAbort<Schema extends EnvSchemaLike>(
    target: ServiceFunction<Schema>,
    ...prefixes: readonly ObjectPrefix[]
  ): void {
    this.#allow(target, ["s3:AbortMultipartUpload"], prefixes);
  }

  /** Lets a function delete objects under the prefixes. */
  grantDelete<Schema extends EnvSchemaLike>(
    target: ServiceFunction<Schema>,
    ...prefixes: readonly ObjectPrefix[]
  ): void {
    this.#allow(target, ["s3:DeleteObject"], prefixes);
  }

  /** Lets a function list the objects under the prefixes. */
  grantList<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>, ...prefixes: readonly ObjectPrefix[]): void {
    target.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ["s3:ListBucket"],
        resources: [this.bucket.bucketArn],
        conditions: { StringLike: { "s3:prefix": prefixes.map((prefix) => `${prefix}/*`) } },
      }),
    );
  }

  #allow<Schema extends EnvSchemaLike>(
    target: ServiceFunction<Schema>,
    actions: readonly string[],
    prefixes: readonly ObjectPrefix[],
  ): void {
    target.allow(actions, ...prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}/*`)));
    acceptFinding(target, {
      rules: ["AwsSolutions-IAM5"],
      kind: "objects",
      only: new RegExp(`^Resource::<.*CatalogBucket.*\\.Arn>/(${prefixes.join("|")})/\\*$`),
      reason: "Objects cannot be named one by one: the right ends at a prefix of the stage's own bucket.",
    });
  }
}
