import { describe, expect, it } from "vitest";
import type { Statement } from "../../helpers/iam/statements.ts";
import { statementsOf } from "../../helpers/iam/statements.ts";
import { synthesizedStage } from "../stage/synth-stage.ts";
import { ACCOUNT } from "./resolve-names.ts";
import { fullStage, StageRights } from "./stage-rights.ts";

/**
 * Services that may take on a role without saying whose work they do. Lambda has no such condition: a function gets a role only
 * from somebody who may pass it on, in the same account, and no role here may.
 */
const WITHOUT_SOURCE = ["lambda.amazonaws.com"];

/** The services that work for a stage: a service that is not here has no business with it. */
const SERVICES = ["apigateway", "cloudwatch", "events", "lambda", "pipes", "scheduler"].map(
  (id) => `${id}.amazonaws.com`,
);

/** Whether a condition ties a statement to this account or to one resource of it. */
const isBound = ({ Condition }: Statement): boolean =>
  ["StringEquals", "ArnEquals", "ArnLike"].some((operator) => {
    const { "aws:SourceAccount": account, "aws:SourceArn": source } = Condition[operator] ?? {};
    return account === ACCOUNT || (typeof source === "string" && source.split(":")[4] === ACCOUNT);
  });

/** What an allowing statement of a trust or resource policy does wrong. */
const faults = ({ Effect, Principal, ...statement }: Statement, free: readonly string[] = []): string[] => {
  if (Effect === "Deny") return [];
  const { Service = [], AWS = [], ...others } = Principal ?? {};
  const strangers = AWS.filter((who) => who !== `arn:aws:iam::${ACCOUNT}:root`);
  const unbound = Service.filter((service) => !free.includes(service) && !isBound({ Effect, ...statement }));
  return [
    ...(Principal === undefined ? ["names nobody"] : []),
    ...Object.keys(others).map((kind) => `lets a principal of kind ${kind} in`),
    ...strangers.map((who) => `lets ${who} in`),
    ...Service.filter((service) => !SERVICES.includes(service)).map((service) => `lets ${service} in`),
    ...unbound.map((service) => `does not say whose work ${service} may do`),
  ];
};

describe.each([
  ["prod with every optional part", fullStage()],
  ["local", new StageRights(synthesizedStage("local"))],
] as const)("stage %s", (_, { stage, roles, resourcePolicies, functions }) => {
  it("lets services take on its roles for this account only, and no person or account", () => {
    const found = roles.flatMap(({ name, trust }) =>
      trust.flatMap((statement) => faults(statement, WITHOUT_SOURCE).map((fault) => `${name} ${fault}`)),
    );
    expect(found).toEqual([]);
    expect(roles.every(({ trust }) => trust.length === 1)).toBe(true);
    // Nobody but Lambda takes on the role of a function.
    const services = functions.flatMap(({ role }) => role.trust.flatMap(({ Principal }) => Principal?.Service));
    expect(new Set(services)).toEqual(new Set(["lambda.amazonaws.com"]));
  });

  it("lets services use its queues, topics, keys and functions only for what is this account's", () => {
    const found = resourcePolicies.flatMap(({ name, statements }) =>
      statements.flatMap((statement) => faults(statement).map((fault) => `${name} ${fault}`)),
    );
    expect(found).toEqual([]);
    // A topic without a policy has one by SNS that lets everything in the account publish.
    const open = stage.all("AWS::SNS::Topic").filter(({ arn }) => {
      return !resourcePolicies.some(({ statements }) => statements.some(({ Resource }) => Resource?.includes(arn)));
    });
    expect(open.map(({ name }) => name)).toEqual([]);
    const allowing = resourcePolicies
      .flatMap(({ statements }) => statements)
      .filter(({ Effect }) => Effect === "Allow");
    expect(allowing.length).toBeGreaterThan(20);
  });
});

describe("what is found", () => {
  const base = { Effect: "Allow", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:111111111111:one" };
  const found = (rest: object): string[] =>
    statementsOf({ Statement: { ...base, ...rest } }).flatMap((statement) => faults(statement));
  const events = { Principal: { Service: "events.amazonaws.com" } };
  const rule = (account: string): object => ({
    ArnEquals: { "aws:SourceArn": `arn:aws:events:eu-west-1:${account}:rule/one` },
  });

  it.each([
    [{}],
    [{ Principal: "*" }],
    [{ Principal: { AWS: "*" } }],
    [{ Principal: { AWS: "arn:aws:iam::222222222222:root" } }],
    [{ Principal: { Federated: "cognito-identity.amazonaws.com" } }],
    [{ Principal: { Service: "ec2.amazonaws.com" }, Condition: rule(ACCOUNT) }],
    [events],
    [{ ...events, Condition: rule("222222222222") }],
    [{ ...events, Condition: { StringEquals: { "aws:SourceAccount": "222222222222" } } }],
    [{ ...events, Condition: { ArnNotEquals: { "aws:SourceArn": `arn:aws:events:eu-west-1:${ACCOUNT}:rule/one` } } }],
  ])("is wrong: %j", (rest) => {
    expect(found(rest)).toHaveLength(1);
  });

  it("is not what is bound to a rule or to the account", () => {
    expect(found({ ...events, Condition: rule(ACCOUNT) })).toEqual([]);
    expect(found({ ...events, Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } } })).toEqual([]);
  });
});
