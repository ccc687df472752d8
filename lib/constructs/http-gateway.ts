import { Duration } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CorsHttpMethod,
  HttpApi,
  type HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpUserPoolAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";
import type { AlarmRegistry } from "../monitoring/alarm-registry.ts";
import { addApiAlarms } from "../monitoring/api-alarms.ts";
import type { UserDirectory } from "./data/user-directory.ts";
import { removalPolicy } from "./removal-policy.ts";

/** Where every path of the API begins. */
const API_ROOT = "/api/v1";

/** Paths that one function answers. */
export interface GatewayRoutes {
  readonly fn: IFunction;
  /** Below `/api/v1`, such as `/catalogs/{proxy+}`. */
  readonly paths: readonly string[];
  readonly methods: readonly HttpMethod[];
  /** Whether anybody may call; else a token of the user pool is asked for. */
  readonly open?: boolean;
}

export interface HttpGatewayProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  readonly users: UserDirectory;
  /** By a name that is stable: the integration's logical id follows from it. */
  readonly routes: Readonly<Record<string, GatewayRoutes>>;
  /**
   * Answers every address and method that no route takes, without a token: API Gateway's own body for them is no
   * problem+json. It must let nothing pass that its routes would ask a token for.
   */
  readonly fallback: IFunction;
}

/**
 * The HTTP API: throttled, with access logs without bodies or tokens, and with a JWT authorizer that knows the user
 * pool on every path that is not open. What it does not have is answered by one of our functions too.
 */
export class HttpGateway extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, props: HttpGatewayProps) {
    super(scope, id);
    const { config, users } = props;
    this.api = new HttpApi(this, "Api", {
      createDefaultStage: false,
      ...(config.allowed_origins.length > 0
        ? {
            corsPreflight: {
              allowOrigins: [...config.allowed_origins],
              allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.PUT, CorsHttpMethod.DELETE],
              allowHeaders: ["authorization", "content-type", "idempotency-key", "x-correlation-id"],
              exposeHeaders: ["retry-after", "x-correlation-id"],
              maxAge: Duration.hours(1),
            },
          }
        : {}),
    });
    const authorizer = new HttpUserPoolAuthorizer("Users", users.pool, { userPoolClients: [users.client] });
    for (const [name, routes] of Object.entries(props.routes)) {
      const integration = new HttpLambdaIntegration(name, routes.fn);
      for (const path of routes.paths) {
        this.api.addRoutes({
          path: `${API_ROOT}${path}`,
          methods: [...routes.methods],
          integration,
          ...(routes.open ? {} : { authorizer }),
        });
      }
    }
    new HttpRoute(this, "Fallback", {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration("Fallback", props.fallback),
    });
    const accessLogs = new LogGroup(this, "AccessLogs", {
      retention: config.log_retention_days,
      removalPolicy: removalPolicy(config),
    });
    this.stage = new HttpStage(this, "Stage", {
      httpApi: this.api,
      stageName: "$default",
      autoDeploy: true,
      throttle: { rateLimit: config.api_calls_per_second, burstLimit: config.api_burst_calls },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(
          JSON.stringify({
            request_id: "$context.requestId",
            time: "$context.requestTimeEpoch",
            method: "$context.httpMethod",
            route: "$context.routeKey",
            status: "$context.status",
            latency_ms: "$context.responseLatency",
            error: "$context.error.message",
            integration_error: "$context.integrationErrorMessage",
            user: "$context.authorizer.claims.sub",
          }),
        ),
      },
    });
    addApiAlarms(props.alarms, {
      api: this.api,
      serverErrors: config.alarms.api_server_errors,
      latencyP99Ms: config.alarms.api_latency_p99_ms,
    });
  }
}
