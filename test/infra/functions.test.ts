import { describe, expect, it } from "vitest";
import { functionsOf, resourcesOf, roleStatements } from "./stage/resources.ts";
import { buildStage, type StageTemplates, settingsOf, synthesizedStage, templatesOf } from "./stage/synth-stage.ts";

const { Pipeline, Shop, Api, Data, Monitoring } = synthesizedStage("prod").templates;
const functions = [Pipeline, Shop, Api].flatMap((template) => [...functionsOf(template)]);
const statements = [Pipeline, Shop, Api].flatMap((template) =>
  [...roleStatements(template)].flatMap(([id, list]) => list.map((statement) => ({ id, statement }))),
);

describe("every function", () => {
  it("runs Node 24 on arm64 with the stage's memory; the reader of large files with more", () => {
    expect(functions).toHaveLength(23);
    for (const [, fn] of functions) {
      const isReader = fn.Environment.Variables.POWERTOOLS_SERVICE_NAME === "ingest-catalog";
      const MemorySize = isReader ? 1024 : 512;
      expect(fn).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"], MemorySize });
    }
  });

  it("ends before API Gateway gives up, or after the stage's timeout", () => {
    expect([...functionsOf(Api).values()].map((fn) => fn.Timeout)).toEqual([10, 29, 29, 29, 30, 60, 29, 29]);
    expect([...functionsOf(Shop).values()].map((fn) => fn.Timeout)).toEqual([30, 300]);
    expect([...functionsOf(Pipeline).values()].map((fn) => fn.Timeout).sort()).toEqual([
      120, 150, 150, 150, 150, 150, 150, 30, 300, 60, 60, 60, 900,
    ]);
  });

  it("writes to a log group of its own with the stage's retention", () => {
    for (const template of [Pipeline, Shop, Api]) {
      template.allResourcesProperties("AWS::Logs::LogGroup", {
        RetentionInDays: settingsOf("prod").log_retention_days,
      });
    }
    expect(resourcesOf(Pipeline, "AWS::Logs::LogGroup").size).toBe(13);
    // Two more for the access logs of the HTTP and the WebSocket API.
    expect(resourcesOf(Api, "AWS::Logs::LogGroup").size).toBe(10);
    expect(resourcesOf(Shop, "AWS::Logs::LogGroup").size).toBe(2);
    const groups = functions.map(([, fn]) => JSON.stringify(fn.LoggingConfig.LogGroup));
    expect(new Set(groups).size).toBe(functions.length);
  });

  it("has a clock that nobody can move, on every stage but local", () => {
    const clockFiles = (stage: StageTemplates): unknown[] =>
      [stage.Pipeline, stage.Api].flatMap((template) =>
        [...functionsOf(template).values()].map((fn) => fn.Environment.Variables.CLOCK_FILE),
      );
    // The other stages cannot be given one: settings.test.ts.
    expect(new Set(clockFiles(synthesizedStage("prod").templates))).toEqual(new Set([""]));
    const moved = clockFiles(templatesOf(buildStage("local", { clock_file: "/where/it/is" })));
    expect(new Set(moved)).toEqual(new Set(["/where/it/is"]));
  });

  it("is loaded by Lambda as it is, and by the emulator by an entry of its own", () => {
    expect(new Set(functions.map(([, fn]) => fn.Handler))).toEqual(new Set(["index.handler"]));
    const local = functionsOf(templatesOf(buildStage("local")).Pipeline).values();
    expect(new Set([...local].map((fn) => fn.Handler))).toEqual(new Set(["local.handler"]));
  });

  it("carries no secret in its environment", () => {
    for (const [id, fn] of functions) {
      const text = JSON.stringify(fn.Environment.Variables);
      expect(text, id).not.toMatch(
        /client_secret|secret_key|access_key|password|refresh_token|resolve:secretsmanager/i,
      );
    }
  });
});

describe("rights", () => {
  it("name every action and every resource; only objects, streams and connections are named by their prefix", () => {
    expect(statements.length).toBeGreaterThan(10);
    for (const { id, statement } of statements) {
      for (const action of statement.Action) expect(action, id).not.toContain("*");
      for (const resource of statement.Resource) {
        const rest = resource.replace(/\/(uploads|catalogs|exports|raw|stream|@connections)\/\*/, "");
        expect(rest, id).not.toContain("*");
      }
    }
  });

  it("come from no managed policy", () => {
    for (const template of [Pipeline, Shop, Api, Data, Monitoring]) {
      for (const [id, role] of resourcesOf(template, "AWS::IAM::Role")) {
        expect(role.Properties.ManagedPolicyArns, id).toBeUndefined();
      }
    }
  });

  it("let nobody write a secret or delete a queue", () => {
    const actions = new Set(statements.flatMap(({ statement }) => statement.Action));
    for (const refused of ["secretsmanager:PutSecretValue", "sqs:DeleteQueue", "sqs:PurgeQueue"]) {
      expect(actions).not.toContain(refused);
    }
    expect(actions).toContain("dynamodb:Query");
  });

  it("let four functions scan tables, for what no index holds: rows without a catalog, content that ended or was revoked, what waits, who listens", () => {
    const scanning = statements
      .filter(({ statement }) => statement.Action.includes("dynamodb:Scan"))
      .filter(({ statement }) => !statement.Resource.every((one) => one.includes("/index/failing-runs")));
    const tables = scanning.flatMap(({ id, statement }) =>
      statement.Resource.map(
        (resource) =>
          `${/^[A-Za-z]+?(?=Role|Service|[0-9A-F]{8})/.exec(id)?.[0]} ${/([A-Za-z]+)Table/.exec(resource)?.[1]}`,
      ),
    );
    expect(tables).toEqual([
      expect.stringMatching(/^Reconcile.* .*EnrichmentStatus$/),
      expect.stringMatching(/^SweepExpired.* .*Products$/),
      expect.stringMatching(/^SweepExpired.* .*ProductHistory$/),
      expect.stringMatching(/^SweepStaging.* .*AssemblyStaging$/),
      expect.stringMatching(/^LiveConnections.* .*LiveConnections$/),
    ]);
  });

  it("let nobody read raw answers, which are kept for a person with rights of their own, and end by their licences", () => {
    const reading = statements.filter(({ statement }) => statement.Action.includes("s3:GetObject"));
    expect(reading.length).toBeGreaterThan(2);
    for (const { id, statement } of reading) {
      for (const resource of statement.Resource) expect(resource, id).not.toContain("/raw/");
    }
  });

  it("let reconcile read the limits and change none of them", () => {
    const [, own = []] = [...roleStatements(Pipeline)].find(([id]) => id.startsWith("Reconcile")) ?? [];
    const onLimits = own.filter(({ Resource }) => JSON.stringify(Resource).includes("UpstreamLimitsTable"));
    expect(onLimits.flatMap(({ Action }) => Action)).toEqual(["dynamodb:GetItem"]);
  });

  it("let products-api write products, limits, keys of repeats and raw answers, and read no object", () => {
    const [, own = []] = [...roleStatements(Api)].find(([id]) => id.startsWith("ProductsApi")) ?? [];
    const actionsOn = (resource: string): string[] =>
      own
        .filter((statement) => statement.Resource.some((one) => one.includes(resource)))
        .flatMap((statement) => statement.Action)
        .sort();
    expect(actionsOn("ProductsTable")).toEqual(["dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:UpdateItem"]);
    expect(actionsOn("EnrichmentStatusTable")).toEqual([]);
    expect(own.flatMap((statement) => statement.Action).filter((action) => action.startsWith("s3:"))).toEqual([
      "s3:PutObject",
    ]);
  });

  it("let the functions of live updates write to connections of this API only, and read no product", () => {
    for (const name of ["LiveConnections", "BroadcastChanges"]) {
      const [, own = []] = [...roleStatements(Api)].find(([id]) => id.startsWith(name)) ?? [];
      const managing = own.filter(({ Action }) => Action.includes("execute-api:ManageConnections"));
      expect(managing, name).toHaveLength(1);
      for (const resource of managing.flatMap(({ Resource }) => Resource)) {
        expect(resource).toMatch(/LiveApi[^/]*\/live\/(POST|DELETE)\/@connections\/\*/);
      }
      const ofProducts = own.flatMap(({ Resource }) => Resource).filter((one) => one.includes("ProductsTable"));
      // New products of shops, which are nobody's licence, come by their table's stream.
      const isShopStream = (one: string): boolean => /ShopProductsTable.*"\/stream\/\*"/.test(one);
      expect(ofProducts.filter((one) => !isShopStream(one))).toEqual([]);
      expect(ofProducts.length, name).toBe(name === "BroadcastChanges" ? 1 : 0);
    }
    const managing = statements.filter(({ statement }) => statement.Action.includes("execute-api:ManageConnections"));
    expect(managing).toHaveLength(2);
  });

  it("let the shop line touch its own two tables and queues, and nothing of catalogs", () => {
    const own = [Shop, Api].flatMap((template) =>
      [...roleStatements(template)].filter(([id]) => /^(AssembleProduct|SweepStaging|ShopApi)/.test(id)),
    );
    expect(own).toHaveLength(3);
    const rights = own.flatMap(([id, list]) =>
      list
        .filter(({ Action }) => !Action.some((action) => action.startsWith("logs:")))
        .flatMap(({ Action, Resource }) =>
          Resource.map((resource) => {
            const [what] = /AssemblyStaging|ShopProducts|CaptionParsed|ThumbnailGenerated/.exec(resource) ?? [resource];
            const index = resource.includes("/index/by-created") ? " by-created" : "";
            return `${/^[A-Za-z]+?(?=Role)/.exec(id)?.[0]} ${what}${index}: ${Action.toSorted().join(" ")}`;
          }),
        ),
    );
    const consume = "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage";
    expect(rights.sort()).toEqual([
      "AssembleProduct AssemblyStaging: dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:PutItem dynamodb:UpdateItem",
      `AssembleProduct CaptionParsed: ${consume}`,
      "AssembleProduct ShopProducts: dynamodb:BatchGetItem dynamodb:PutItem",
      `AssembleProduct ThumbnailGenerated: ${consume}`,
      "ShopApi ShopProducts by-created: dynamodb:Query",
      "ShopApi ShopProducts: dynamodb:BatchGetItem dynamodb:GetItem",
      "SweepStaging AssemblyStaging: dynamodb:BatchWriteItem dynamodb:Scan dynamodb:UpdateItem",
      "SweepStaging ShopProducts: dynamodb:GetItem dynamodb:PutItem",
    ]);
  });

  it("let the authorizer read keys, note their use and ask for people, and nothing else", () => {
    const [, own = []] = [...roleStatements(Api)].find(([id]) => id.startsWith("AuthorizeRequests")) ?? [];
    const rights = own
      .filter(({ Action }) => !Action.some((action) => action.startsWith("logs:")))
      .flatMap(({ Action, Resource }) =>
        Action.map((action) => `${action} ${/(AccessTable|UsersPool)/.exec(String(Resource))?.[1]}`),
      );
    expect(rights.sort()).toEqual([
      "cognito-idp:AdminGetUser UsersPool",
      "cognito-idp:AdminListGroupsForUser UsersPool",
      "dynamodb:GetItem AccessTable",
      "dynamodb:UpdateItem AccessTable",
    ]);
  });

  it("let publish-events read products, failures and two streams, and write history, events and the queue of webhooks alone", () => {
    const [, own = []] = [...roleStatements(Pipeline)].find(([id]) => id.startsWith("PublishEvents")) ?? [];
    const rights = own.flatMap(({ Action, Resource }) =>
      Action.filter((action) => action.startsWith("dynamodb:")).flatMap((action) =>
        Resource.map((one) => {
          const table = /(Product(?:s|History)|ContentEnds|EnrichmentStatus|Failures)Table/.exec(one)?.[1];
          return `${action} ${table}${one.includes("/stream/") ? " stream" : ""}`;
        }),
      ),
    );
    const putting = own.filter(({ Action }) => Action.includes("events:PutEvents"));
    expect(putting.map(({ Resource }) => Resource)).toEqual([[expect.stringContaining('"Bus')]]);
    const sending = own.filter(({ Action }) => Action.some((action) => action.startsWith("sqs:")));
    expect(sending.map(({ Action }) => Action)).toEqual(sending.map(() => ["sqs:SendMessage"]));
    const queues = sending.flatMap(({ Resource }) =>
      Resource.map((one) => /(GivenUp|WebhooksQueueMessages)/.exec(one)?.[0]),
    );
    expect(new Set(queues)).toEqual(new Set(["GivenUp", "WebhooksQueueMessages"]));
    expect(rights.sort()).toEqual([
      "dynamodb:BatchGetItem Failures",
      "dynamodb:BatchGetItem ProductHistory",
      "dynamodb:BatchGetItem Products",
      "dynamodb:DescribeStream EnrichmentStatus stream",
      "dynamodb:DescribeStream Products stream",
      "dynamodb:GetRecords EnrichmentStatus stream",
      "dynamodb:GetRecords Products stream",
      "dynamodb:GetShardIterator EnrichmentStatus stream",
      "dynamodb:GetShardIterator Products stream",
      "dynamodb:ListStreams EnrichmentStatus stream",
      "dynamodb:ListStreams Products stream",
      "dynamodb:PutItem ProductHistory",
      // Which sources are revoked.
      "dynamodb:Query ContentEnds",
    ]);
  });

  it("let deliver-webhooks, which calls strangers, reach its own table, queue and key, ask who is a user, and hear of products", () => {
    const [, own = []] = [...roleStatements(Pipeline)].find(([id]) => id.startsWith("WebhooksDeliverWebhooks")) ?? [];
    const rights = own
      .filter(({ Action }) => !Action.some((action) => action.startsWith("logs:")))
      .flatMap(({ Action, Resource }) =>
        Resource.map((one) => {
          const place = /(Webhooks|Products)Table|WebhookKey|WebhooksQueue|GivenUp|UsersPool/.exec(one)?.[0];
          const part = one.includes("/stream/") ? " stream" : one.includes("/index/") ? " index" : "";
          return `${place}${part}: ${Action.map((action) => action.split(":")[1]).join(" ")}`;
        }),
      );
    const stream = "DescribeStream GetRecords GetShardIterator ListStreams";
    expect([...new Set(rights)].sort()).toEqual([
      "GivenUp: SendMessage",
      `ProductsTable stream: ${stream}`,
      "UsersPool: ListUsers",
      "WebhookKey: GetSecretValue",
      "WebhooksQueue: ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage",
      "WebhooksQueue: SendMessage",
      "WebhooksTable index: Query",
      "WebhooksTable: GetItem PutItem UpdateItem",
    ]);
  });

  it("let two functions scan the sparse index of runs that fail, for what operators see of all owners", () => {
    const scanning = statements.filter(({ statement: { Action, Resource } }) =>
      Resource.some((one) => Action.includes("dynamodb:Scan") && one.includes("/index/")),
    );
    expect(scanning.map(({ id }) => /^(Reconcile|OperationsApi)/.exec(id)?.[0])).toEqual([
      "Reconcile",
      "OperationsApi",
    ]);
  });

  it("let operations-api change nothing but the limits, where its probes take slots, what is revoked, what is set for shops, tickets, keys, webhooks, failed products that are tried again and jobs over dead letters", () => {
    const [, own = []] = [...roleStatements(Api)].find(([id]) => id.startsWith("OperationsApi")) ?? [];
    const actions = own.flatMap((statement) => statement.Action);
    const writing = own.filter((statement) =>
      statement.Action.some((action) => /(Put|Update|Delete|Send|Write)(?!LogEvents)/.test(action)),
    );
    const resources = writing.flatMap((statement) => statement.Resource);
    expect(resources.length).toBeGreaterThan(0);
    const onTickets = own.filter(({ Resource }) => Resource.some((one) => one.includes("OperationsTable")));
    expect(onTickets.flatMap(({ Action }) => Action)).toEqual(["dynamodb:PutItem"]);
    for (const resource of resources)
      expect(resource).toMatch(
        /UpstreamLimitsTable|ContentEndsTable|MarketplacesTable|OperationsTable|AccessTable|DeadLettersTable|Webhooks(?:Table|WebhooksQueue)|EnrichmentStatusTable|FailuresTable|EnrichQueue|ExpressQueue|Enrich(?:Express)?/,
      );
    // Planning the refresh and redriving are the work of other functions.
    const called = own.filter(({ Action }) => Action.includes("lambda:InvokeFunction"));
    expect(called.flatMap(({ Resource }) => Resource)).toEqual([
      expect.stringContaining("HandleDeadLetters"),
      expect.stringContaining("PlanRefresh"),
    ]);
    // It revokes; what removes has its own function.
    const scanned = own.filter(({ Action }) => Action.includes("dynamodb:Scan")).flatMap(({ Resource }) => Resource);
    expect(scanned).toEqual([expect.stringContaining("/index/failing-runs")]);
    expect(JSON.stringify(own)).not.toMatch(/s3:/);
    expect(actions).toContain("sqs:GetQueueAttributes");
  });
});

describe("the stacks", () => {
  it("use no custom resource, so that an emulator can deploy them", () => {
    for (const template of [Data, Pipeline, Shop, Api, Monitoring]) {
      expect(JSON.stringify(template.toJSON())).not.toMatch(/"Custom::|AWS::CloudFormation::CustomResource/);
    }
  });

  it("protect the data stack of a kept stage, and only that", () => {
    const { data, api } = synthesizedStage("prod");
    expect([data.terminationProtection, api.terminationProtection]).toEqual([true, false]);
    expect(synthesizedStage("local").data.terminationProtection).toBe(false);
  });
});
