import { describe, expect, it } from "vitest";
import { synthesizedStage } from "../stage/synth-stage.ts";
import { ServiceNeeds } from "./service-needs.ts";
import { fullStage, StageRights } from "./stage-rights.ts";

describe.each([
  ["prod with every optional part", fullStage()],
  ["local", new StageRights(synthesizedStage("local"))],
] as const)("stage %s", (_, { stage, roles, functions, resourcePolicies }) => {
  it("gives services the rights that they need to feed and call its functions, and to keep what fails", () => {
    const needs = new ServiceNeeds({ stage, roles, functions, resourcePolicies }).all();
    expect(needs.filter(({ isMet }) => !isMet).map(({ what }) => what)).toEqual([]);
    // Each kind of need is found.
    for (const kind of [/sqs:ReceiveMessage/, /dynamodb:GetRecords/, /events\S* needs sqs:SendMessage/]) {
      expect(
        needs.some(({ what }) => kind.test(what)),
        String(kind),
      ).toBe(true);
    }
    for (const kind of [
      /schedule-role needs lambda/,
      /apigateway\S* needs lambda/,
      /authorizers/,
      /logs:PutLogEvents/,
    ]) {
      expect(
        needs.some(({ what }) => kind.test(what)),
        String(kind),
      ).toBe(true);
    }
  });

  it("would be found out if it gave none", () => {
    const bare = roles.map((role) => ({ ...role, statements: [] }));
    const needs = new ServiceNeeds({ stage, roles: bare, functions, resourcePolicies: [] }).all();
    expect(needs.filter(({ isMet }) => isMet)).toEqual([]);
  });
});
