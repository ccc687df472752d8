import { describe, expect, it } from "vitest";
import { KIND_DEFAULTS } from "../../lib/config/kind-defaults.ts";
import { StageSettingsSchema } from "../../lib/config/stage-settings.ts";
import type { Stage } from "../../lib/config/stages.ts";
import { Account } from "./stage/account.ts";
import { CHANGES } from "./stage/setting-changes.ts";
import { differencesBetween, EFFECTS } from "./stage/setting-effects.ts";
import { buildStage, STAGES, type StageTemplates, templatesOf } from "./stage/synth-stage.ts";

const ORDER = ["Network", "Data", "Pipeline", "Shop", "Api", "Monitoring"] as const;

const SETTINGS = Object.keys(StageSettingsSchema.shape);
/** Settings that move a stage to another place: it is another deployment there, and nothing of the first one changes. */
const PLACE = ["account", "region"];

/** Where a change needs the stage to be; it is there before, too. */
const placeOf = (change: Record<string, unknown> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(change).filter(([setting]) => PLACE.includes(setting)));

const differences = new Map<Record<string, unknown>, string[]>();
/** What a change makes of a stage that it does not move. */
const differencesBy = (change: Record<string, unknown>): string[] => {
  const found =
    differences.get(change) ??
    differencesBetween(templatesWith("prod", placeOf(change)), templatesWith("prod", change));
  differences.set(change, found);
  return found;
};

/** The settings that a change names; a kind names those that it gives. */
const settingsOf = (change: Record<string, unknown>): string[] =>
  Object.keys(change).flatMap((setting) =>
    setting === "kind" ? Object.keys({ ...KIND_DEFAULTS.prod, ...KIND_DEFAULTS.dev }) : [setting],
  );

const templates = new Map<string, StageTemplates>();
const templatesWith = (stage: Stage, settings: Record<string, unknown>): StageTemplates => {
  const key = JSON.stringify([stage, settings]);
  const found = templates.get(key) ?? templatesOf(buildStage(stage, { settings }));
  templates.set(key, found);
  return found;
};

/** Deploys all stacks in their order, as `cdk deploy --all` does. */
const deployAll = (account: Account, stage: Stage, settings: Record<string, unknown>): string[] =>
  ORDER.flatMap((name) => account.deploy(`Enrichline-${stage}-${name}`, templatesWith(stage, settings)[name]));

describe("a change of settings", () => {
  it.each(Object.keys(CHANGES))("deploys and can be taken back: %s", (change) => {
    const account = new Account();
    const [before, after] = [placeOf(CHANGES[change]), CHANGES[change] ?? {}];
    for (const settings of [before, after, before, after]) {
      expect(deployAll(account, "prod", settings)).toEqual([]);
    }
  });

  it("is tried here for every setting that there is", () => {
    const tried = new Set(Object.values(CHANGES).flatMap((change) => Object.keys(change)));
    for (const setting of PLACE) tried.delete(setting);
    expect([...tried].sort()).toEqual(SETTINGS.filter((setting) => !PLACE.includes(setting)).sort());
  });

  it.each(Object.entries(CHANGES))("touches only what its settings name: %s", (_name, change) => {
    const named = settingsOf(change).flatMap((setting) => EFFECTS[setting] ?? []);
    const found = differencesBy(change);
    expect(found.filter((line) => !named.some((effect) => effect.test(line)))).toEqual([]);
  });

  it("has the effects that are named, each at least once, and every setting is on the list", () => {
    expect([...Object.keys(EFFECTS), ...PLACE, "kind"].sort()).toEqual(SETTINGS.toSorted());
    const idle = Object.entries(EFFECTS).flatMap(([setting, effects]) => {
      const found = Object.values(CHANGES)
        .filter((change) => settingsOf(change).includes(setting))
        .flatMap(differencesBy);
      return effects
        .filter((effect) => !found.some((line) => effect.test(line)))
        .map((effect) => `${setting}: ${effect}`);
    });
    expect(idle).toEqual([]);
  });

  it("deploys after any other", () => {
    const account = new Account();
    for (const settings of Object.values(CHANGES)) expect(deployAll(account, "prod", settings)).toEqual([]);
  });
});

describe("a first deploy that was rolled back", () => {
  it.each(ORDER)("can be repeated after stack %s failed", (failed) => {
    const account = new Account();
    for (const name of ORDER) {
      const template = templatesWith("prod", {})[name];
      if (name === failed) account.failFirstDeploy(`Enrichline-prod-${name}`, template);
      expect(account.deploy(`Enrichline-prod-${name}`, template)).toEqual([]);
    }
  });
});

describe("two stages of one account", () => {
  it("take no name from each other", () => {
    const account = new Account();
    for (const stage of STAGES) expect(deployAll(account, stage, {})).toEqual([]);
  });
});

describe("references between stacks", () => {
  it.each(STAGES)("hold no resource of stage %s in place: any function or queue may be renamed or removed", (stage) => {
    const account = new Account();
    deployAll(account, stage, {});
    expect(account.exportNames).toEqual([]);
  });
});
