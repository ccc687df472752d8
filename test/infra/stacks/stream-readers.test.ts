import type { Template } from "aws-cdk-lib/assertions";
import { expect, it } from "vitest";
import { resourcesOf } from "../stage/resources.ts";
import { buildStage, STAGES, synthesizedStage, templatesOf } from "../stage/synth-stage.ts";

/** Readers of a stream from which on DynamoDB throttles them. */
const MAX_READERS = 2;

/** What reads streams of tables, by the stream: event sources of functions, and pipes. */
const readersOf = (templates: readonly Template[]): Map<string, string[]> => {
  const readers = templates.flatMap((template) => [
    ...[...resourcesOf(template, "AWS::Lambda::EventSourceMapping")].map(
      ([id, { Properties }]) => [id, Properties.EventSourceArn] as const,
    ),
    ...[...resourcesOf(template, "AWS::Pipes::Pipe")].map(([id, { Properties }]) => [id, Properties.Source] as const),
  ]);
  const byTable = new Map<string, string[]>();
  for (const [id, source] of readers) {
    // A stream of this stack by its table, one of another stack by what that exports.
    const [, name = ""] = /([A-Za-z]+Table)[0-9A-F]{8}/.exec(JSON.stringify(source)) ?? [];
    const table = name.split("GetAtt").at(-1);
    if (table) byTable.set(table, [...(byTable.get(table) ?? []), id]);
  }
  return byTable;
};

const everything = { webhooks: true, daily_refresh: true, event_requests: true, shop_line: true };
const stages = [
  ...STAGES.map((stage) => [stage, () => Object.values(synthesizedStage(stage).templates) as Template[]] as const),
  [
    "prod with all there is",
    () => Object.values(templatesOf(buildStage("prod", { settings: everything }))) as Template[],
  ] as const,
];

it.each(stages)("no stream of stage %s has more readers than it feeds without throttling them", (_, templates) => {
  const readers = readersOf(templates());
  // All streams are seen: one that was missed would pass.
  expect([...readers.keys()]).toEqual(expect.arrayContaining(["EnrichmentStatusTable", "ProductsTable"]));
  for (const [table, ids] of readers)
    expect(ids.length, `${table}: ${ids.join(", ")}`).toBeLessThanOrEqual(MAX_READERS);
});

it.each(stages)("no function of stage %s gives a record of a stream up for the number of its tries", (_, templates) => {
  const readers = templates().flatMap((template) =>
    [...resourcesOf(template, "AWS::Lambda::EventSourceMapping").values()].flatMap(({ Properties }) =>
      Properties.StartingPosition ? [Properties] : [],
    ),
  );
  expect(readers.length).toBeGreaterThanOrEqual(2);
  for (const reader of readers) {
    // Absent is no limit, too.
    expect([-1, undefined]).toContain(reader.MaximumRetryAttempts);
    // Or the stream would keep it for a day, and its shard with it.
    expect([60, 6 * 3_600]).toContain(reader.MaximumRecordAgeInSeconds);
    expect(reader).toMatchObject({ BisectBatchOnFunctionError: true, DestinationConfig: { OnFailure: {} } });
  }
});
