import { describe, expect, it } from "vitest";
import { STAGES, settingsOf } from "../stage/synth-stage.ts";
import { own } from "./own-settings.ts";

describe("bundles that were made before", () => {
  const settingsWith = (stage: "local" | "prod", bundles: unknown) => () => settingsOf(stage, { bundles });

  it("are taken by stage local, and named by no other", () => {
    expect(settingsOf("local", { bundles: "/made/before" }).bundles).toBe("/made/before");
    expect(settingsOf("local")).not.toHaveProperty("bundles");
    expect(settingsWith("prod", "/made/before")).toThrow(/"bundles" is for stage local only; leave it out for prod/);
    expect(settingsWith("local", "")).toThrow(/"bundles" must be a folder/);
  });
});

describe("the clock of functions", () => {
  it("can be moved on stage local alone", () => {
    expect(settingsOf("local", { clock_file: "/where/it/is" }).clockFile).toBe("/where/it/is");
    for (const stage of STAGES) {
      expect(settingsOf(stage)).not.toHaveProperty("clockFile");
      if (stage === "local") continue;
      expect(() => settingsOf(stage, { clock_file: "/a" })).toThrow(`"clock_file" is for stage local only`);
      expect(() => settingsOf(stage, { settings: { clock_file: "/a" } })).toThrow(/unknown "clock_file"/);
    }
  });
});

describe("addresses that webhooks may have although they are not public", () => {
  it("are none on any stage but local, whose receivers are on its machine", () => {
    for (const stage of STAGES) {
      expect(settingsOf(stage).webhook_allowed_addresses).toEqual(stage === "local" ? ["127.0.0.1", "::1"] : []);
    }
    expect(() => own({ webhook_allowed_addresses: ["10.0.0.1"] })).toThrow(
      "stages.dev.webhook_allowed_addresses is for stage local only",
    );
    expect(() => own({ webhook_allowed_addresses: ["localhost"] })).toThrow("must be an IP address");
  });
});
