import { describe, expect, it } from "vitest";
import { functionsOf, resourcesOf } from "./stage/resources.ts";
import { buildStage, type StageTemplates, settingsOf, synthesizedStage, templatesOf } from "./stage/synth-stage.ts";

const { Pipeline, Shop, Api, Data, Monitoring } = synthesizedStage("prod").templates;
const functions = [Pipeline, Shop, Api].flatMap((template) => [...functionsOf(template)]);

describe("every function", () => {
  it("runs Node 24 on arm64 with the stage's memory; the reader of large files with more", () => {
    expect(functions).toHaveLength(23);
    for (const [, fn] of functions) {
      const isReader = fn.Environment.Variables.POWERTOOLS_SERVICE_NAME === "ingest-catalog";
      const MemorySize = isReader ? 1024 : 512;
      expect(fn).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"], MemorySize });
    }
  });

  it("ends before API Gateway gives up, or after the stage's timeout", () => {
    expect([...functionsOf(Api).values()].map((fn) => fn.Timeout)).toEqual([10, 29, 29, 29, 30, 60, 29, 29]);
    expect([...functionsOf(Shop).values()].map((fn) => fn.Timeout)).toEqual([30, 300]);
    expect([...functionsOf(Pipeline).values()].map((fn) => fn.Timeout).sort()).toEqual([
      120, 150, 150, 150, 150, 150, 150, 30, 300, 60, 60, 60, 900,
    ]);
  });

  it("writes to a log group of its own with the stage's retention", () => {
    for (const template of [Pipeline, Shop, Api]) {
      template.allResourcesProperties("AWS::Logs::LogGroup", {
        RetentionInDays: settingsOf("prod").log_retention_days,
      });
    }
    expect(resourcesOf(Pipeline, "AWS::Logs::LogGroup").size).toBe(13);
    // Two more for the access logs of the HTTP and the WebSocket API.
    expect(resourcesOf(Api, "AWS::Logs::LogGroup").size).toBe(10);
    expect(resourcesOf(Shop, "AWS::Logs::LogGroup").size).toBe(2);
    const groups = functions.map(([, fn]) => JSON.stringify(fn.LoggingConfig.LogGroup));
    expect(new Set(groups).size).toBe(functions.length);
  });

  it("has a clock that nobody can move, on every stage but local", () => {
    const clockFiles = (stage: StageTemplates): unknown[] =>
      [stage.Pipeline, stage.Api].flatMap((template) =>
        [...functionsOf(template).values()].map((fn) => fn.Environment.Variables.CLOCK_FILE),
      );
    // The other stages cannot be given one: settings/local-only.test.ts.
    expect(new Set(clockFiles(synthesizedStage("prod").templates))).toEqual(new Set([""]));
    const moved = clockFiles(templatesOf(buildStage("local", { clock_file: "/where/it/is" })));
    expect(new Set(moved)).toEqual(new Set(["/where/it/is"]));
  });

  it("is loaded by Lambda as it is, and by the emulator by an entry of its own", () => {
    expect(new Set(functions.map(([, fn]) => fn.Handler))).toEqual(new Set(["index.handler"]));
    const local = functionsOf(templatesOf(buildStage("local")).Pipeline).values();
    expect(new Set([...local].map((fn) => fn.Handler))).toEqual(new Set(["local.handler"]));
  });

  it("carries no secret in its environment", () => {
    for (const [id, fn] of functions) {
      const text = JSON.stringify(fn.Environment.Variables);
      expect(text, id).not.toMatch(
        /client_secret|secret_key|access_key|password|refresh_token|resolve:secretsmanager/i,
      );
    }
  });
});

describe("the stacks", () => {
  it("use no custom resource, so that an emulator can deploy them", () => {
    for (const template of [Data, Pipeline, Shop, Api, Monitoring]) {
      expect(JSON.stringify(template.toJSON())).not.toMatch(/"Custom::|AWS::CloudFormation::CustomResource/);
    }
  });

  it("protect the data stack of a kept stage, and only that", () => {
    const { data, api } = synthesizedStage("prod");
    expect([data.terminationProtection, api.terminationProtection]).toEqual([true, false]);
    expect(synthesizedStage("local").data.terminationProtection).toBe(false);
  });
});
