import { describe, expect, it } from "vitest";
import type { AwsCall, AwsReply } from "../../harness/fake-aws.ts";
import { stageHarness } from "../../harness/stage-harness.ts";

const stage = stageHarness();
const ID = "5f0f2c1e-3a52-4f5b-9f0e-6a1d2b3c4d5e";
const DEAD_AT = "2026-08-01T12:00:00.000Z";
const LETTER = {
  ...{ message_id: ID, queue: "enrich", state: "open", sent_at: DEAD_AT, dead_at: DEAD_AT, receive_count: 5 },
  error: { code: "DELIVERIES_FAILED", message: "each of 5 deliveries failed" },
  ...{ catalog_id: null, tracking_id: null, batch_id: "b1", correlation_id: null, asins: ["B000000001"] },
  ...{ redrives: 1, job_id: null, outcome: null, body: "{}", body_bytes: 2, attributes: {}, redrivable: true },
  advice: null,
  log: { log_group: "/logs/enrich", filter_pattern: `?"${ID}"`, url: null },
};

const event = (second: number, fields: object, before = "") => ({
  timestamp: Date.parse(DEAD_AT) - 60_000 + second * 1_000,
  message: `${before}${JSON.stringify({ message: "record failed, it comes back", ...fields })}`,
});

const show = async (letter: object, pages: readonly AwsReply[], json = false) => {
  const left = [...pages];
  const reply = ({ name }: AwsCall) => {
    if (name === `GET /operations/dead-letters/${ID}`) return { body: letter };
    return name === "FilterLogEvents" ? left.shift() : undefined;
  };
  const { devCli, calls } = await stage.start(reply, { env: { ENRICHLINE_TOKEN: "operator-token" } });
  const ended = await devCli(["dlq", "show", ID, ...(json ? ["--json"] : [])]);
  return { ...ended, asked: calls.filter(({ name }) => name === "FilterLogEvents").map(({ input }) => input) };
};

describe("dlq show", () => {
  it("says what the consumer said last, over all pages of its log, and of no other message", async () => {
    const pages = [
      { body: { events: [event(1, { message_id: ID, error: "first" })], nextToken: "more" } },
      {
        body: {
          events: [
            // A redriven message has another id; its batch stays.
            event(
              3,
              { message_id: "another", batch_id: "b1", error: "TypeError: last\u001b[2J\n    at work (a.ts:1)" },
              "2026\t",
            ),
            event(2, { message_id: ID, error: "second" }),
            event(9, { message_id: "another", batch_id: "b2", error: "of a neighbour" }),
            event(9, { message_id: ID }),
            { timestamp: Date.parse(DEAD_AT), message: `REPORT RequestId: ${ID} Duration: 3 ms` },
            { timestamp: Date.parse(DEAD_AT), message: `{ no JSON ${ID}` },
          ],
        },
      },
    ];
    const { code, out, asked } = await show(LETTER, pages);
    expect(code).toBe(0);
    expect(out).toContain("consumer    TypeError: last [2J\n    at work (a.ts:1) (");
    expect(out).not.toMatch(/neighbour|query/);
    expect(out).not.toContain("\u001b");
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({
      ...{ logGroupName: "/logs/enrich", filterPattern: LETTER.log.filter_pattern },
      ...{ startTime: Date.parse(DEAD_AT) - 7_200_000, endTime: Date.parse(DEAD_AT) + 60_000 },
    });
    const document = JSON.parse((await show(LETTER, pages, true)).out);
    expect(document).toMatchObject({
      last_failure: { at: "2026-08-01T11:59:03.000Z", error: expect.stringContaining("TypeError: last") },
      last_failure_unread: null,
    });
  });

  it("gives the query for Logs Insights where no line is there", async () => {
    const { code, out } = await show(LETTER, [{ body: { events: [] } }]);
    expect(code).toBe(0);
    expect(out).toContain("consumer    its log has no line of a failure");
    expect(out).toContain(
      `filter message_id = "${ID}" or batch_id = "b1" | sort @timestamp desc (log group /logs/enrich)`,
    );
  });

  it("says why the log could not be read, and shows the letter all the same", async () => {
    const refused = [{ error: "AccessDeniedException" }];
    const { code, out } = await show(LETTER, refused);
    expect(code).toBe(0);
    expect(out).toMatch(/consumer +Reading the log of its consumer is not allowed.*\nquery +fields @timestamp/);
    expect(out).toContain("DELIVERIES_FAILED");
    const document = JSON.parse((await show(LETTER, refused, true)).out);
    expect(document).toMatchObject({ last_failure: null, last_failure_unread: expect.stringContaining("not allowed") });
  });

  it("asks no log where nobody of ours read the queue", async () => {
    const { code, out, asked } = await show({ ...LETTER, log: { ...LETTER.log, log_group: null } }, []);
    expect([code, asked]).toEqual([0, []]);
    expect(out).not.toMatch(/consumer|query/);
  });
});
