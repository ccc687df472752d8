import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { EventBus } from "../../../../../lambdas/common/adapters/events/event-bus.ts";
import type { OutgoingEvent } from "../../../../../lambdas/common/core/contract/events/outgoing-event.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { silentLog } from "../../../../helpers/silent.ts";

const mock = mockClient(EventBridgeClient);
let counted = 0;
let waits: number[] = [];

const bus = () =>
  new EventBus({
    client: new EventBridgeClient({ region: "us-east-1" }),
    busName: "bus",
    log: silentLog,
    meter: { count: (_, value) => (counted += value) },
    sleep: async (ms) => waits.push(ms),
  });

const failed = (number: number, words = "no source has it"): OutgoingEvent => ({
  name: "ProductEnrichmentFailed",
  identity: ["batch", number],
  time: "2026-11-29T12:00:00.000Z",
  correlation_id: "corr-1",
  data: {
    ...{ asin: "B0EXAMPLE1", region: "www.amazon.com", request_id: `r-${number}`, error_code: "NotFound" },
    ...{ error_message: words, failed_at: "2026-11-29T12:00:00.000Z", retry_count: 0 },
  },
});

const ok = (entries: readonly PutEventsRequestEntry[] | undefined, refused: readonly number[] = []) => ({
  FailedEntryCount: refused.length,
  Entries: (entries ?? []).map((_, index) =>
    refused.includes(index) ? { ErrorCode: "ThrottlingException", ErrorMessage: "slow down" } : { EventId: `${index}` },
  ),
});

const sent = () => mock.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);
const requestIds = () => sent().map((entries) => entries.map((one) => JSON.parse(one.Detail ?? "").data.request_id));

beforeEach(() => {
  mock.reset();
  counted = 0;
  waits = [];
  mock.on(PutEventsCommand).callsFake(({ Entries }) => ok(Entries));
});

describe("the bus", () => {
  it("gets events in an envelope, ten a call at most", async () => {
    await bus().publish(Array.from({ length: 23 }, (_, number) => failed(number)));
    expect(sent().map((entries) => entries.length)).toEqual([10, 10, 3]);
    const [first] = sent()[0] ?? [];
    expect(first).toMatchObject({ EventBusName: "bus", Source: "enrichline", DetailType: "ProductEnrichmentFailed" });
    expect(first?.Time).toEqual(new Date("2026-11-29T12:00:00.000Z"));
    expect(JSON.parse(first?.Detail ?? "")).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      version: 1,
      time: "2026-11-29T12:00:00.000Z",
      correlation_id: "corr-1",
      data: failed(0).data,
    });
  });

  it("gets the same event under the same id, and others under others", async () => {
    await bus().publish([failed(1), failed(1), failed(2)]);
    await bus().publish([failed(1)]);
    const ids = sent()
      .flat()
      .map((one) => JSON.parse(one.Detail ?? "").id);
    expect(new Set(ids).size).toBe(2);
    expect([ids[0], ids[0]]).toEqual([ids[1], ids[3]]);
  });

  it("gets no call of more than 256 KB", async () => {
    // A character of three bytes: bytes count, not characters.
    await bus().publish(Array.from({ length: 8 }, (_, number) => failed(number, "€".repeat(20_000))));
    expect(sent().map((entries) => entries.length)).toEqual([4, 4]);
    for (const entries of sent()) {
      const bytes = entries.reduce((sum, one) => sum + Buffer.byteLength(one.Detail ?? "") + 64, 0);
      expect(bytes).toBeLessThanOrEqual(256 * 1_024);
    }
  });

  it("gets only those again that it refused, after longer waits", async () => {
    mock
      .on(PutEventsCommand)
      .callsFakeOnce(({ Entries }) => ok(Entries, [1, 3]))
      .callsFakeOnce(({ Entries }) => ok(Entries, [0]))
      .callsFake(({ Entries }) => ok(Entries));
    await bus().publish([0, 1, 2, 3].map((number) => failed(number)));
    expect(requestIds()).toEqual([["r-0", "r-1", "r-2", "r-3"], ["r-1", "r-3"], ["r-1"]]);
    expect(counted).toBe(3);
    expect(waits).toHaveLength(2);
    expect(waits[1]).toBeGreaterThan((waits[0] ?? 0) * 0.99);
  });

  it("is given up after four tries, so that the stream delivers again", async () => {
    mock.on(PutEventsCommand).callsFake(({ Entries }) => ok(Entries, [0]));
    await expect(bus().publish([failed(0), failed(1)])).rejects.toThrow(TransientError);
    expect(requestIds()).toEqual([["r-0", "r-1"], ["r-0"], ["r-0"], ["r-0"]]);
  });

  it("that is away fails the call, and its failures are counted", async () => {
    mock.on(PutEventsCommand).rejects(Object.assign(new Error("away"), { name: "InternalFailure" }));
    await expect(bus().publish([failed(0), failed(1)])).rejects.toThrow(TransientError);
    expect(counted).toBe(2);
  });

  it("gets the others when one event is too large for any call", async () => {
    await bus().publish([failed(0), failed(1, "x".repeat(300_000)), failed(2)]);
    expect(requestIds()).toEqual([["r-0", "r-2"]]);
    expect(counted).toBe(1);
  });

  it("is not called for nothing", async () => {
    await bus().publish([]);
    expect(sent()).toEqual([]);
  });
});
