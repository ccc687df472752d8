import { Stack } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import { WebSocketLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";
import { acceptFinding } from "./findings/accept-finding.ts";
import { removalPolicy } from "./removal-policy.ts";
import type { EnvSchemaLike } from "./service-environment.ts";
import type { ServiceFunction } from "./service-function.ts";

/** The API's stage, which is part of its address. */
const STAGE_NAME = "live";
/** Messages and new connections a second: API Gateway's own quota of new connections is 500 a second. */
const MESSAGES_PER_SECOND = 500;

/**
 * The WebSocket API: connections are opened, closed and answered by one function, and written to by whom it is granted.
 * Made before that function, which must know its address.
 *
 * @example
 * const live = new LiveGateway(this, "Live", { config });
 * live.serve(liveConnections.fn);
 */
export class LiveGateway extends Construct {
  readonly api: WebSocketApi;
  /** Where clients connect. */
  readonly url: string;
  /** Where functions write to connections, as their environment has it. */
  readonly connectionsAddress: string;
  readonly #config: StageConfig;

  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id);
    const { region, urlSuffix } = Stack.of(this);
    this.#config = config;
    this.api = new WebSocketApi(this, "Api", { routeSelectionExpression: "$request.body.action" });
    const host = `${this.api.apiId}.execute-api.${region}.${urlSuffix}`;
    const [gateway = "http://localhost:8787"] = config.allowed_origins;
    // On stage local the gateway's `/live` leads to the emulator, whose own address nobody knows before it runs.
    this.url = config.disposable ? `${gateway.replace(/^http/, "ws")}/live` : `wss://${host}/${STAGE_NAME}`;
    this.connectionsAddress = config.disposable
      ? `/_aws/execute-api/${this.api.apiId}/${STAGE_NAME}`
      : `https://${host}/${STAGE_NAME}`;
  }

  get apiId(): string {
    return this.api.apiId;
  }

  /** Lets a function answer what happens on connections. */
  serve(fn: IFunction): void {
    acceptFinding(this.api, {
      rules: ["AwsSolutions-APIG4"],
      reason:
        "A connection is opened by a ticket, which the function takes: browsers cannot send a token when they open one.",
    });
    for (const route of ["$connect", "$disconnect", "$default"]) {
      this.api.addRoute(route, { integration: new WebSocketLambdaIntegration(route.slice(1), fn) });
    }
    const accessLogs = new LogGroup(this, "AccessLogs", {
      retention: this.#config.log_retention_days,
      removalPolicy: removalPolicy(this.#config),
    });
    new WebSocketStage(this, "Stage", {
      webSocketApi: this.api,
      stageName: STAGE_NAME,
      autoDeploy: true,
      throttle: { rateLimit: MESSAGES_PER_SECOND, burstLimit: 2 * MESSAGES_PER_SECOND },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs),
        // Without the query, which has the ticket.
        format: AccessLogFormat.custom(
          JSON.stringify({
            request_id: "$context.requestId",
            connection_id: "$context.connectionId",
            time: "$context.requestTimeEpoch",
            event: "$context.eventType",
            route: "$context.routeKey",
            status: "$context.status",
            error: "$context.error.message",
            integration_error: "$context.integrationErrorMessage",
          }),
        ),
      },
    });
  }

  /** Lets a function write to connections of this API and close them. */
  grantManage<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>): void {
    const { partition, region, account } = Stack.of(this);
    const stage = `arn:${partition}:execute-api:${region}:${account}:${this.api.apiId}/${STAGE_NAME}`;
    target.allow(
      ["execute-api:ManageConnections"],
      ...["POST", "DELETE"].map((method) => `${stage}/${method}/@connections/*`),
    );
    acceptFinding(target, {
      rules: ["AwsSolutions-IAM5"],
      kind: "connections",
      only: /^Resource::.*\/live\/(POST|DELETE)\/@connections\/\*$/,
      reason: "Connections come and go: the right ends at those of the stage's own WebSocket API.",
    });
  }
}
