import { Stack, type StackProps } from "aws-cdk-lib";
import { HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";
import { CursorSecret } from "../constructs/cursor-secret.ts";
import type { StageData } from "../constructs/data/stage-data.ts";
import { HandleDeadLettersFunction } from "../constructs/dead-letters/handle-dead-letters-function.ts";
import { EveryMinute } from "../constructs/every-minute.ts";
import { AuthorizeRequestsFunction } from "../constructs/functions/authorize-requests-function.ts";
import { CatalogsApiFunction } from "../constructs/functions/catalogs/catalogs-api-function.ts";
import { BroadcastChangesFunction } from "../constructs/functions/live/broadcast-changes-function.ts";
import { LiveConnectionsFunction } from "../constructs/functions/live/live-connections-function.ts";
import { OperationsApiFunction } from "../constructs/functions/operations-api-function.ts";
import { ProductsApiFunction } from "../constructs/functions/products/products-api-function.ts";
import { ShopApiFunction } from "../constructs/functions/shop/shop-api-function.ts";
import { HttpGateway } from "../constructs/http-gateway.ts";
import { LiveGateway } from "../constructs/live-gateway.ts";
import { LiveStream, STATE_CHANGES } from "../constructs/live-stream.ts";
import { putOut } from "../constructs/put-out.ts";
import { DeadLetters } from "../constructs/queues/dead-letters.ts";
import type { QueueWithDlq } from "../constructs/queues/queue-with-dlq.ts";
import type { WorkQueues } from "../constructs/queues/work-queues.ts";
import type { AlarmRegistry } from "../monitoring/alarm-registry.ts";
import { addLiveAlarms } from "../monitoring/live-alarms.ts";

/** Anybody may read what the API is and how it does; a page and a probe ask now and then. */
const OPEN_CALLS_PER_SECOND = 10;
/** Anybody may read how many listen; a page that shows it asks every few seconds. */
const STATS_CALLS_PER_SECOND = 10;
/** Anybody may try an address; each fetch reads a catalog. */
const FEED_CALLS_PER_SECOND = 10;

export interface ApiStackProps extends StackProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  readonly data: StageData;
  readonly queues: WorkQueues;
  /** Deliveries of webhooks; undefined where the stage has none. */
  readonly webhooksQueue: QueueWithDlq | undefined;
  /** Plans the refresh when an operator asks; undefined where the stage has none. */
  readonly planRefresh: IFunction | undefined;
}

/** What clients talk to: the HTTP API, the WebSocket API, and the functions behind them. */
export class ApiStack extends Stack {
  readonly gateway: HttpGateway;
  readonly authorizeRequests: AuthorizeRequestsFunction;
  readonly catalogsApi: CatalogsApiFunction;
  readonly productsApi: ProductsApiFunction;
  readonly operationsApi: OperationsApiFunction;
  readonly handleDeadLetters: HandleDeadLettersFunction;
  readonly live: LiveGateway;
  readonly liveConnections: LiveConnectionsFunction;
  readonly broadcastChanges: BroadcastChangesFunction;
  /** Where the stage has the shop line. */
  readonly shopApi: ShopApiFunction | undefined;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    const { config, alarms, data } = props;
    const cursorSecret = new CursorSecret(this, "CursorSecret");
    this.authorizeRequests = new AuthorizeRequestsFunction(this, "AuthorizeRequests", props);
    this.catalogsApi = new CatalogsApiFunction(this, "CatalogsApi", { ...props, cursorSecret });
    this.productsApi = new ProductsApiFunction(this, "ProductsApi", { ...props, cursorSecret });
    this.live = new LiveGateway(this, "Live", { config });
    this.liveConnections = new LiveConnectionsFunction(this, "LiveConnections", { ...props, live: this.live });
    this.broadcastChanges = new BroadcastChangesFunction(this, "BroadcastChanges", { ...props, live: this.live });
    this.live.serve(this.liveConnections.fn);
    const undelivered = new DeadLetters(this, "Broadcasts", {
      config,
      alarms,
      impact: "Changes were not pushed for a minute: who watches them sees them late, by polling or a new connection.",
    });
    new LiveStream(this, "RunChanges", {
      config,
      table: data.enrichmentStatus,
      target: this.broadcastChanges,
      undelivered,
      filters: STATE_CHANGES,
    });
    if (config.shop_line) {
      new LiveStream(this, "NewProducts", {
        config,
        table: data.shopProducts,
        target: this.broadcastChanges,
        undelivered,
        filters: [{ eventName: ["INSERT"] }],
      });
    }
    new EveryMinute(this, "LiveCensus", {
      alarms,
      target: this.liveConnections,
      component: "LiveConnections",
      counted: { config, service: "live-connections" },
      impact: "Nobody knows how many connections are open; `GET /websocket/stats` answers an old count.",
      severity: "notice",
    });
    // After all queues: it knows each that is monitored for dead letters.
    this.handleDeadLetters = new HandleDeadLettersFunction(this, "HandleDeadLetters", props);
    new EveryMinute(this, "DeadLettersSchedule", {
      alarms,
      target: this.handleDeadLetters,
      component: "HandleDeadLetters",
      counted: { config, service: "handle-dead-letters" },
      impact: "Dead letters stay in their queues, where only AWS's own tools see them, and redrives stand still.",
      // The queues' own gauges wake somebody for what lies there meanwhile.
      severity: "notice",
    });
    this.operationsApi = new OperationsApiFunction(this, "OperationsApi", {
      ...{ ...props, cursorSecret },
      handleDeadLetters: this.handleDeadLetters.fn,
      webSocketUrl: this.live.url,
    });
    addLiveAlarms(alarms, { config, consumer: this.broadcastChanges.fn });
    this.shopApi = config.shop_line ? new ShopApiFunction(this, "ShopApi", props) : undefined;
    this.gateway = new HttpGateway(this, "Gateway", {
      config,
      alarms,
      authorizer: this.authorizeRequests.fn,
      fallback: this.operationsApi.fn,
      routes: {
        Catalogs: {
          fn: this.catalogsApi.fn,
          paths: ["/catalogs", "/catalogs/{proxy+}", "/exports/{proxy+}"],
          // Not ANY: it would catch preflight requests, which carry no token.
          methods: [HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE],
        },
        Feeds: {
          fn: this.catalogsApi.fn,
          paths: ["/feeds/{file}"],
          // HEAD too: what links a sheet to an address may look at it before it fetches it.
          methods: [HttpMethod.GET, HttpMethod.HEAD],
          open: true,
          throttle: { rateLimit: FEED_CALLS_PER_SECOND, burstLimit: 2 * FEED_CALLS_PER_SECOND },
        },
        Products: {
          fn: this.productsApi.fn,
          paths: ["/products", "/products/{proxy+}"],
          methods: [HttpMethod.GET, HttpMethod.POST],
        },
        Sourcing: { fn: this.productsApi.fn, paths: ["/sourcing/search"], methods: [HttpMethod.POST] },
        OpenOperations: {
          fn: this.operationsApi.fn,
          paths: ["/health", "/config", "/openapi.json", "/docs"],
          methods: [HttpMethod.GET],
          open: true,
          throttle: { rateLimit: OPEN_CALLS_PER_SECOND, burstLimit: 2 * OPEN_CALLS_PER_SECOND },
        },
        Operations: {
          fn: this.operationsApi.fn,
          paths: ["/quota", "/analytics/data-sources", "/marketplaces"],
          methods: [HttpMethod.GET],
        },
        Tickets: { fn: this.operationsApi.fn, paths: ["/live/tickets"], methods: [HttpMethod.POST] },
        WebSocketStats: {
          fn: this.operationsApi.fn,
          paths: ["/websocket/stats"],
          methods: [HttpMethod.GET],
          open: true,
          throttle: { rateLimit: STATS_CALLS_PER_SECOND, burstLimit: STATS_CALLS_PER_SECOND },
        },
        Marketplaces: {
          fn: this.operationsApi.fn,
          paths: ["/marketplaces/{code}"],
          methods: [HttpMethod.PUT],
        },
        ...(this.shopApi
          ? {
              Shop: {
                fn: this.shopApi.fn,
                paths: ["/shop/{handle}/products", "/shop/{handle}/products/{videoId}"],
                methods: [HttpMethod.GET],
                open: true,
                throttle: { rateLimit: config.shop_calls_per_second, burstLimit: config.shop_burst_calls },
              },
            }
          : {}),
        Licences: {
          fn: this.operationsApi.fn,
          paths: ["/licences", "/licences/{proxy+}"],
          methods: [HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE],
        },
        Refresh: {
          fn: this.operationsApi.fn,
          paths: ["/refresh/jobs", "/refresh/forecast"],
          methods: [HttpMethod.GET],
        },
        RefreshRun: { fn: this.operationsApi.fn, paths: ["/refresh/run"], methods: [HttpMethod.POST] },
        Webhooks: {
          fn: this.operationsApi.fn,
          paths: ["/webhooks", "/webhooks/{proxy+}"],
          methods: [HttpMethod.GET, HttpMethod.POST, HttpMethod.PATCH, HttpMethod.DELETE],
        },
        Keys: {
          fn: this.operationsApi.fn,
          paths: ["/keys"],
          methods: [HttpMethod.GET, HttpMethod.POST],
        },
        Key: { fn: this.operationsApi.fn, paths: ["/keys/{id}"], methods: [HttpMethod.DELETE] },
        DeadLetters: {
          fn: this.operationsApi.fn,
          paths: ["/operations/dead-letters", "/operations/dead-letters/{id}"],
          methods: [HttpMethod.GET],
        },
        Redrives: {
          fn: this.operationsApi.fn,
          paths: ["/operations/redrives"],
          methods: [HttpMethod.GET, HttpMethod.POST],
        },
        Redrive: {
          fn: this.operationsApi.fn,
          paths: ["/operations/redrives/{id}"],
          methods: [HttpMethod.GET, HttpMethod.DELETE],
        },
        RedriveMessages: {
          fn: this.operationsApi.fn,
          paths: ["/operations/redrives/{id}/messages"],
          methods: [HttpMethod.GET],
        },
        Discards: { fn: this.operationsApi.fn, paths: ["/operations/discards"], methods: [HttpMethod.POST] },
        Failures: {
          fn: this.operationsApi.fn,
          paths: ["/operations/failures", "/operations/failures/{proxy+}"],
          methods: [HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE],
        },
        Probes: { fn: this.operationsApi.fn, paths: ["/operations/probes"], methods: [HttpMethod.POST] },
      },
    });
    putOut(this, {
      ApiId: this.gateway.api.apiId,
      // Ends in /api/v1; on an emulator the address is made from the id instead.
      ApiUrl: `${this.gateway.api.apiEndpoint}/api/v1`,
      WebSocketApiId: this.live.apiId,
      WebSocketUrl: this.live.url,
      QueueBroadcastsDlqUrl: undelivered.queue.queueUrl,
      FunctionLiveConnections: this.liveConnections.fn.functionName,
      FunctionBroadcastChanges: this.broadcastChanges.fn.functionName,
      FunctionAuthorizeRequests: this.authorizeRequests.fn.functionName,
      FunctionCatalogsApi: this.catalogsApi.fn.functionName,
      FunctionProductsApi: this.productsApi.fn.functionName,
      FunctionOperationsApi: this.operationsApi.fn.functionName,
      FunctionHandleDeadLetters: this.handleDeadLetters.fn.functionName,
      ...(this.shopApi ? { FunctionShopApi: this.shopApi.fn.functionName } : {}),
    });
  }
}
