import { parse } from "node:path";
import { Duration } from "aws-cdk-lib";
import { type IGrantable, type IPrincipal, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, CfnFunction, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { BUNDLE_FILE, LOCAL_FILE } from "../bundling/bundle-files.ts";
import { functionCode } from "../bundling/function-code.ts";
import type { StageConfig } from "../config/load-settings.ts";
import type { AlarmRegistry } from "../monitoring/alarm-registry.ts";
import { addFunctionAlarms } from "../monitoring/function-alarms.ts";
import { acceptFinding } from "./findings/accept-finding.ts";
import type { StageNetwork } from "./network/stage-network.ts";
import { removalPolicy } from "./removal-policy.ts";
import { checkEnvironment, type EnvSchemaLike, type ServiceEnvironment } from "./service-environment.ts";

export interface ServiceFunctionProps<Schema extends EnvSchemaLike> {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  /** Folder under `lambdas/` whose `index.ts` exports `handler`; also the service name in logs and metrics. */
  readonly room: string;
  /** Schema that the handler parses its environment with. */
  readonly envSchema: Schema;
  /** The schema's own variables; those of every function are set here. */
  readonly environment: ServiceEnvironment<Schema>;
  readonly timeoutSeconds: number;
  /** @default the stage's `function_memory_mb` */
  readonly memoryMb?: number;
  /** Options of Node beside those that every function has. */
  readonly nodeOptions?: readonly string[];
  /** What stops when this function stops: one sentence, for its alarms. */
  readonly impact: string;
  /** @default `<Id>` of the construct */
  readonly alarmComponent?: string;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions */
const CONNECT_ACTIONS = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

const handlerOf = (file: string): string => `${parse(file).name}.handler`;

/**
 * One room of `lambdas/` as a deployed function: Node 24 on arm64, one ESM bundle with its own AWS SDK, its own log
 * group with the stage's retention, and a role that may write there and nothing else until something is granted.
 *
 * @example
 * new ServiceFunction(this, "Reconcile", { config, alarms, room: "reconcile", envSchema: EnvSchema, environment, timeoutSeconds: 60, impact: "Overdue work waits." });
 */
export class ServiceFunction<Schema extends EnvSchemaLike> extends Construct implements IGrantable {
  readonly fn: LambdaFunction;
  readonly grantPrincipal: IPrincipal;
  /** Where its lines go. */
  readonly logGroupName: string;
  readonly #role: Role;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Schema>) {
    super(scope, id);
    const { config, room, timeoutSeconds } = props;
    const isLocal = config.kind === "local";
    const environment: Record<string, string> = {
      STAGE: config.stage,
      LOG_LEVEL: config.log_level,
      POWERTOOLS_SERVICE_NAME: room,
      CLOCK_FILE: config.clockFile ?? "",
      ...props.environment,
    };
    checkEnvironment(props.envSchema, environment);

    const logGroup = new LogGroup(this, "Logs", {
      retention: config.log_retention_days,
      removalPolicy: removalPolicy(config),
    });
    this.logGroupName = logGroup.logGroupName;
    this.#role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    this.grantPrincipal = this.#role;
    this.allow(["logs:CreateLogStream", "logs:PutLogEvents"], logGroup.logGroupArn);

    this.fn = new LambdaFunction(this, "Function", {
      code: functionCode(room, isLocal, config.bundles),
      handler: handlerOf(isLocal ? LOCAL_FILE : BUNDLE_FILE),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb ?? config.function_memory_mb,
      timeout: Duration.seconds(timeoutSeconds),
      role: this.#role,
      logGroup,
      // NODE_OPTIONS is the one variable beside the schema: it belongs to Node, not to the handler.
      environment: { ...environment, NODE_OPTIONS: ["--enable-source-maps", ...(props.nodeOptions ?? [])].join(" ") },
    });
    addFunctionAlarms(props.alarms, {
      component: props.alarmComponent ?? id,
      fn: this.fn,
      timeoutSeconds,
      errorPercent: config.alarms.function_error_percent,
      throttles: config.alarms.function_throttles,
      durationPercent: config.alarms.function_duration_percent,
      impact: props.impact,
    });
  }

  /** Puts the function into a network. Its rights are those that Lambda needs to connect it, which cannot be narrowed to resources. */
  enter({ subnetIds, securityGroupId }: Pick<StageNetwork, "subnetIds" | "securityGroupId">): void {
    const resource = this.fn.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error("the function is no CfnFunction");
    resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [securityGroupId] };
    this.#role.addToPolicy(new PolicyStatement({ actions: CONNECT_ACTIONS, resources: ["*"] }));
    acceptFinding(this, {
      rules: ["AwsSolutions-IAM5"],
      kind: "functions in a network",
      only: /^Resource::\*$/,
      reason:
        "Lambda connects a function with the rights of its role, to interfaces that it makes and finds by no name.",
    });
  }

  /** Lets the function do the named actions on the named resources. */
  allow(actions: readonly string[], ...resources: readonly string[]): void {
    const wild = [...actions.filter((action) => action.includes("*")), ...resources.filter((arn) => arn === "*")];
    if (wild.length > 0) throw new Error(`name the actions and resources instead of ${wild.join(", ")}`);
    this.#role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }
}
