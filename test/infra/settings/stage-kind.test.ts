import { describe, expect, it } from "vitest";
import { concurrencyNeeded } from "../../../lib/config/capacity.ts";
import { loadSettings } from "../../../lib/config/load-settings.ts";

describe("the kind of a stage", () => {
  const stage = (name: string, settings: object, extra: object = {}) => {
    const context: Record<string, unknown> = { stages: { [name]: settings }, stage: name, ...extra };
    return loadSettings((key) => context[key]);
  };

  it("is all that a stage of any name must say", () => {
    for (const name of ["test", "prod-eu", "a1", "z".repeat(20)]) {
      expect(stage(name, { kind: "staging" })).toMatchObject({ stage: name, disposable: false, emulated: false });
    }
    expect(stage("test", { kind: "dev" }).sources.map(({ id }) => id)).toEqual(["creators-api", "sp-api", "keepa"]);
    for (const kind of [undefined, "test", 1]) {
      expect(() => stage("test", { kind })).toThrow(
        "settings of stage test are wrong: kind: must be one of local, dev, staging, prod",
      );
    }
  });

  it("gives what the stage does not say otherwise", () => {
    expect(concurrencyNeeded(stage("test", { kind: "dev" }))).toBe(10);
    expect(stage("test", { kind: "dev", log_level: "WARN" })).toMatchObject({
      log_level: "WARN",
      log_retention_days: 14,
    });
    expect(stage("test", { kind: "dev" }, { settings: { webhooks: true } }).webhooks).toBe(true);
  });

  it("is the switch, not the name: prod-eu is asked for somebody to notify, and stages of kind staging are not", () => {
    expect(() => stage("prod-eu", { kind: "prod" })).toThrow("stages.prod-eu.alarm_email is missing");
    expect(stage("prod-eu", { kind: "prod", alarm_email: "ops@example.com" }).log_retention_days).toBe(90);
    expect(stage("prod", { kind: "staging" }).alarm_email).toBeUndefined();
  });

  it("is local for stage local alone", () => {
    expect(() => stage("test", { kind: "local" })).toThrow("is the only one of kind local");
    expect(() => stage("local", { kind: "dev" })).toThrow("is the only one of kind local");
    expect(() => stage("local", { kind: "local", region: "eu-central-1" })).toThrow("is deployed to the emulator");
  });
});
