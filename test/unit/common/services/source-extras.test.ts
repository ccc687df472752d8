import { describe, expect, it } from "vitest";
import { createReadSourceStatuses, toEstimateSource } from "../../../../lambdas/common/services/source-statuses.ts";
import { factsOf } from "../../../../lambdas/common/sources/registry/known-facts.ts";
import { limitState } from "../../../helpers/source-status.ts";

describe("the sourceStatus of a source with extras", () => {
  it.each([
    [{}, 100],
    [{ rating: true }, 200],
    [{ rating: true, buybox: true }, 400],
  ])("counts %j with what it costs, so that estimates do", async (extras, tokens) => {
    const read = createReadSourceStatuses({
      settings: [{ id: "keepa", allowance_share: 1, endpoints: {}, ...extras }],
      describe: factsOf,
      revoked: async () => new Set(),
      secrets: { read: async () => ({ text: JSON.stringify({ key: "k".repeat(64) }), version: "v1" }) },
      limiter: { state: async () => limitState() },
      clock: { now: () => 0 },
    });
    const [sourceStatus] = await read();
    expect(sourceStatus && toEstimateSource(sourceStatus)?.cost(100)).toBe(tokens);
  });
});
