import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { describe, expect, it } from "vitest";
import { LetterQueueSchema, letterQueueOf } from "../../lambdas/common/core/dead-letters/letter-queues.ts";
import { NO_SHOP_SETTINGS } from "../../lambdas/common/core/marketplaces/shop-settings.ts";
import { buildCheckSource, type CheckSourceParts } from "../../lambdas/operations-api/sources/check-source.ts";
import { runbookSection } from "../../lib/monitoring/alarm-registry.ts";
import { startCreatorsApiSimulator } from "../../local/upstreams/creators-api/server.ts";
import { LOCAL_CREDENTIALS } from "../../local/upstreams/local-credentials.ts";
import { createProductSource } from "../../local/upstreams/shared/products/product-source.ts";
import { silentLog, silentMeter } from "../helpers/silent.ts";
import { aSourceQuota } from "../unit/cli/harness/answers.ts";
import { localHarness, runWith } from "../unit/cli/harness/harness.ts";
import { FakeLimiter, fakeClock, fakeSource, sourceError } from "../unit/common/sources/chain/fakes.ts";
import { SourcesWorld } from "../unit/enrich-batch/sources-world.ts";
import { resourcesOf } from "./stage/resources.ts";
import { codeIn, PARTS, RUNBOOK, SECTIONS } from "./stage/runbook.ts";
import { buildStage, templatesOf } from "./stage/synth-stage.ts";

// With all that a stage can have an alarm on.
const stage = buildStage("prod", {
  settings: {
    downstream_events: true,
    alarms: { success_rate_band: 2 },
    ...{ region: "us-east-1", health_canary: true },
  },
});
const templates = templatesOf(stage);
const { entries, groups } = stage.alarms;

describe("the runbook", () => {
  const all = [...entries, ...groups];

  it("has a section for every alarm and group, once, and none without one", () => {
    expect(SECTIONS.map(({ id }) => id).sort()).toEqual([...new Set(all.map(({ id }) => id))].sort());
  });

  it("says of each in the same order what it means, whom it hits, what to look at first, the fix, and when it is over", () => {
    for (const { id, severity, parts } of SECTIONS) {
      const alike = all.filter((entry) => entry.id === id);
      expect(Object.keys(parts), id).toEqual(PARTS);
      for (const [name, text] of Object.entries(parts)) expect(text, `${id}, ${name}`).not.toBe("");
      expect([...new Set(alike.map((entry) => entry.severity))], id).toEqual([severity]);
      expect([...new Set(alike.map(({ impact }) => impact))], id).toEqual([parts.Impact]);
      expect(
        codeIn(parts["First look"] ?? "").filter((code) => /^(aws|npx enrichline) /.test(code)).length,
        `${id} names a command to begin with`,
      ).toBeGreaterThan(0);
    }
  });

  it("is where the text of each alarm leads", () => {
    const deployed = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"].flatMap((type) =>
      [...resourcesOf(templates.Monitoring, type).values()].map(({ Properties }) => Properties),
    );
    expect(deployed).toHaveLength(all.length);
    const addresses = new Map(SECTIONS.map(({ id }) => [runbookSection(id), id]));
    expect(addresses.size).toBe(SECTIONS.length);
    for (const { AlarmName, AlarmDescription } of deployed) {
      const [address = ""] = /docs\/runbook\.md#\S+$/.exec(String(AlarmDescription)) ?? [];
      expect(`${AlarmName}/`).toContain(`Enrichline-prod/${addresses.get(address)}/`);
    }
  });

  it("names outputs of the stacks that are there", () => {
    const outputs = Object.values(templates).flatMap((template) => Object.keys(template.toJSON().Outputs ?? {}));
    const named = [...RUNBOOK.matchAll(/<((?:Function|Queue|Table)[A-Z]\w*)>/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(100);
    expect([...new Set(named)].filter((name) => !outputs.includes(name))).toEqual([]);
  });

  it("reads and redrives dead letters by our own commands, in each section of a dead-letter queue", () => {
    const sections = SECTIONS.filter(({ id }) => id.endsWith("/DlqNotEmpty"));
    const queues = sections.map(({ id }) => letterQueueOf(id.slice(0, id.indexOf("/"))));
    expect([...queues].sort()).toEqual([...LetterQueueSchema.options].sort());
    for (const [index, { id, parts }] of sections.entries()) {
      const list = `npx enrichline dlq list --queue ${queues[index]} --stage <stage>`;
      expect(codeIn(parts["First look"] ?? "")[0], id).toBe(list);
      expect(codeIn(parts.Over ?? ""), id).toContain(list);
      // They lie in a table: SQS has nothing to move or to delete.
      expect(Object.values(parts).join("\n"), id).not.toMatch(
        /start-message-move-task|delete (it|them|the messages)\b/i,
      );
    }
  });

  it("finds queues without an output by the beginning of their names, which is that of their stack and id", () => {
    const prefixes = [...RUNBOOK.matchAll(/--queue-name-prefix Enrichline-<stage>-(\w+)-(\w+)/g)];
    expect(prefixes.length).toBeGreaterThan(2);
    for (const [, stack = "", component = ""] of prefixes) {
      const template = templates[stack as keyof typeof templates];
      const found = [...resourcesOf(template, "AWS::SQS::Queue")].filter(([id]) => id.startsWith(component));
      expect(found, component).not.toEqual([]);
      for (const [, { Properties }] of found) expect(Properties.QueueName, component).toBeUndefined();
    }
  });
});

describe("a command in the runbook", () => {
  const commands = [...new Set(codeIn(RUNBOOK).filter((code) => /^(npx )?enrichline [a-z]/.test(code)))].map((code) =>
    code.replace(/^npx /, "").split(/\s+/).slice(1),
  );
  const VERBS = /^[a-z][a-z-]+$/;

  it("of ours is there, with each of its options", async () => {
    expect(commands.length).toBeGreaterThan(8);
    for (const line of commands) {
      // What follows `--` goes to the CDK.
      const words = line.includes("--") ? line.slice(0, line.indexOf("--")) : line;
      const end = words.findIndex((word) => !VERBS.test(word));
      const path = words.slice(0, end < 0 ? words.length : end);
      const { code, out } = await runWith([...path, "--help"], {});
      expect([code, out], words.join(" ")).toEqual([0, expect.stringContaining(`Usage: enrichline ${path.join(" ")}`)]);
      const { out: general } = await runWith(["--help"], {});
      for (const option of words.filter((word) => word.startsWith("--"))) {
        expect(`${out} ${general}`, words.join(" ")).toMatch(new RegExp(`${option}\\b`));
      }
    }
  });

  it("of AWS is an operation of a service", async () => {
    const clients: Readonly<Record<string, object>> = {
      cloudformation: await import("@aws-sdk/client-cloudformation"),
      dynamodb: await import("@aws-sdk/client-dynamodb"),
      lambda: await import("@aws-sdk/client-lambda"),
      secretsmanager: await import("@aws-sdk/client-secrets-manager"),
      sqs: await import("@aws-sdk/client-sqs"),
    };
    /** Of services whose clients we do not have. */
    const others = [
      ...["cloudwatch describe-alarms", "cloudwatch get-metric-statistics", "logs tail", "scheduler list-schedules"],
      ...["dynamodbstreams get-shard-iterator", "route53 get-health-check-status"],
    ];
    const typed = codeIn(RUNBOOK).flatMap((code) => [...code.matchAll(/\baws ([a-z]+) ([a-z-]+)/g)]);
    expect(typed.length).toBeGreaterThan(100);
    const command = (operation: string): string =>
      `${operation.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Command`;
    const unknown = typed.filter(([, service = "", operation = ""]) => {
      const client = clients[service];
      return client === undefined ? !others.includes(`${service} ${operation}`) : !(command(operation) in client);
    });
    expect([...new Set(unknown.map(([text]) => text))]).toEqual([]);
  });
});

describe("a broken credential", () => {
  const { start, cli } = localHarness();
  const broken = { ...LOCAL_CREDENTIALS["creators-api"], client_secret: "amzn1.oa2-cs.v1.wrong" };

  /** What the deployment's check of the source finds with these credentials, against a simulator that keeps Amazon's rules. */
  const check = async () => {
    const simulator = await startCreatorsApiSimulator({ products: createProductSource(), behaviour: {} });
    try {
      const clock = fakeClock();
      const parts = {
        secrets: { read: async () => ({ text: JSON.stringify(broken), version: "1" }), forget: () => undefined },
        tokens: { get: async () => undefined, put: async () => undefined, drop: async () => undefined },
        versions: { note: async () => false },
        counters: { count: async () => undefined },
        revoked: async () => new Set<never>(),
        shops: async () => NO_SHOP_SETTINGS,
        ...{ limiter: new FakeLimiter(clock), clock, meter: silentMeter, log: silentLog },
      };
      const settings = {
        ...{ id: "creators-api" as const, allowance_share: 1 },
        endpoints: { api: simulator.url, token: simulator.url },
      };
      return await buildCheckSource(
        { SOURCES: [settings], USER_AGENT: "test", STAGE: "dev" },
        parts as unknown as CheckSourceParts,
      )("creators-api", undefined);
    } finally {
      await simulator.close();
    }
  };

  it("leads from the alarm by its text, the runbook and doctor to the command that repairs it", async () => {
    // A worker meets the refusal, and no other source can take over.
    const world = new SourcesWorld(
      fakeSource({
        id: "creators-api",
        fail: () => sourceError("creators-api", "critical", "InvalidClient", { status: 400 }),
      }),
    );
    await world.visit(["B000000001"]);
    const counted = world.meter.written.map(([name, , dimensions]) => JSON.stringify([name, { ...dimensions }]));

    // What it counts rings one alarm that wakes somebody.
    const page = entries.filter(({ severity, metric }) => {
      if (severity !== "page" || metric instanceof MathExpression || !(metric instanceof Metric)) return false;
      const { stage: _stage, service, source, ...others } = metric.dimensions ?? {};
      return (
        metric.namespace === "Enrichline" &&
        Object.keys(others).length === 0 &&
        counted.includes(JSON.stringify([metric.metricName, { service, source }]))
      );
    });
    expect(page.map(({ id, of }) => [id, of])).toEqual([["MainLine/CriticalWithoutFallback", "creators-api"]]);

    // Its text leads to a section.
    const [rung] = [...resourcesOf(templates.Monitoring, "AWS::CloudWatch::Alarm").values()].flatMap(
      ({ Properties }) =>
        Properties.AlarmName === "Enrichline-prod/MainLine/CriticalWithoutFallback/creators-api"
          ? [String(Properties.AlarmDescription)]
          : [],
    );
    const section = SECTIONS.find(({ id }) => rung?.endsWith(runbookSection(id)));
    // The section's first look is a command.
    const [first = ""] = codeIn(section?.parts["First look"] ?? "");
    expect(first).toBe("npx enrichline doctor --stage <stage>");

    // The command, here against a local stack, names the fix.
    const found = await check();
    const quota = { sources: [aSourceQuota("creators-api")], timestamp: "2026-08-01T00:00:00.000Z" };
    await start(({ path }) => ({ status: 200, body: path.endsWith("/quota") ? quota : found }));
    const words = first.split(" ").slice(2);
    const { code, out } = await cli(words.slice(0, words.indexOf("--stage")));
    expect(code).toBe(1);
    const [, advice = ""] = /What to do: (.+)/.exec(out) ?? [];
    const [, fix = ""] = /enrichline (credentials set creators-api)/.exec(advice) ?? [];
    expect(out).toMatch(/creators-api: .*client id and secret/);

    // The fix is a command that exists, and the section names it as well.
    expect(section?.parts.Resolution).toContain("enrichline credentials set <source>");
    expect((await runWith([...fix.split(" "), "--help"], {})).out).toContain("Usage: enrichline credentials set");
    // It is over when doctor says so.
    expect(section?.parts.Over).toContain("`npx enrichline doctor --stage <stage>` says `All is well.`");
  });
});
