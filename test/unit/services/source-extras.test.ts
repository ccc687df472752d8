import { describe, expect, it } from "vitest";
import { createReadStandings, toEstimateSource } from "../../../lambdas/services/source-standings.ts";
import { factsOf } from "../../../lambdas/sources/registry/known-facts.ts";
import { limitState } from "../../helpers/standing.ts";

describe("the standing of a source with extras", () => {
  it.each([
    [{}, 100],
    [{ rating: true }, 200],
    [{ rating: true, buybox: true }, 400],
  ])("reckons %j with what it costs, so that estimates do", async (extras, tokens) => {
    const read = createReadStandings({
      settings: [{ id: "keepa", allowance_share: 1, endpoints: {}, ...extras }],
      describe: factsOf,
      secrets: { read: async () => ({ text: JSON.stringify({ key: "k".repeat(64) }), version: "v1" }) },
      limiter: { state: async () => limitState() },
      clock: { now: () => 0 },
    });
    const [standing] = await read();
    expect(standing && toEstimateSource(standing)?.cost(100)).toBe(tokens);
  });
});
