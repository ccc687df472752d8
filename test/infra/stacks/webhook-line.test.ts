import { expect, it } from "vitest";
import * as z from "zod";
import { PRODUCTS_PACE_MS } from "../../../lambdas/common/core/webhooks/product-window.ts";
import { CALL_LIMIT_MS } from "../../../lambdas/common/platform/webhooks/post-webhook.ts";
import { functionsOf, resourcesOf } from "../stage/resources.ts";
import { synthesizedStage } from "../stage/synth-stage.ts";

const { Pipeline } = synthesizedStage("prod").templates;

/** Waits for the pace of products before a call. */
const PACE_TRIES = 3;

it("leaves deliver-webhooks the time to work on all messages of an invocation one after the other", () => {
  const [id, fn] = [...functionsOf(Pipeline)].find(([name]) => name.startsWith("WebhooksDeliverWebhooks")) ?? [];
  const batches = [...resourcesOf(Pipeline, "AWS::Lambda::EventSourceMapping").values()].flatMap(({ Properties }) =>
    JSON.stringify(Properties.FunctionName) === JSON.stringify({ Ref: id }) && !Properties.StartingPosition
      ? [z.number().parse(Properties.BatchSize)]
      : [],
  );
  expect(batches).toEqual([4]);
  const longestMs = CALL_LIMIT_MS + PACE_TRIES * PRODUCTS_PACE_MS;
  expect((fn?.Timeout ?? 0) * 1_000).toBeGreaterThan(Math.max(...batches) * longestMs);
});
