import { describe, expect, it } from "vitest";
import { statementsOf } from "../../stage/resources.ts";
import { synthesizedStage } from "../../stage/synth-stage.ts";

const { Pipeline } = synthesizedStage("prod").templates;

describe("rights", () => {
  it("let reconcile read the limits and change none of them", () => {
    const own = statementsOf(Pipeline, "Reconcile");
    const onLimits = own.filter(({ Resource }) => JSON.stringify(Resource).includes("UpstreamLimitsTable"));
    expect(onLimits.flatMap(({ Action }) => Action)).toEqual(["dynamodb:GetItem"]);
  });

  it("let publish-events read products, failures and two streams, and write history, events and the queue of webhooks alone", () => {
    const own = statementsOf(Pipeline, "PublishEvents");
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
    const own = statementsOf(Pipeline, "WebhooksDeliverWebhooks");
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
});
