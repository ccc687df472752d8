import { describe, expect, it } from "vitest";
import { statementsOf } from "../../stage/resources.ts";
import { synthesizedStage } from "../../stage/synth-stage.ts";
import { PROD_STATEMENTS } from "./prod-statements.ts";

const { Api } = synthesizedStage("prod").templates;

describe("rights", () => {
  it("let products-api write products, limits, keys of repeats and raw answers, and read no object", () => {
    const own = statementsOf(Api, "ProductsApi");
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
      const own = statementsOf(Api, name);
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
    const managing = PROD_STATEMENTS.filter(({ statement }) =>
      statement.Action.includes("execute-api:ManageConnections"),
    );
    expect(managing).toHaveLength(2);
  });

  it("let the authorizer read keys, note their use and ask for people, and nothing else", () => {
    const own = statementsOf(Api, "AuthorizeRequests");
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

  it("let operations-api change nothing but the limits, where its probes take slots, what is revoked, what is set for shops, tickets, keys, webhooks, failed products that are tried again and jobs over dead letters", () => {
    const own = statementsOf(Api, "OperationsApi");
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
