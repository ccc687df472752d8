import { writeFile } from "node:fs/promises";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { NOON } from "../../../../helpers/rows.ts";
import { localHarness } from "../../harness/harness.ts";

const cloudFormation = mockClient(CloudFormationClient);
const bridge = mockClient(EventBridgeClient);
// Files of a worker share their modules.
afterAll(() => {
  cloudFormation.restore();
  bridge.restore();
});

const { start, cli, pathOf } = localHarness();

const OUTPUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Api: { ApiId: "abc", ApiUrl: "https://abc.execute-api.eu-central-1.amazonaws.com/api/v1" },
  Data: { UserPoolId: "pool", UserPoolClientId: "client", SecretPrefix: "enrichline/local" },
  Pipeline: { EventBusName: "bus-of-stage" },
};

beforeEach(async () => {
  cloudFormation.reset();
  bridge.reset();
  cloudFormation.on(DescribeStacksCommand).callsFake(({ StackName }) => ({
    Stacks: [
      {
        ...{ StackName, StackStatus: "CREATE_COMPLETE", CreationTime: new Date(0) },
        Outputs: Object.entries(OUTPUTS[String(StackName).split("-").at(-1) ?? ""] ?? {}).map(
          ([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }),
        ),
      },
    ],
  }));
  bridge.on(PutEventsCommand).callsFake(({ Entries }) => taken(Entries));
  await start(() => ({ status: 500, body: {} }));
});

const taken = (entries: readonly PutEventsRequestEntry[] = []) => ({
  FailedEntryCount: 0,
  Entries: entries.map((_, index) => ({ EventId: `${index}` })),
});
const request = (number: number, changes: object = {}) => ({
  ...{ asin: "B0EXAMPLE1", region: "US", request_id: `r-${number}` },
  ...changes,
});
const requests = (count: number) => Array.from({ length: count }, (_, number) => request(number));

const send = async (events: unknown, ...options: readonly string[]) => {
  const file = pathOf("events.json");
  await writeFile(file, typeof events === "string" ? events : JSON.stringify(events));
  return cli(["events", "send", file, ...options], { nowMs: NOON });
};
const calls = () => bridge.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);

describe("events send", () => {
  it("puts every event of a file on the stage's bus, each in an envelope, ten a call", async () => {
    const { code, out } = await send(requests(12));
    expect([code, out]).toEqual([0, expect.stringMatching(/^12 of 12 events are on the bus of /)]);
    expect(calls().map((entries) => entries.length)).toEqual([10, 2]);
    const [first] = calls()[0] ?? [];
    expect(first).toMatchObject({ EventBusName: "bus-of-stage", DetailType: "ProductEnrichmentRequested" });
    expect(JSON.parse(first?.Detail ?? "")).toMatchObject({
      ...{ id: expect.any(String), version: 1, time: new Date(NOON).toISOString(), data: request(0) },
    });
  });

  it("sends nothing when one of the events is wrong, and names each field that is", async () => {
    const { code, err } = await send([request(1), request(2, { asin: "nothing", region: "Atlantis" })]);
    expect(code).toBe(2);
    for (const field of ["Nothing was sent", "1.asin:", "1.region:"]) expect(err).toContain(field);
    expect(calls()).toEqual([]);
  });

  it.each([
    ["not JSON {", "is not JSON"],
    ["[]", "holds no event"],
    ['{"type": "SomethingElse", "detail": {}}', "type: must be one of"],
  ])("sends nothing of the file %j", async (text, problem) => {
    const { code, err } = await send(text);
    expect([code, calls()]).toEqual([2, []]);
    expect(err).toContain(problem);
  });

  it("names the events that the bus refused, and fails in part", async () => {
    bridge.on(PutEventsCommand).callsFake(({ Entries = [] }) => ({
      FailedEntryCount: 1,
      Entries: Entries.map((_: unknown, index: number) =>
        index === 1 ? { ErrorCode: "ThrottlingException", ErrorMessage: "slow down" } : { EventId: `${index}` },
      ),
    }));
    const { code, out, err } = await send(requests(3));
    expect([code, out]).toEqual([1, expect.stringContaining("2 of 3 events")]);
    expect(err).toMatch(/ProductEnrichmentRequested \S+ is not on the bus: ThrottlingException: slow down/);
  });

  it("says what is on the bus when it goes away between two calls", async () => {
    bridge
      .on(PutEventsCommand)
      .callsFakeOnce(({ Entries }) => taken(Entries))
      .rejects(Object.assign(new Error("away"), { name: "InternalFailure" }));
    const { code, out } = await send(requests(25), "--json");
    const { sent, events } = JSON.parse(out);
    expect([code, sent, events.length]).toEqual([1, 10, 25]);
    for (const { error } of events.slice(10)) expect(error).toContain("InternalFailure: away");
    expect(calls()).toHaveLength(2);
  });

  it("fails as a whole when nothing reached the bus", async () => {
    bridge.on(PutEventsCommand).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException" }));
    const { code, err } = await send(requests(2));
    expect(code).toBe(3);
    expect(err).toContain("not allowed with these AWS credentials");
  });
});
