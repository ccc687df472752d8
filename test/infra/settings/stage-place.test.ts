import { describe, expect, it } from "vitest";
import { settingsOf } from "../stage/synth-stage.ts";
import { own } from "./own-settings.ts";

describe("the account and the region of a stage", () => {
  it("are left to who deploys unless the stage says them", () => {
    expect(own({})).not.toHaveProperty("account");
    expect(own({ account: "012345678901", region: "ap-southeast-2" })).toMatchObject({
      account: "012345678901",
      region: "ap-southeast-2",
    });
    expect(own({ region: "us-gov-west-1" }).region).toBe("us-gov-west-1");
  });

  it.each([
    ["account", 123456789012, "must be|expected string"],
    ["account", "1234", "must be the 12 digits of an AWS account, in quotes"],
    ["region", "Frankfurt", "must be an AWS region, such as eu-central-1"],
  ])("refuse %s = %j", (key, value, words) => {
    expect(() => own({ [key]: value })).toThrow(new RegExp(words));
  });
});

describe("the canary of a stage", () => {
  it("is off, and on where its findings can be watched", () => {
    expect(own({}).health_canary).toBe(false);
    expect(own({ health_canary: true, region: "us-east-1" }).health_canary).toBe(true);
  });

  it.each([
    [{}, "not said"],
    [{ region: "eu-central-1" }, "eu-central-1"],
  ])("is refused elsewhere with what to do instead: %j", (place, said) => {
    expect(() => own({ health_canary: true, ...place })).toThrow(
      `stages.dev.health_canary needs "region": "us-east-1" under "dev", but that is ${said}`,
    );
  });

  it("is refused on stage local, which nobody outside reaches", () => {
    expect(() => settingsOf("local", { settings: { health_canary: true } })).toThrow(
      "stages.local.health_canary is for stages on AWS only",
    );
  });
});
