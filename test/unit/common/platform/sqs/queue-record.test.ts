import { describe, expect, it } from "vitest";
import * as z from "zod";
import { readRecord } from "../../../../../lambdas/common/platform/sqs/queue-record.ts";

const raw = (body: string) => ({
  ...{ messageId: "m", receiptHandle: "r", body },
  attributes: { ApproximateReceiveCount: "1" },
});
const schema = z.object({ name: z.string(), more: z.unknown() });

describe("the body of a record", () => {
  it.each([
    ["as a JSON escape", String.raw`{"name":"half\ud83d","more":{"a\udc00":["\ud83d"]}}`],
    ["as it is", '{"name":"half\ud83d","more":{"a\udc00":["\ud83d"]}}'],
  ])("is made well-formed where it holds half of a character %s", (_, body) => {
    expect(readRecord(schema, raw(body))).toMatchObject({
      ...{ kind: "readable", record: { message: { name: "half\ufffd", more: { "a\ufffd": ["\ufffd"] } } } },
    });
  });

  it("is left as it is where characters are whole", () => {
    const message = { name: "whole \u{1f600}", more: [1, null, true, { "": "" }] };
    expect(readRecord(schema, raw(JSON.stringify(message)))).toMatchObject({ record: { message } });
  });

  it("is described shortly when it is unreadable, however many fields it has", () => {
    const strict = z.strictObject({ name: z.string() });
    const body = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`field${n}`, n])));
    const read = readRecord(strict, raw(body));
    expect(read.kind === "unreadable" && Buffer.byteLength(read.problem)).toBeLessThanOrEqual(2_048);
  });
});
