import { describe, expect, it } from "vitest";
import { fixedMonthlyCosts } from "../../../../cli/deploy/fixed-costs.ts";

const template = (...types: readonly string[]) => ({
  Resources: Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type, Properties: {} }])),
  Outputs: {},
});

describe("the fixed costs of a stage", () => {
  it("name what asks from outside with its price by HTTPS, beside the alarm that watches it", () => {
    const { lines, usd } = fixedMonthlyCosts([template("AWS::Route53::HealthCheck", "AWS::CloudWatch::Alarm")]);
    expect(lines).toContainEqual({ what: "health checks from outside", count: 1, usd: 1.5, note: "$1.5 each" });
    expect(usd).toBe(1.6);
  });

  it("do not name what the stage has not", () => {
    const { lines, usd } = fixedMonthlyCosts([template("AWS::CloudWatch::Alarm"), template()]);
    expect(lines.map(({ what }) => what)).toEqual(["metrics that alarms watch", "metrics of its own"]);
    expect(usd).toBe(0.1);
  });
});
