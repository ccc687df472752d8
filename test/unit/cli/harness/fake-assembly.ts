import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Templates of a small stage `dev` by the name of the stack: a table, a bucket, a queue, alarms and what they cost. */
export const DEV_TEMPLATES: Readonly<Record<string, { Resources: Record<string, object>; Outputs?: object }>> = {
  "Enrichline-dev-Data": {
    Resources: {
      ProductsTable: {
        Type: "AWS::DynamoDB::Table",
        DeletionPolicy: "Retain",
        Properties: {
          KeySchema: [{ AttributeName: "product_key", KeyType: "HASH" }],
          AttributeDefinitions: [{ AttributeName: "product_key", AttributeType: "S" }],
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      },
      KeepaSecret: { Type: "AWS::SecretsManager::Secret", Properties: { Name: "enrichline/dev/keepa" } },
    },
  },
  "Enrichline-dev-Pipeline": {
    Resources: {
      EnrichQueue: { Type: "AWS::SQS::Queue", DeletionPolicy: "RetainExceptOnCreate", Properties: { DelaySeconds: 0 } },
      EnrichFunction: { Type: "AWS::Lambda::Function", Properties: { Code: { S3Key: "one.zip" }, MemorySize: 512 } },
    },
    Outputs: { ConcurrencyNeeded: { Value: "10" } },
  },
  "Enrichline-dev-Monitoring": {
    Resources: {
      Errors: { Type: "AWS::CloudWatch::Alarm", Properties: { MetricName: "Errors" } },
      Share: {
        Type: "AWS::CloudWatch::Alarm",
        Properties: {
          Metrics: [
            { Expression: "a/b", Id: "c" },
            { Id: "a", MetricStat: {} },
            { Id: "b", MetricStat: {} },
          ],
        },
      },
      Dashboard: { Type: "AWS::CloudWatch::Dashboard", Properties: {} },
      Key: { Type: "AWS::KMS::Key", Properties: {} },
      Mail: { Type: "AWS::SNS::Subscription", Properties: { Protocol: "email", Endpoint: "ops@example.com" } },
    },
  },
};

/** Writes into `folder` what `cdk synth` writes of a stage. @param environment where its settings place it */
export const writeAssembly = async (
  folder: string,
  templates: Readonly<Record<string, object>> = DEV_TEMPLATES,
  environment = "aws://unknown-account/unknown-region",
): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const artifacts: Record<string, object> = { Tree: { type: "cdk:tree" } };
  for (const [name, template] of Object.entries(templates)) {
    await writeFile(join(folder, `${name}.template.json`), JSON.stringify(template));
    artifacts[name] = {
      ...{ type: "aws:cloudformation:stack", environment },
      properties: {
        templateFile: `${name}.template.json`,
        requiresBootstrapStackVersion: 6,
        bootstrapStackVersionSsmParameter: "/cdk-bootstrap/hnb659fds/version",
      },
    };
  }
  await writeFile(join(folder, "manifest.json"), JSON.stringify({ version: "1", artifacts }));
};
