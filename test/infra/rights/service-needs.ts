import * as z from "zod";
import { isAllowed } from "../../helpers/iam/is-allowed.ts";
import { matches } from "../../helpers/iam/matches.ts";
import type { StageRights } from "./stage-rights.ts";

/** What a service of AWS must be let do, so that a stage works, and whether the templates let it. */
export interface Need {
  readonly what: string;
  readonly isMet: boolean;
}

const READS_QUEUE = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map((action) => `sqs:${action}`);
const READS_STREAM = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map(
  (action) => `dynamodb:${action}`,
);
const SEND = ["sqs:SendMessage"];
const INVOKE = "lambda:InvokeFunction";
const API_GATEWAY = "apigateway.amazonaws.com";
const EVENT_BRIDGE = "events.amazonaws.com";

const ArnSchema = z.object({ Arn: z.string() });
const DestinationSchema = z
  .object({ OnFailure: z.object({ Destination: z.string() }) })
  .transform(({ OnFailure }) => OnFailure.Destination)
  .optional();
const FedSchema = z.object({
  FunctionName: z.string(),
  EventSourceArn: z.string().optional(),
  DestinationConfig: DestinationSchema,
});
const ScheduleSchema = z.object({ Target: z.object({ Arn: z.string(), RoleArn: z.string() }) });
const RuleSchema = z.object({
  Targets: z.array(z.object({ Arn: z.string(), DeadLetterConfig: ArnSchema.optional() })),
});
const PipeSchema = z.object({
  RoleArn: z.string(),
  Source: z.string(),
  Target: z.string(),
  SourceParameters: z.object({ DynamoDBStreamParameters: z.object({ DeadLetterConfig: ArnSchema }) }),
});
const RouteSchema = z.object({ ApiId: z.string(), RouteKey: z.string(), Target: z.string() });
const LoggedSchema = z.object({ LoggingConfig: z.object({ LogGroup: z.string() }) });

/**
 * What services do for a stage by themselves, by a role of the stage or by the policy of a resource: feed a function, call it,
 * take what it gave up, write its log. The emulator does all that without asking, so nothing that runs on it would miss such a right.
 */
export class ServiceNeeds {
  readonly #rights: Pick<StageRights, "stage" | "roles" | "functions" | "resourcePolicies">;

  constructor(rights: Pick<StageRights, "stage" | "roles" | "functions" | "resourcePolicies">) {
    this.#rights = rights;
  }

  all(): Need[] {
    return [
      ...this.#ofFedFunctions(),
      ...this.#ofSchedules(),
      ...this.#ofRules(),
      ...this.#ofPipes(),
      ...this.#ofApis(),
      ...this.#ofLogs(),
    ];
  }

  #read<Schema extends z.ZodType>(type: string, schema: Schema) {
    return this.#rights.stage.propertiesOf(type).map(({ stack, logicalId, properties }) => ({
      ref: `${stack}/${logicalId}`,
      properties: schema.parse(properties),
    }));
  }

  #byRole(roleArn: string | undefined, actions: readonly string[], resource: string): Need[] {
    const statements = this.#rights.roles.find(({ arn }) => arn === roleArn)?.statements ?? [];
    return actions.map((action) => ({
      what: `${roleArn} needs ${action} on ${resource}`,
      isMet: isAllowed(statements, action, resource),
    }));
  }

  #byPolicy(service: string, action: string, resource: string, source: string): Need {
    const isMet = this.#rights.resourcePolicies.some(({ statements }) =>
      statements.some((statement) => {
        const from = ["ArnEquals", "ArnLike"].flatMap(
          (operator) => statement.Condition[operator]?.["aws:SourceArn"] ?? [],
        );
        return (
          isAllowed([statement], action, resource) &&
          statement.Principal?.Service?.includes(service) &&
          from.some((pattern) => matches(String(pattern), source))
        );
      }),
    );
    return { what: `${service} needs ${action} on ${resource} for ${source}`, isMet };
  }

  #ofFedFunctions(): Need[] {
    const fed = ["AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"];
    return fed
      .flatMap((type) => this.#read(type, FedSchema))
      .flatMap(({ properties: { FunctionName, EventSourceArn, DestinationConfig } }) => {
        const role = this.#rights.functions.find(({ resource }) => resource.ref === FunctionName)?.role.arn;
        const reads = EventSourceArn?.includes(":sqs:") ? READS_QUEUE : READS_STREAM;
        return [
          ...(EventSourceArn === undefined ? [] : this.#byRole(role, reads, EventSourceArn)),
          ...(DestinationConfig === undefined ? [] : this.#byRole(role, SEND, DestinationConfig)),
        ];
      });
  }

  #ofSchedules(): Need[] {
    return this.#read("AWS::Scheduler::Schedule", ScheduleSchema).flatMap(({ properties: { Target } }) =>
      this.#byRole(Target.RoleArn, [INVOKE], Target.Arn),
    );
  }

  #ofRules(): Need[] {
    const { stage } = this.#rights;
    return stage
      .all("AWS::Events::Rule")
      .flatMap(({ stack, arn, properties }) =>
        RuleSchema.parse(stage.resolve(stack, properties)).Targets.flatMap(({ Arn, DeadLetterConfig }) => [
          this.#byPolicy(EVENT_BRIDGE, Arn.includes(":sqs:") ? "sqs:SendMessage" : INVOKE, Arn, arn),
          ...(DeadLetterConfig ? [this.#byPolicy(EVENT_BRIDGE, "sqs:SendMessage", DeadLetterConfig.Arn, arn)] : []),
        ]),
      );
  }

  #ofPipes(): Need[] {
    return this.#read("AWS::Pipes::Pipe", PipeSchema).flatMap(
      ({ properties: { RoleArn, Source, Target, SourceParameters } }) => [
        ...this.#byRole(RoleArn, READS_STREAM, Source),
        ...this.#byRole(RoleArn, ["sns:Publish"], Target),
        ...this.#byRole(RoleArn, SEND, SourceParameters.DynamoDBStreamParameters.DeadLetterConfig.Arn),
      ],
    );
  }

  #ofApis(): Need[] {
    const { stage, functions } = this.#rights;
    const functionIn = (uri: string): string =>
      functions.find(({ resource }) => uri.endsWith(resource.arn) || uri.includes(`${resource.arn}/`))?.resource.arn ??
      uri;
    const apiArn = (id: string): string => stage.all("AWS::ApiGatewayV2::Api").find(({ ref }) => ref === id)?.arn ?? id;
    const integrations = new Map<string, string>(
      this.#read("AWS::ApiGatewayV2::Integration", z.object({ IntegrationUri: z.string() })).map(
        ({ ref, properties }) => [`integrations/${ref}`, functionIn(properties.IntegrationUri)] as const,
      ),
    );
    const routes = this.#read("AWS::ApiGatewayV2::Route", RouteSchema).map(({ properties }) => {
      // `GET /api/v1/quota` of the HTTP API, `$connect` of the WebSocket API.
      const call = properties.RouteKey.replace(/^(\S+) \//, "$1/");
      const source = `${apiArn(properties.ApiId)}/any-stage/${call}`;
      return this.#byPolicy(API_GATEWAY, INVOKE, integrations.get(properties.Target) ?? properties.Target, source);
    });
    const AuthorizerSchema = z.object({ ApiId: z.string(), AuthorizerUri: z.string() });
    const authorizers = this.#read("AWS::ApiGatewayV2::Authorizer", AuthorizerSchema).map(({ ref, properties }) =>
      this.#byPolicy(
        ...([API_GATEWAY, INVOKE, functionIn(properties.AuthorizerUri)] as const),
        `${apiArn(properties.ApiId)}/authorizers/${ref}`,
      ),
    );
    return [...routes, ...authorizers];
  }

  #ofLogs(): Need[] {
    const { stage, functions } = this.#rights;
    return functions.flatMap(({ resource, role }) => {
      const { LoggingConfig } = LoggedSchema.parse(stage.resolve(resource.stack, resource.properties));
      const group = stage.all("AWS::Logs::LogGroup").find(({ ref }) => ref === LoggingConfig.LogGroup);
      const stream = `${group?.arn.replace(/\*$/, "")}log-stream:one`;
      return this.#byRole(role.arn, ["logs:CreateLogStream", "logs:PutLogEvents"], stream);
    });
  }
}
