import type { Template } from "aws-cdk-lib/assertions";
import * as z from "zod";

const ResourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
});
const OutputSchema = z.looseObject({ Export: z.object({ Name: z.unknown() }).optional() });
const TemplateSchema = z.looseObject({
  Resources: z.record(z.string(), ResourceSchema),
  Outputs: z.record(z.string(), OutputSchema).default({}),
});
type Resource = z.infer<typeof ResourceSchema>;
type Parsed = z.infer<typeof TemplateSchema>;

/** The properties that make a resource unique in an account and region; a type that is not listed gets a name from AWS. */
const UNIQUE_BY: Readonly<Record<string, readonly string[]>> = {
  "AWS::CloudWatch::Alarm": ["AlarmName"],
  "AWS::CloudWatch::Dashboard": ["DashboardName"],
  "AWS::DynamoDB::Table": ["TableName"],
  "AWS::Events::Rule": ["Name"],
  "AWS::IAM::Role": ["RoleName"],
  "AWS::KMS::Alias": ["AliasName"],
  "AWS::Lambda::EventInvokeConfig": ["FunctionName", "Qualifier"],
  "AWS::Lambda::EventSourceMapping": ["EventSourceArn", "FunctionName"],
  "AWS::Lambda::Function": ["FunctionName"],
  "AWS::Logs::LogGroup": ["LogGroupName"],
  "AWS::S3::Bucket": ["BucketName"],
  "AWS::SNS::Topic": ["TopicName"],
  "AWS::SQS::Queue": ["QueueName"],
  "AWS::Scheduler::Schedule": ["Name"],
  "AWS::SecretsManager::Secret": ["Name"],
};

const fixedName = (stack: string, { Type, Properties }: Resource): string | undefined => {
  const values = (UNIQUE_BY[Type] ?? []).map((property) => Properties[property]);
  if (values.every((value) => value === undefined)) return undefined;
  // What refers to another resource of the stack is as unique as that resource.
  const scope = values.every((value) => typeof value === "string" || value === undefined) ? "" : `${stack}:`;
  return `${Type} ${scope}${JSON.stringify(values)}`;
};

/** The values under every key `name` of a template, at any depth. */
const valuesUnder = (name: string, node: unknown): unknown[] => {
  if (Array.isArray(node)) return node.flatMap((one) => valuesUnder(name, one));
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [
    ...(key === name ? [value] : []),
    ...valuesUnder(name, value),
  ]);
};

const exportsOf = ({ Outputs }: Parsed): Map<string, string> =>
  new Map(
    Object.values(Outputs).flatMap((output) =>
      output.Export ? [[JSON.stringify(output.Export.Name), JSON.stringify(output.Value)] as const] : [],
    ),
  );

const GetStackOutputSchema = z.object({ StackName: z.string(), OutputName: z.string() });

/**
 * An AWS account as far as CloudFormation looks at it when stacks change: which templates are deployed, which exports
 * are imported, and which names are taken, also by what deleted stacks and removed resources left behind.
 */
export class Account {
  readonly #deployed = new Map<string, Parsed>();
  /** Owner by name: `<stack>/<logical id>`, or `left behind` once no stack owns it. */
  readonly #names = new Map<string, string>();

  /**
   * Deploys a stack.
   * @returns why CloudFormation would refuse it; empty when it is deployed
   */
  deploy(stack: string, template: Template): string[] {
    const next = TemplateSchema.parse(template.toJSON());
    const refusals = [...this.#exportsInUse(stack, next), ...this.#missing(next), ...this.#taken(stack, next)];
    if (refusals.length > 0) return refusals;
    const now = this.#deployed.get(stack);
    for (const [id, resource] of Object.entries(now?.Resources ?? {})) {
      if (!(id in next.Resources)) this.#remove(stack, resource);
    }
    for (const [id, resource] of Object.entries(next.Resources)) {
      const name = fixedName(stack, resource);
      if (name !== undefined) this.#names.set(name, `${stack}/${id}`);
    }
    this.#deployed.set(stack, next);
    return [];
  }

  /** A first deploy that fails at its last resource: what it made is removed again, but not what is always retained. */
  failFirstDeploy(stack: string, template: Template): void {
    if (this.#deployed.has(stack)) throw new Error(`${stack} is deployed: its first deploy is over`);
    for (const resource of Object.values(TemplateSchema.parse(template.toJSON()).Resources)) {
      const name = fixedName(stack, resource);
      if (name !== undefined && resource.DeletionPolicy === "Retain") this.#names.set(name, "left behind");
    }
  }

  /** Names of all exports; one that is imported cannot be changed or removed. */
  get exportNames(): string[] {
    return [...this.#deployed.values()].flatMap((template) => [...exportsOf(template).keys()]);
  }

  #remove(stack: string, resource: Resource): void {
    const name = fixedName(stack, resource);
    if (name === undefined) return;
    const { DeletionPolicy = "Delete" } = resource;
    if (DeletionPolicy === "Delete") this.#names.delete(name);
    else this.#names.set(name, "left behind");
  }

  #exportsInUse(stack: string, next: Parsed): string[] {
    const kept = exportsOf(next);
    const now = this.#deployed.get(stack);
    const changed = [...(now ? exportsOf(now) : [])].filter(([name, value]) => kept.get(name) !== value);
    return changed.flatMap(([name]) =>
      [...this.#deployed].flatMap(([other, template]) =>
        valuesUnder("Fn::ImportValue", template).some((imported) => JSON.stringify(imported) === name)
          ? [`export ${name} of ${stack} is in use by ${other}`]
          : [],
      ),
    );
  }

  #missing(next: Parsed): string[] {
    const exported = new Set(this.exportNames);
    const imports = valuesUnder("Fn::ImportValue", next).map((name) => JSON.stringify(name));
    const reads = valuesUnder("Fn::GetStackOutput", next).map((read) => GetStackOutputSchema.parse(read));
    return [
      ...imports.filter((name) => !exported.has(name)).map((name) => `there is no export ${name}`),
      ...reads
        .filter(({ StackName, OutputName }) => !this.#deployed.get(StackName)?.Outputs[OutputName])
        .map(({ StackName, OutputName }) => `${StackName} has no output ${OutputName}`),
    ];
  }

  /** New resources are made before old ones are removed, so a name must not move from one to another either. */
  #taken(stack: string, next: Parsed): string[] {
    return Object.entries(next.Resources).flatMap(([id, resource]) => {
      const name = fixedName(stack, resource);
      const owner = name === undefined ? undefined : this.#names.get(name);
      return owner === undefined || owner === `${stack}/${id}`
        ? []
        : [`${id} of ${stack} cannot be made: ${name} already exists (${owner})`];
    });
  }
}
