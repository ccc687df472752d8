import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { describe, expect, it } from "vitest";
import { LetterQueueSchema } from "../../../lambdas/common/core/dead-letters/letter-queues.ts";
import { alarmedStage, entries } from "../stage/alarmed-stage.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** What lies in a dead-letter queue, as its alarm adds it to what was taken out of it. */
const messagesOf = (metric: IMetric): Metric | undefined => {
  const { messages } = metric instanceof MathExpression ? metric.usingMetrics : {};
  return messages instanceof Metric ? messages : undefined;
};

describe("what is given up", () => {
  it("is collected, and known by the name of its alarm's component, for each queue that nobody else reads", () => {
    const collected = alarmedStage.alarms.deadLetters.entries;
    expect(collected.map(({ name }) => name)).toEqual(LetterQueueSchema.options);
    const watched = entries.filter(({ id }) => id.endsWith("/DlqNotEmpty"));
    const queues = watched.map(({ metric }) => messagesOf(metric)?.dimensions?.QueueName);
    expect(collected.map(({ queue }) => queue.queueName).sort()).toEqual(queues.sort());
  });

  it("has exactly one alarm for each queue that nobody reads, and none for the others", () => {
    const queues = alarmedStage.app.node
      .findAll()
      .filter((construct): construct is Queue => construct instanceof Queue);
    const read = alarmedStage.app.node
      .findAll()
      .flatMap((construct) => (construct instanceof CfnEventSourceMapping ? (construct.eventSourceArn ?? []) : []));
    expect(queues.length).toBeGreaterThan(15);
    for (const queue of queues) {
      const alarms = entries.filter(
        ({ id, metric }) =>
          id.endsWith("/DlqNotEmpty") && messagesOf(metric)?.dimensions?.QueueName === queue.queueName,
      );
      expect(alarms, queue.node.path).toHaveLength(read.includes(queue.queueArn) ? 0 : 1);
    }
  });

  it("gets its alarm in one place", () => {
    const folder = join(ROOT, "lib");
    const named = globSync("**/*.ts", { cwd: folder }).filter((file) =>
      /\}\/(DlqNotEmpty|IteratorAge)`/.test(readFileSync(join(folder, file), "utf8")),
    );
    expect(named.sort()).toEqual(["monitoring/dead-letters/dead-letter-alarm.ts", "monitoring/stream-alarms.ts"]);
  });
});
