import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import * as z from "zod";
import { loadSettings, type StageConfig } from "../../../lib/config/load-settings.ts";
import type { Stage } from "../../../lib/config/stages.ts";
import { buildStacks, type StageStacks } from "../../../lib/stacks/build-stacks.ts";
import { EVERYTHING } from "./everything.ts";

const CdkJsonSchema = z.object({ context: z.record(z.string(), z.unknown()) });

/** The context of cdk.json, as the CDK command passes it to the app. */
export const cdkContext = (): Record<string, unknown> =>
  CdkJsonSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "..", "cdk.json"), "utf8")))
    .context;

/** The stages of cdk.json. */
export const STAGES = Object.keys(z.record(z.string(), z.unknown()).parse(cdkContext().stages));

/** Settings that a stage must be given in cdk.json before it is deployed, or may be given. */
const REQUIRED: Partial<Record<Stage, object>> = {
  // With what a stage may have beside the main line, so that inventories know it.
  prod: { alarm_email: "ops@example.com", shop_line: true, shop_topic: true },
};

const SettingsSchema = z.record(z.string(), z.unknown()).default({});

/** Settings of a stage as cdk.json has them, with what must be added, and with context of one's own on top. */
export const settingsOf = (stage: Stage, extra: Readonly<Record<string, unknown>> = {}): StageConfig => {
  const context: Record<string, unknown> = {
    ...cdkContext(),
    stage,
    ...extra,
    settings: { ...REQUIRED[stage], ...SettingsSchema.parse(extra.settings) },
  };
  return loadSettings((key) => context[key]);
};

/** A stage's stacks and an app to synthesize them in; functions are not bundled. */
export interface StageApp extends StageStacks {
  readonly app: App;
  readonly config: StageConfig;
}

/**
 * Builds the stacks of a stage without bundling any function.
 * @param validated whether a synth also runs CloudFormation's own rules, which take several times as long as all else
 */
export const buildStage = (
  stage: Stage,
  extra: Readonly<Record<string, unknown>> = {},
  { validated = false } = {},
): StageApp => {
  const app = new App({
    context: { ...cdkContext(), "aws:cdk:bundling-stacks": [] },
    builtinCloudFormationValidation: validated,
  });
  const config = settingsOf(stage, extra);
  return { app, config, ...buildStacks(app, config) };
};

/** The templates of a stage by the last part of their stack's name. */
export interface StageTemplates {
  /** Empty where the stage has no network of its own choice. */
  readonly Network: Template;
  readonly Data: Template;
  readonly Pipeline: Template;
  /** Empty where the stage has no shop line. */
  readonly Shop: Template;
  readonly Api: Template;
  readonly Monitoring: Template;
}

const NO_STACK = Template.fromJSON({ Resources: {} });

/** Synthesizes a stage into templates. */
export const templatesOf = ({ network, data, pipeline, shop, api, monitoring }: StageStacks): StageTemplates => ({
  Network: network ? Template.fromStack(network) : NO_STACK,
  Data: Template.fromStack(data),
  Pipeline: Template.fromStack(pipeline),
  Shop: shop ? Template.fromStack(shop) : NO_STACK,
  Api: Template.fromStack(api),
  Monitoring: Template.fromStack(monitoring),
});

/** The same by the name of their stack, of those that the stage has. */
export const templatesByStack = (stacks: StageStacks): Readonly<Record<string, Template>> => {
  const { network, data, pipeline, shop, api, monitoring } = stacks;
  return Object.fromEntries(
    [network, data, pipeline, shop, api, monitoring].flatMap((stack) =>
      stack ? [[stack.stackName, Template.fromStack(stack)] as const] : [],
    ),
  );
};

/** A stage that is synthesized. */
export interface SynthesizedStage extends StageApp {
  readonly templates: StageTemplates;
}

const synthesized = new Map<Stage, SynthesizedStage>();

const synthesize = (built: StageApp): SynthesizedStage => ({ ...built, templates: templatesOf(built) });

/** A stage as cdk.json has it, synthesized once for all files of a process. Only for reading. */
export const synthesizedStage = (stage: Stage): SynthesizedStage => {
  const known = synthesized.get(stage);
  if (known) return known;
  const made = synthesize(buildStage(stage));
  synthesized.set(stage, made);
  return made;
};

let largest: SynthesizedStage | undefined;

/** Stage prod with everything that a stage may have, synthesized once for all files of a process. Only for reading. */
export const largestStage = (): SynthesizedStage => {
  largest ??= synthesize(buildStage("prod", { settings: EVERYTHING }));
  return largest;
};
