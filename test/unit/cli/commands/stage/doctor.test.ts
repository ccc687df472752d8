import { describe, expect, it } from "vitest";
import { aSourceQuota } from "../../harness/answers.ts";
import { type AwsCall, type AwsReply, DEV_STACKS, type FakeStack } from "../../harness/fake-aws.ts";
import { stageHarness } from "../../harness/stage-harness.ts";

const stage = stageHarness();
const ACCOUNT_SETTINGS = "GET /2016-08-19/account-settings";

/** The account's quota. */
const accountOf =
  (ConcurrentExecutions: number) =>
  ({ name }: AwsCall): AwsReply | undefined =>
    name.startsWith(ACCOUNT_SETTINGS)
      ? { body: { AccountLimit: { ConcurrentExecutions, UnreservedConcurrentExecutions: ConcurrentExecutions } } }
      : undefined;

/** The stage with all its stacks, two of whose queues have dead letters queues. */
const STACKS: Readonly<Record<string, FakeStack>> = {
  ...DEV_STACKS,
  "Enrichline-dev-Pipeline": {
    outputs: {
      ConcurrencyNeeded: "10",
      QueueEnrichDlqUrl: "https://sqs/enrich-dlq",
      QueueIngestDlqUrl: "https://sqs/ingest-dlq",
    },
  },
  "Enrichline-dev-Monitoring": { outputs: {} },
};

const WELL = { status: "ok", latency_ms: 1 };
const health = (status: string, database = "ok") => ({
  body: { status, components: { database: { ...WELL, status: database }, queue: WELL, sources: {} } },
});

/** The answer about open dead letters. */
const letters = (total: number, queues: readonly string[], isMore = false) => ({
  body: {
    items: queues.map((queue, index) => ({
      ...{ message_id: `m${index}`, queue, state: "open", receive_count: 5, redrives: 0, asins: [] },
      ...{ sent_at: "2026-08-01T00:00:00.000Z", dead_at: "2026-08-01T00:00:00.000Z" },
      error: { code: "DELIVERIES_FAILED", message: "each of 5 deliveries failed" },
      ...{ catalog_id: null, tracking_id: null, batch_id: null, correlation_id: null, job_id: null, outcome: null },
    })),
    ...{ next_cursor: isMore ? "more" : null, approximate_total: total, complete: true },
  },
});

/** What a healthy stage answers beside what a test says. */
const healthy = ({ name }: AwsCall): AwsReply | undefined => {
  if (name === "GET /health") return health("ok");
  if (name === "GET /operations/dead-letters") return letters(0, []);
  if (name === "GetQueueAttributes") return { body: { Attributes: { ApproximateNumberOfMessages: "0" } } };
  return name === "DescribeAlarms" ? { body: { MetricAlarms: [], CompositeAlarms: [] } } : undefined;
};

const start = (reply: (call: AwsCall) => AwsReply | undefined, { stacks = STACKS } = {}) =>
  stage.start((call) => reply(call) ?? healthy(call), { stacks, env: { ENRICHLINE_TOKEN: "operator-token" } });

describe("doctor", () => {
  const quota = { body: { sources: [aSourceQuota("keepa")], timestamp: "2026-08-01T00:00:00.000Z" } };
  const good = {
    source: "keepa",
    state: "ok",
    ok: true,
    reason: "Fine.",
    next_step: "",
    marketplace: null,
    checks: [],
  };
  const doctor = async (account: (call: AwsCall) => AwsReply | undefined, stacks = STACKS) => {
    const reply = (call: AwsCall) =>
      account(call) ?? (call.name === "GET /quota" ? quota : call.name.startsWith("POST") ? { body: good } : undefined);
    const { cli } = await start(reply, { stacks });
    return { words: await cli(["doctor", "--stage", "dev"]), json: await cli(["doctor", "--stage", "dev", "--json"]) };
  };

  it("says that the account has room", async () => {
    const { words, json } = await doctor(accountOf(1_000));
    expect(words.code).toBe(0);
    expect(words.out).toContain(
      "AWS account: This AWS account runs 1000 functions at once in eu-central-1; stage dev needs 10 when all its workers are busy.",
    );
    expect(JSON.parse(json.out)).toMatchObject({ account: { ok: true, next_step: "" } });
  });

  it("warns where it has none, and still ends with 0: the sources are well", async () => {
    const { words, json } = await doctor(accountOf(9));
    expect(words.code).toBe(0);
    expect(words.out).toMatch(/AWS account, a warning: .* needs 10 .*\n {2}What to do: Ask AWS for more/);
    expect(JSON.parse(json.out)).toMatchObject({ account: { ok: false } });
  });

  it("says what it found where the stage was deployed by an earlier version, or the quota cannot be read", async () => {
    const { "Enrichline-dev-Pipeline": _pipeline, ...others } = STACKS;
    const older = await doctor(accountOf(10), { ...others, "Enrichline-dev-Pipeline": { outputs: {} } });
    expect(older.words.out).toContain("Deploy the stage again to see whether that is enough");
    const refused = await doctor(({ name }) =>
      name.startsWith(ACCOUNT_SETTINGS) ? { error: "AccessDeniedException" } : undefined,
    );
    expect(refused.words).toMatchObject({ code: 0, out: expect.stringContaining("could not be read") });
  });

  it("says how the stage itself is: API, stacks, alarms, dead letters, schedules", async () => {
    const { words, json } = await doctor(accountOf(1_000));
    expect(words.code).toBe(0);
    for (const line of [
      "api: answers at ",
      "stacks: all are deployed",
      "alarms: none rings",
      "dead letters: there are none",
    ]) {
      expect(words.out).toContain(line);
    }
    expect(words.out).toContain("schedules: all 0 are on");
    expect(JSON.parse(json.out).stack).toHaveLength(5);
  });

  const ALARM = {
    AlarmName: "Enrichline-dev/EnrichQueue/DlqNotEmpty",
    AlarmDescription:
      "[page] EnrichQueue/DlqNotEmpty reached 1. Runs stop. What to do: docs/runbook.md#enrichqueuedlqnotempty",
  };

  it.each([
    [
      "DescribeAlarms",
      { body: { MetricAlarms: [ALARM] } },
      /alarms, FAILED: 1 ring:\n +EnrichQueue\/DlqNotEmpty: \[page\].*docs\/runbook\.md#enrichqueuedlqnotempty/,
    ],
    [
      "GetQueueAttributes",
      { body: { Attributes: { ApproximateNumberOfMessages: "2" } } },
      /dead letters, FAILED: .*not listed yet: Enrich 2, Ingest 2.*\n +What to do: .*Inspect a DLQ/,
    ],
    [
      "GET /operations/dead-letters",
      letters(3, ["enrich", "refresh", "enrich"]),
      /dead letters, FAILED: .*3 wait for a person \(enrich 2, refresh 1\)\.\n +What to do: .*enrichline dlq list --stage dev, /,
    ],
    [
      "GET /operations/dead-letters",
      letters(500, ["enrich", "enrich"], true),
      /dead letters, FAILED: .*500 wait for a person \(enrich 2, of the newest 2\)/,
    ],
    ["GET /health", health("down", "down"), /api, FAILED: answers, but does not reach its database\.\n +What to do/],
    ["GET /health", { body: { detail: "no" }, status: 500 }, /api, FAILED: does not answer: .*answered HTTP 500/],
  ] as const)("ends with 1 and the next step where something is wrong: %s", async (name, reply, words) => {
    const found = await doctor((call) => (call.name === name ? reply : accountOf(1_000)(call)));
    expect(found.words.code).toBe(1);
    expect(found.words.out).toMatch(words);
    expect(found.words.out).not.toContain("All is well.");
  });

  it("ends with 1 where a deploy was rolled back or a stack is missing", async () => {
    const { "Enrichline-dev-Monitoring": _monitoring, ...stacks } = STACKS;
    const data = {
      ...STACKS["Enrichline-dev-Data"],
      outputs: STACKS["Enrichline-dev-Data"]?.outputs ?? {},
      status: "UPDATE_ROLLBACK_COMPLETE",
    };
    const shop = { outputs: {}, status: "UPDATE_ROLLBACK_COMPLETE" };
    const { words } = await doctor(accountOf(1_000), {
      ...{ ...stacks, "Enrichline-dev-Data": data, "Enrichline-dev-Shop": shop },
    });
    expect(words.code).toBe(1);
    expect(words.out).toContain(
      "Enrichline-dev-Data is UPDATE_ROLLBACK_COMPLETE, Enrichline-dev-Monitoring is not deployed, " +
        "Enrichline-dev-Shop is UPDATE_ROLLBACK_COMPLETE.",
    );
    expect(words.out).toContain("What to do: Deploy the stage again: npx enrichline deploy dev");
  });

  it("says which dead letters it sees although the other place cannot be read", async () => {
    const unread = { error: "AccessDeniedException" };
    for (const name of ["GetQueueAttributes", "GET /operations/dead-letters"]) {
      const { words } = await doctor((call) => (call.name === name ? unread : accountOf(1_000)(call)));
      expect(words.out).toContain("dead letters: could not be read: ");
      expect(words.out).not.toContain("there are none");
    }
    const { words } = await doctor((call) => {
      if (call.name === "GetQueueAttributes") return unread;
      return call.name === "GET /operations/dead-letters" ? letters(1, ["enrich"]) : accountOf(1_000)(call);
    });
    expect(words).toMatchObject({ code: 1, out: expect.stringContaining("1 wait for a person (enrich 1)") });
  });

  it("says what it may not read, and does not call that ill", async () => {
    const { words } = await doctor((call) =>
      call.name === "DescribeAlarms" ? { error: "AccessDeniedException" } : accountOf(1_000)(call),
    );
    expect(words).toMatchObject({
      code: 0,
      out: expect.stringContaining("alarms: could not be read: Reading the alarms is not allowed"),
    });
  });
});
