import type { Template } from "aws-cdk-lib/assertions";
import * as z from "zod";
import { kebab } from "./kebab.ts";

export const ACCOUNT = "111111111111";
export const REGION = "eu-west-1";

const TemplateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
});
type Parsed = z.infer<typeof TemplateSchema>;

/** A resource of a stage under the name that it has once it is deployed, as far as a test needs one. */
export interface NamedResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** Its logical id without the hash, as words: `enrichment-status-table`. */
  readonly name: string;
  readonly arn: string;
  /** What `Ref` gives. */
  readonly ref: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const arn = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

/** What a type's ARN looks like, and its `Ref` where that is not its name. */
const SHAPES: Readonly<Record<string, (name: string) => { readonly arn: string; readonly ref?: string }>> = {
  "AWS::ApiGatewayV2::Api": (name) => ({ arn: arn("execute-api", name) }),
  "AWS::CloudWatch::Alarm": (name) => ({ arn: arn("cloudwatch", `alarm:${name}`) }),
  "AWS::Cognito::UserPool": (name) => ({ arn: arn("cognito-idp", `userpool/${name}`) }),
  "AWS::DynamoDB::Table": (name) => ({ arn: arn("dynamodb", `table/${name}`) }),
  "AWS::Events::EventBus": (name) => ({ arn: arn("events", `event-bus/${name}`) }),
  "AWS::Events::Rule": (name) => ({ arn: arn("events", `rule/${name}`) }),
  "AWS::IAM::Role": (name) => ({ arn: `arn:aws:iam::${ACCOUNT}:role/${name}` }),
  "AWS::KMS::Key": (name) => ({ arn: arn("kms", `key/${name}`) }),
  "AWS::Lambda::Function": (name) => ({ arn: arn("lambda", `function:${name}`) }),
  // AWS itself ends the ARN of a log group with its streams.
  "AWS::Logs::LogGroup": (name) => ({ arn: arn("logs", `log-group:${name}:*`) }),
  "AWS::Pipes::Pipe": (name) => ({ arn: arn("pipes", `pipe/${name}`) }),
  "AWS::S3::Bucket": (name) => ({ arn: `arn:aws:s3:::${name}` }),
  "AWS::SNS::Topic": (name) => ({ arn: arn("sns", name), ref: arn("sns", name) }),
  "AWS::SQS::Queue": (name) => ({
    arn: arn("sqs", name),
    ref: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`,
  }),
  "AWS::SecretsManager::Secret": (name) => {
    const full = arn("secretsmanager", `secret:${name}-aB3dE6`);
    return { arn: full, ref: full };
  },
};

/** Types whose own name decides what names them, because rights go by it. */
const NAMED_BY: Readonly<Record<string, string>> = { "AWS::SecretsManager::Secret": "Name" };

const PSEUDO: Readonly<Record<string, string>> = {
  "AWS::AccountId": ACCOUNT,
  "AWS::Partition": "aws",
  "AWS::Region": REGION,
  "AWS::URLSuffix": "amazonaws.com",
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The templates of a stage with every name in them as it is once they are deployed. */
export class ResolvedStage {
  readonly #templates: ReadonlyMap<string, Parsed>;
  readonly #resources = new Map<string, NamedResource>();

  /**
   * @param templates by stack name; all that refer to each other
   * @param nameOf gives what no template names its name. @default its logical id without the hash, as words
   */
  constructor(
    templates: Readonly<Record<string, Template>>,
    nameOf?: (stack: string, logicalId: string, type: string) => string,
  ) {
    this.#templates = new Map(
      Object.entries(templates).map(([stack, template]) => [stack, TemplateSchema.parse(template.toJSON())] as const),
    );
    for (const [stack, { Resources }] of this.#templates)
      for (const [logicalId, { Type, Properties }] of Object.entries(Resources)) {
        const shape = SHAPES[Type];
        if (shape === undefined) continue;
        const given = NAMED_BY[Type] === undefined ? undefined : Properties[NAMED_BY[Type]];
        const own = nameOf?.(stack, logicalId, Type) ?? kebab(logicalId.replace(/[0-9A-F]{8}$/, ""));
        const name = typeof given === "string" ? given : own;
        // Stacks may have resources of one logical id.
        const physical = this.all(Type).some((other) => other.name === name)
          ? `${kebab(stack.split("-").at(-1) ?? "")}-${name}`
          : name;
        const { arn: itsArn, ref = physical } = shape(physical);
        this.#resources.set(`${stack}/${logicalId}`, {
          ...{ stack, logicalId, type: Type, name: physical, arn: itsArn, ref },
          properties: Properties,
        });
      }
  }

  /** The resources of one type, in the order of the templates. */
  all(type: string): NamedResource[] {
    return [...this.#resources.values()].filter((resource) => resource.type === type);
  }

  /** Types of resources that the templates have. */
  get types(): Set<string> {
    return new Set(
      [...this.#templates.values()].flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)),
    );
  }

  /** Properties of every resource of a type that needs no name, all names in them resolved. */
  propertiesOf(
    type: string,
  ): { readonly stack: string; readonly logicalId: string; readonly properties: Record<string, unknown> }[] {
    return [...this.#templates].flatMap(([stack, { Resources }]) =>
      Object.entries(Resources)
        .filter(([, { Type }]) => Type === type)
        .map(([logicalId, { Properties }]) => ({
          ...{ stack, logicalId },
          properties: z.record(z.string(), z.unknown()).parse(this.resolve(stack, Properties)),
        })),
    );
  }

  /** A value of a template with every name resolved. @throws Error for a function of CloudFormation that no test needed yet */
  resolve(stack: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.resolve(stack, one));
    if (!isObject(value)) return value;
    const [[key = "", argument] = [], ...others] = Object.entries(value);
    if (others.length > 0 || !/^(Ref$|Fn::)/.test(key)) {
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.resolve(stack, one)]));
    }
    switch (key) {
      case "Ref":
        return this.#ref(stack, z.string().parse(argument));
      case "Fn::GetAtt":
        return this.#attribute(stack, ...z.tuple([z.string(), z.string()]).parse(argument));
      case "Fn::Join": {
        const [between, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(argument);
        return parts.map((part) => String(this.resolve(stack, part))).join(between);
      }
      case "Fn::Sub":
        return z
          .string()
          .parse(argument)
          .replace(/\$\{([^}]+)\}/g, (_, name: string) => this.#ref(stack, name));
      case "Fn::GetStackOutput": {
        const { StackName, OutputName } = z.object({ StackName: z.string(), OutputName: z.string() }).parse(argument);
        const output = this.#templates.get(StackName)?.Outputs[OutputName];
        if (output === undefined) throw new Error(`${stack} reads ${StackName}.${OutputName}, which is no output`);
        return this.resolve(StackName, output.Value);
      }
      default:
        throw new Error(`teach ${import.meta.filename} what ${key} gives`);
    }
  }

  #named(stack: string, logicalId: string): NamedResource | undefined {
    return this.#resources.get(`${stack}/${logicalId}`);
  }

  #ref(stack: string, name: string): string {
    return PSEUDO[name] ?? this.#named(stack, name)?.ref ?? `${stack}/${name}`;
  }

  #attribute(stack: string, logicalId: string, attribute: string): string {
    const resource = this.#named(stack, logicalId);
    if (resource === undefined) return `${stack}/${logicalId}.${attribute}`;
    if (attribute === "Arn" || (attribute === "Id" && resource.type === "AWS::SecretsManager::Secret"))
      return resource.arn;
    if (attribute === "StreamArn") return `${resource.arn}/stream/2026-01-01T00:00:00.000`;
    if (attribute === "Name") return resource.ref;
    if (attribute === "QueueName") return resource.name;
    return `${resource.ref}.${attribute}`;
  }
}
