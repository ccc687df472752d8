import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { resourcesOf, roleStatements } from "../stage/resources.ts";
import { buildStage, synthesizedStage, templatesOf } from "../stage/synth-stage.ts";

const prod = synthesizedStage("prod").templates.Api;
const all = [...resourcesOf(prod, "AWS::ApiGatewayV2::Route").values()].map(({ Properties }) => Properties);
const isLive = (route: (typeof all)[number]): boolean => JSON.stringify(route.ApiId).includes("LiveApi");
const routes = all.filter((route) => !isLive(route));
const open = routes.filter((route) => route.AuthorizationType === "NONE").map((route) => route.RouteKey);
const SHOP = ["GET /api/v1/shop/{handle}/products", "GET /api/v1/shop/{handle}/products/{videoId}"];
const FEEDS = ["GET /api/v1/feeds/{file}", "HEAD /api/v1/feeds/{file}"];
const guarded = routes.filter((route) => route.AuthorizationType === "CUSTOM").map((route) => route.RouteKey);

describe("the HTTP API", () => {
  it("is open for health, configuration, documentation, feeds, counts of connections, shops and what it does not have only", () => {
    expect(open).toEqual([
      ...FEEDS,
      ...["GET /api/v1/health", "GET /api/v1/config", "GET /api/v1/openapi.json", "GET /api/v1/docs"],
      "GET /api/v1/websocket/stats",
      ...SHOP,
      "$default",
    ]);
  });

  it("lets operations-api answer what no route takes", () => {
    const target = JSON.stringify(routes.find((route) => route.RouteKey === "$default")?.Target);
    const integrations = [...resourcesOf(prod, "AWS::ApiGatewayV2::Integration")];
    const [, integration] = integrations.find(([id]) => target.includes(id)) ?? [];
    expect(JSON.stringify(integration?.Properties.IntegrationUri)).toContain("OperationsApi");
  });

  it("asks everywhere else for a token or a key, of which one function says whose it is, anew each minute", () => {
    expect(guarded).toEqual([
      ...["/api/v1/catalogs", "/api/v1/catalogs/{proxy+}", "/api/v1/exports/{proxy+}"].flatMap((path) =>
        ["GET", "POST", "DELETE"].map((method) => `${method} ${path}`),
      ),
      ...["/api/v1/products", "/api/v1/products/{proxy+}"].flatMap((path) =>
        ["GET", "POST"].map((method) => `${method} ${path}`),
      ),
      "POST /api/v1/sourcing/search",
      "GET /api/v1/quota",
      "GET /api/v1/analytics/data-sources",
      "GET /api/v1/marketplaces",
      "POST /api/v1/live/tickets",
      "PUT /api/v1/marketplaces/{code}",
      ...["/api/v1/licences", "/api/v1/licences/{proxy+}"].flatMap((path) =>
        ["GET", "POST", "DELETE"].map((method) => `${method} ${path}`),
      ),
      "GET /api/v1/refresh/jobs",
      "GET /api/v1/refresh/forecast",
      "POST /api/v1/refresh/run",
      ...["/api/v1/webhooks", "/api/v1/webhooks/{proxy+}"].flatMap((path) =>
        ["GET", "POST", "PATCH", "DELETE"].map((method) => `${method} ${path}`),
      ),
      ...["GET", "POST"].map((method) => `${method} /api/v1/keys`),
      "DELETE /api/v1/keys/{id}",
      ...["GET /api/v1/operations/dead-letters", "GET /api/v1/operations/dead-letters/{id}"],
      ...["GET", "POST"].map((method) => `${method} /api/v1/operations/redrives`),
      ...["GET", "DELETE"].map((method) => `${method} /api/v1/operations/redrives/{id}`),
      "GET /api/v1/operations/redrives/{id}/messages",
      "POST /api/v1/operations/discards",
      ...["/api/v1/operations/failures", "/api/v1/operations/failures/{proxy+}"].flatMap((path) =>
        ["GET", "POST", "DELETE"].map((method) => `${method} ${path}`),
      ),
      "POST /api/v1/operations/probes",
    ]);
    expect(open.length + guarded.length).toBe(routes.length);
    prod.hasResourceProperties("AWS::ApiGatewayV2::Authorizer", {
      AuthorizerType: "REQUEST",
      AuthorizerPayloadFormatVersion: "2.0",
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 60,
      IdentitySource: ["$request.header.Authorization"],
    });
  });

  it("is throttled and writes an access log without bodies, tokens or addresses, which the secret of a feed is part of", () => {
    prod.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      StageName: "$default",
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      AccessLogSettings: {
        DestinationArn: Match.anyValue(),
        Format: Match.not(Match.stringLikeRegexp("authorization|header|body|path|query|uri")),
      },
    });
  });

  it("names in its access log who called and with which key, by what the authorizer says", () => {
    prod.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      StageName: "$default",
      AccessLogSettings: {
        Format: Match.serializedJson(
          Match.objectLike({
            ...{ user: "$context.authorizer.user_id", key: "$context.authorizer.key_id" },
            ...{ route: "$context.routeKey", status: "$context.status", time: "$context.requestTimeEpoch" },
          }),
        ),
      },
    });
  });

  it("lets readers of shops and of feeds through apart, once their routes are there, and has none of these without the shop line", () => {
    const limit = { ThrottlingRateLimit: 25, ThrottlingBurstLimit: 50 };
    const stages = [...resourcesOf(prod, "AWS::ApiGatewayV2::Stage").values()];
    const stage = stages.find(({ Properties }) => Properties.StageName === "$default");
    const few = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 };
    // A caller that needs no credential has a limit apart from callers that have one.
    expect(Object.keys(stage?.Properties.RouteSettings as object).sort()).toEqual([...open].map(String).sort());
    expect(stage?.Properties.RouteSettings).toEqual({
      ...Object.fromEntries(SHOP.map((key) => [key, limit])),
      ...Object.fromEntries(["health", "config", "openapi.json", "docs"].map((path) => [`GET /api/v1/${path}`, few])),
      $default: few,
      "GET /api/v1/websocket/stats": { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 10 },
      ...Object.fromEntries(FEEDS.map((key) => [key, few])),
    });
    const shopRoutes = [...resourcesOf(prod, "AWS::ApiGatewayV2::Route")].filter(([, { Properties }]) =>
      SHOP.includes(String(Properties.RouteKey)),
    );
    expect(stage?.DependsOn).toEqual(expect.arrayContaining(shopRoutes.map(([id]) => id)));
    const without = JSON.stringify(templatesOf(buildStage("prod", { settings: { shop_line: false } })).Api.toJSON());
    expect(without).not.toMatch(/\/shop\/|ShopApi/);
  });

  it("answers browsers of the allowed origins only, and none when none is allowed", () => {
    prod.hasResourceProperties("AWS::ApiGatewayV2::Api", { CorsConfiguration: Match.absent() });
    const settings = { allowed_origins: ["https://console.example.com"] };
    templatesOf(buildStage("prod", { settings })).Api.hasResourceProperties("AWS::ApiGatewayV2::Api", {
      CorsConfiguration: Match.objectLike({
        AllowOrigins: ["https://console.example.com"],
        AllowHeaders: Match.arrayWith(["authorization", "idempotency-key"]),
      }),
    });
  });
});

describe("the WebSocket API", () => {
  it("is opened by tickets and origins, which its function checks, and logs no address", () => {
    expect(all.filter(isLive).map((route) => route.RouteKey)).toEqual(["$connect", "$disconnect", "$default"]);
    prod.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      StageName: "live",
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000 },
      AccessLogSettings: { Format: Match.not(Match.stringLikeRegexp("query|ticket|header|path")) },
    });
  });

  it("is fed with the changes of runs, and of a catalog's state before the first, which are tried again in halves for a minute and then noted", () => {
    prod.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FilterCriteria: {
        Filters: [
          { Pattern: '{"dynamodb":{"NewImage":{"row_type":{"S":["run"]}}}}' },
          ...[
            ['["awaiting_upload"]', '["ingesting","ingest_failed","ready"]'],
            ['["ingesting"]', '["ingest_failed","ready"]'],
          ].map(([before, after]) => ({
            Pattern: `{"eventName":["MODIFY"],"dynamodb":{"OldImage":{"state":{"S":${before}}},"NewImage":{"row_type":{"S":["catalog"]},"state":{"S":${after}},"tracking_id":{"S":[{"exists":false}]}}}}`,
          })),
        ],
      },
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 60,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  it("lets the public count of connections through at a rate of its own", () => {
    prod.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      RouteSettings: { "GET /api/v1/websocket/stats": { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 10 } },
    });
  });
});

describe("the secret of cursors", () => {
  const secrets = [...resourcesOf(prod, "AWS::SecretsManager::Secret")];

  it("is made at random, without a name that a second deploy could meet, and goes with its stack", () => {
    expect(secrets.map(([, secret]) => [secret.Properties, secret.DeletionPolicy])).toEqual([
      [
        {
          Description: expect.any(String),
          GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
        },
        "Delete",
      ],
    ]);
  });

  it("is read by the functions that hand out cursors only", () => {
    const [id = ""] = secrets[0] ?? [];
    const readers = [...roleStatements(prod)].filter(([, statements]) =>
      statements.some(({ Resource }) => Resource.some((resource) => resource.includes(id))),
    );
    expect(readers.map(([policy]) => policy)).toEqual([
      expect.stringMatching(/^CatalogsApi/),
      expect.stringMatching(/^ProductsApi/),
      expect.stringMatching(/^OperationsApi/),
    ]);
  });
});
