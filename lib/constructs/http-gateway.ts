import { Duration } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CfnStage,
  CorsHttpMethod,
  HttpApi,
  type HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { AUTHORIZER_CACHE_SECONDS } from "../../lambdas/common/core/access/authorizer-context.ts";
import type { StageConfig } from "../config/load-settings.ts";
import type { AlarmRegistry } from "../monitoring/alarm-registry.ts";
import { addApiAlarms } from "../monitoring/api-alarms.ts";
import { type AcceptedFinding, acceptFinding } from "./findings/accept-finding.ts";
import { removalPolicy } from "./removal-policy.ts";

/** Where every path of the API begins. */
export const API_ROOT = "/api/v1";

/** Calls a second to addresses that are not there: anybody may try them, and nobody needs them. */
const FALLBACK_LIMIT = { rateLimit: 10, burstLimit: 20 } as const;

/** Paths that one function answers. */
export interface GatewayRoutes {
  readonly fn: IFunction;
  /** Below `/api/v1`, such as `/catalogs/{proxy+}`. */
  readonly paths: readonly string[];
  readonly methods: readonly HttpMethod[];
  /** Whether anybody may call, with a `throttle` then; else a token of the user pool or a key is asked for. */
  readonly open?: boolean;
  /** Calls a second that each of the routes lets through, so that they leave some to the others. @default the stage's */
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number };
}

export interface HttpGatewayProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  /** Says who a request comes from that has an Authorization header; without one nobody gets in. */
  readonly authorizer: IFunction;
  /** By a name that is stable: the integration's logical id follows from it. */
  readonly routes: Readonly<Record<string, GatewayRoutes>>;
  /**
   * Answers every address and method that no route takes, without a token: API Gateway's own body for them is no
   * problem+json. It must let nothing pass that its routes would ask a token for.
   */
  readonly fallback: IFunction;
}

const OPEN_ROUTE: AcceptedFinding = {
  rules: ["AwsSolutions-APIG4"],
  reason:
    "Open on purpose: it shows nothing of a user, or is opened by a token in its address; api-stack.test.ts holds the exact list.",
};

/** Routes with a limit of their own, by the keys that API Gateway knows them by. */
interface RouteLimit {
  readonly keys: readonly string[];
  readonly added: readonly HttpRoute[];
  readonly throttle: NonNullable<GatewayRoutes["throttle"]>;
}

/**
 * The HTTP API: throttled, with access logs without bodies, tokens and keys, and with one authorizer, for people and for
 * keys, on every path that is not open. What it does not have is answered by one of our functions too.
 */
export class HttpGateway extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, props: HttpGatewayProps) {
    super(scope, id);
    const { config } = props;
    this.api = new HttpApi(this, "Api", {
      createDefaultStage: false,
      ...(config.allowed_origins.length > 0
        ? {
            corsPreflight: {
              allowOrigins: [...config.allowed_origins],
              allowMethods: [
                CorsHttpMethod.GET,
                CorsHttpMethod.POST,
                CorsHttpMethod.PUT,
                CorsHttpMethod.PATCH,
                CorsHttpMethod.DELETE,
              ],
              allowHeaders: ["authorization", "content-type", "idempotency-key", "x-correlation-id"],
              exposeHeaders: ["retry-after", "x-correlation-id"],
              maxAge: Duration.hours(1),
            },
          }
        : {}),
    });
    const limits: RouteLimit[] = [];
    const authorizer = new HttpLambdaAuthorizer("Callers", props.authorizer, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      // The answer holds for all routes: what a key may do is checked by the functions, route by route.
      identitySource: ["$request.header.Authorization"],
      resultsCacheTtl: Duration.seconds(AUTHORIZER_CACHE_SECONDS),
    });
    for (const [name, routes] of Object.entries(props.routes)) {
      const integration = new HttpLambdaIntegration(name, routes.fn);
      for (const path of routes.paths) {
        const added = this.api.addRoutes({
          path: `${API_ROOT}${path}`,
          methods: [...routes.methods],
          integration,
          ...(routes.open ? {} : { authorizer }),
        });
        if (routes.open) for (const route of added) acceptFinding(route, OPEN_ROUTE);
        const { throttle, methods } = routes;
        if (throttle) limits.push({ keys: methods.map((method) => `${method} ${API_ROOT}${path}`), added, throttle });
      }
    }
    const fallback = new HttpRoute(this, "Fallback", {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration("Fallback", props.fallback),
    });
    acceptFinding(fallback, {
      rules: ["AwsSolutions-APIG4"],
      reason: "It answers what no route takes, with 404 or 405 for anybody, and reads nothing.",
    });
    limits.push({ keys: [HttpRouteKey.DEFAULT.key], added: [fallback], throttle: FALLBACK_LIMIT });
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
            user: "$context.authorizer.user_id",
            key: "$context.authorizer.key_id",
          }),
        ),
      },
    });
    this.#throttle(limits);
    addApiAlarms(props.alarms, {
      api: this.api,
      serverErrors: config.alarms.api_server_errors,
      latencyP99Ms: config.alarms.api_latency_p99_ms,
    });
  }

  /** The library knows limits of whole stages only. A stage refuses to be made with a limit of a route that is not there yet. */
  #throttle(limits: readonly RouteLimit[]): void {
    if (limits.length === 0) return;
    const stage = this.stage.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error("the stage of the API is no CfnStage");
    stage.routeSettings = Object.fromEntries(
      limits.flatMap(({ keys, throttle }) =>
        keys.map((key) => [
          key,
          { ThrottlingRateLimit: throttle.rateLimit, ThrottlingBurstLimit: throttle.burstLimit },
        ]),
      ),
    );
    this.stage.node.addDependency(...limits.flatMap(({ added }) => added));
  }
}
