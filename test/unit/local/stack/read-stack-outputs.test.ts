import { expect, test } from "vitest";
import { sortStackOutputs } from "../../../../local/stack/read-stack-outputs.ts";

const stacks = {
  "Enrichline-local-Data": {
    TableEnrichmentStatus: "status-1",
    TableProducts: "products-1",
    BucketName: "bucket-1",
    UserPoolId: "pool-1",
    UserPoolClientId: "client-1",
    ExportsOutputRefTable: "ignored",
  },
  "Enrichline-local-Pipeline": {
    EventBusName: "bus-1",
    EventBusArn: "arn:bus-1",
    QueueEnrichUrl: "http://q/enrich",
    QueueEnrichDlqUrl: "http://q/enrich-dlq",
    QueueEnrichExpressUrl: "http://q/express",
    QueueEnrichExpressDlqUrl: "http://q/express-dlq",
    FunctionEnrichBatch: "fn-enrich",
    FunctionReconcile: "fn-reconcile",
  },
  "Enrichline-local-Api": { ApiId: "abc123", WebSocketApiId: "xyz789" },
};

test("outputs of all stacks are sorted under the design's names", () => {
  expect(sortStackOutputs(stacks)).toEqual({
    apiId: "abc123",
    webSocketApiId: "xyz789",
    auth: { region: "us-east-1", userPoolId: "pool-1", clientId: "client-1" },
    bucket: "bucket-1",
    eventBus: { name: "bus-1", arn: "arn:bus-1" },
    tables: { "enrichment-status": "status-1", products: "products-1" },
    topics: {},
    queues: {
      enrich: { url: "http://q/enrich", dlqUrl: "http://q/enrich-dlq" },
      "enrich-express": { url: "http://q/express", dlqUrl: "http://q/express-dlq" },
    },
    functions: { "enrich-batch": "fn-enrich", reconcile: "fn-reconcile" },
  });
});

test("a missing output is named", () => {
  expect(() => sortStackOutputs({ ...stacks, "Enrichline-local-Api": {} })).toThrow(/ApiId/);
});
