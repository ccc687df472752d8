import { describe, expect, it } from "vitest";
import { functionsOf, resourcesOf } from "../stage/resources.ts";
import { synthesizedStage } from "../stage/synth-stage.ts";

const prod = synthesizedStage("prod").templates.Pipeline;

describe("the stream of products", () => {
  it("feeds what was written to publish-events, halves what fails, and gives up to a queue after six hours, however often it was tried", () => {
    const [functionId] =
      [...functionsOf(prod)].find(([, fn]) => fn.Environment.Variables.POWERTOOLS_SERVICE_NAME === "publish-events") ??
      [];
    const givenUp = [...resourcesOf(prod, "AWS::SQS::Queue").keys()].filter((id) =>
      id.startsWith("ProductsStreamGivenUp"),
    );
    expect(givenUp).toHaveLength(1);
    prod.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FunctionName: { Ref: functionId },
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: 6 * 3600,
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": [givenUp[0], "Arn"] } } },
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT","MODIFY"]}' }] },
    });
  });
});
