import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { roleStatements } from "../stage/resources.ts";
import { buildStage, type StageTemplates, synthesizedStage, templatesOf } from "../stage/synth-stage.ts";

const emulated = templatesOf(buildStage("local", { emulated: "true" }));
const plain = synthesizedStage("local").templates;

/** The only names that may come in, by the action that covers them on AWS. */
const BATCHES = {
  "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
  "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
  "sqs:SendMessageBatch": "sqs:SendMessage",
};

/** A template without the names that the emulator alone knows; those that stand with the action that they belong to. */
const without = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(without);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key !== "Action" || !Array.isArray(value)) return [key, without(value)];
      const kept = value.filter((one) => {
        const covers = BATCHES[one as keyof typeof BATCHES];
        return covers === undefined || !value.includes(covers);
      });
      return [key, kept.length === 1 ? kept[0] : kept];
    }),
  );
};

const each = (templates: StageTemplates): [string, Template][] => Object.entries(templates);

describe("the emulator's own names of actions", () => {
  it("are all that distinguishes what the launcher deploys from stage local as it is", () => {
    for (const [name, template] of each(emulated)) {
      const own = plain[name as keyof StageTemplates].toJSON();
      expect(without(template.toJSON()), name).toEqual(own);
    }
    // It would be found if it were another one.
    expect(without({ Action: ["sqs:SendMessageBatch"] })).toEqual({ Action: "sqs:SendMessageBatch" });
    expect(without({ Action: ["sqs:SendMessage", "s3:GetObject"] })).toEqual({
      Action: ["sqs:SendMessage", "s3:GetObject"],
    });
  });

  it("stand with their actions, on the same resources", () => {
    const statements = each(emulated).flatMap(([, template]) => [...roleStatements(template).values()].flat());
    const added = statements.flatMap(({ Action }) => Action.filter((action) => action in BATCHES));
    expect(new Set(added)).toEqual(new Set(Object.keys(BATCHES)));
    for (const [batch, covers] of Object.entries(BATCHES)) {
      for (const { Action } of statements) expect(Action.includes(batch), batch).toBe(Action.includes(covers));
    }
  });

  it("come into no other stage, whatever its deploy says", () => {
    for (const [name, template] of each(templatesOf(buildStage("prod", { emulated: "true" })))) {
      expect(template.toJSON(), name).toEqual(
        synthesizedStage("prod").templates[name as keyof StageTemplates].toJSON(),
      );
    }
  });
});
