import * as z from "zod";
import { ConfigError } from "../../lambdas/common/core/errors.ts";
import { SOURCE_IDS } from "../../lambdas/common/core/source-ids.ts";
import { KIND_DEFAULTS } from "./kind-defaults.ts";
import { enabledSources, unswitchedSources } from "./optional-sources.ts";
import { STAGE_KINDS } from "./stage-kinds.ts";
import { type StageSettings, StageSettingsSchema } from "./stage-settings.ts";
import { readStage, type Stage } from "./stages.ts";

/** A stage and everything that can be set about it. */
export interface StageConfig extends StageSettings {
  readonly stage: Stage;
  /** Whether data may go when the stack goes, and shortcuts for the emulator apply. */
  readonly disposable: boolean;
  /** Whether it is deployed to the emulator, which asks for some calls by names that are no actions on AWS. */
  readonly emulated: boolean;
  /** Folder with a bundle for each room, made before; stage local only. Absent: functions are bundled at synth. */
  readonly bundles?: string;
  /** File with the milliseconds by which the functions' clock runs ahead; stage local only. Absent: it is the machine's. */
  readonly clockFile?: string;
}

const JsonObjectSchema = z.record(z.string(), z.unknown());
const EndpointsSchema = z.record(z.string(), z.record(z.string(), z.url()));

const describe = (error: z.ZodError): string =>
  error.issues
    .map((issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown ${issue.keys.map((key) => `"${[...issue.path, key].join(".")}"`).join(", ")}`
        : `${issue.path.join(".") || "(all)"}: ${issue.message}`,
    )
    .join("; ");

/** Context given by `-c name=…` is text, context of cdk.json is JSON already. */
const jsonContext = <Schema extends z.ZodType>(name: string, value: unknown, schema: Schema): z.output<Schema> => {
  let parsed = value;
  if (typeof value === "string") {
    try {
      parsed = JSON.parse(value);
    } catch (cause) {
      throw new ConfigError(`context "${name}" must be a JSON object, such as -c ${name}='{…}'`, { cause });
    }
  }
  const result = schema.safeParse(parsed ?? {});
  if (!result.success) throw new ConfigError(`context "${name}" is wrong: ${describe(result.error)}`);
  return result.data;
};

/**
 * A path that only stage local may be given: elsewhere a deploy would take bundles that nobody can tell the age of, or
 * functions would believe another time than the rest of the world.
 */
const readLocalPath = (name: "bundles" | "clock_file", value: unknown, stage: Stage): string | undefined => {
  if (value === undefined) return undefined;
  if (stage !== "local") throw new ConfigError(`context "${name}" is for stage local only; leave it out for ${stage}`);
  const kind = name === "bundles" ? "folder" : "file";
  if (typeof value !== "string" || value === "") throw new ConfigError(`context "${name}" must be a ${kind}`);
  return value;
};

/** What the kind of the stage gives; an unknown kind gives nothing, and is refused with the other settings. */
const kindDefaults = (kind: unknown): object => {
  const known = STAGE_KINDS.find((name) => name === kind);
  return known === undefined ? {} : KIND_DEFAULTS[known];
};

/** The only region that Route 53 writes its metrics to, and an alarm sees those of its own region. */
const CANARY_REGION = "us-east-1";

const checkCanary = ({ stage, kind, health_canary, region }: StageConfig): void => {
  if (!health_canary) return;
  if (kind === "local") {
    throw new ConfigError(
      "stages.local.health_canary is for stages on AWS only: nobody outside reaches the emulator, leave it out",
    );
  }
  if (region !== CANARY_REGION) {
    throw new ConfigError(
      `stages.${stage}.health_canary needs "region": "${CANARY_REGION}" under "${stage}", but that is ${region ?? "not said"}: ` +
        "what Route 53 finds can be watched there only. Elsewhere leave it out, and let a monitor of yours ask /api/v1/health",
    );
  }
};

/** Relations between settings that one field alone cannot show. */
const checkRelations = (config: StageConfig): void => {
  const { stage, kind } = config;
  if ((stage === "local") !== (kind === "local")) {
    throw new ConfigError(
      `stages.${stage}.kind is "${kind}": stage local, which runs on an emulator, is the only one of kind local`,
    );
  }
  if (kind === "local" && config.vpc !== undefined) {
    throw new ConfigError("stages.local.vpc is for stages on AWS only: the emulator has no networks, leave it out");
  }
  if (kind === "local" && (config.account !== undefined || config.region !== undefined)) {
    throw new ConfigError(
      "stages.local has an account or a region of AWS, but is deployed to the emulator: leave it out",
    );
  }
  checkCanary(config);
  if (kind === "prod" && config.alarm_email === undefined) {
    throw new ConfigError(
      `stages.${stage}.alarm_email is missing, so nobody would learn of an alarm: add "alarm_email": "<address>" under "${stage}" ` +
        `in cdk.json, or give it to this deploy with -c settings='{"alarm_email":"<address>"}'`,
    );
  }
  if (!config.disposable && config.webhook_allowed_addresses.length > 0) {
    throw new ConfigError(
      `stages.${config.stage}.webhook_allowed_addresses is for stage local only: elsewhere webhooks go to the public internet`,
    );
  }
  const least = recommendedVisibilitySeconds(config);
  const { visibility_timeout_seconds: visibility } = config;
  if (!config.disposable && visibility !== "auto" && visibility < least) {
    throw new ConfigError(
      `stages.${config.stage}.visibility_timeout_seconds is ${visibility}, but must be ${least} or more ` +
        "(6 × function_timeout_seconds + batch_window_seconds), or auto: else a message comes back while it is worked on",
    );
  }
  if (config.upstream_timeout_seconds * 2 > config.function_timeout_seconds) {
    throw new ConfigError(
      `stages.${config.stage}.upstream_timeout_seconds is ${config.upstream_timeout_seconds}, but must be at most half of ` +
        `function_timeout_seconds (${config.function_timeout_seconds}): else one slow answer leaves no time to record it`,
    );
  }
};

/** Least visibility timeout that AWS recommends: six function timeouts and the batch window, seconds. */
export const recommendedVisibilitySeconds = (
  config: Pick<StageSettings, "function_timeout_seconds" | "batch_window_seconds">,
): number => 6 * config.function_timeout_seconds + config.batch_window_seconds;

/**
 * Reads the settings of the stage that was asked for.
 *
 * Context keys: `stage` (required), `stages` (cdk.json), `settings` (JSON, overrides single settings of this deploy),
 * `endpoints` (JSON `{<source id>: {<name>: url}}`, addresses of upstreams, for simulators; those of sources that
 * are off are not used), `bundles` (a folder with a bundle for each room, for stage local), `clock_file` (the file
 * that the functions' clock follows, for stage local) and `emulated` (`true` where
 * the launcher deploys stage local).
 * @param context gives the value of a context key, undefined when there is none
 * @throws ConfigError with every problem and what is known instead
 */
export const loadSettings = (context: (key: string) => unknown): StageConfig => {
  const stages = jsonContext("stages", context("stages"), JsonObjectSchema);
  const stage = readStage(context("stage"), Object.keys(stages));
  const own = jsonContext(`stages.${stage}`, stages[stage], JsonObjectSchema);
  const overrides = jsonContext("settings", context("settings"), JsonObjectSchema);
  const endpoints = jsonContext("endpoints", context("endpoints"), EndpointsSchema);
  const bundles = readLocalPath("bundles", context("bundles"), stage);
  const clockFile = readLocalPath("clock_file", context("clock_file"), stage);

  const said: Record<string, unknown> = { ...own, ...overrides };
  const result = StageSettingsSchema.safeParse({ ...kindDefaults(said.kind), ...said });
  if (!result.success) {
    const known = Object.keys(StageSettingsSchema.shape).join(", ");
    throw new ConfigError(`settings of stage ${stage} are wrong: ${describe(result.error)}. Known settings: ${known}`);
  }
  const strangers = Object.keys(endpoints).filter((id) => !SOURCE_IDS.some((known) => known === id));
  if (strangers.length > 0) {
    throw new ConfigError(`context "endpoints" names ${strangers.join(", ")}, but there is ${SOURCE_IDS.join(", ")}`);
  }
  const unswitched = unswitchedSources(result.data);
  if (unswitched.length > 0) {
    const settings = unswitched.map(({ id, setting }) => `${id} needs stages.${stage}.${setting}`);
    throw new ConfigError(`sources are listed that are off unless the stage says so: ${settings.join(", ")}`);
  }
  const config: StageConfig = {
    ...result.data,
    stage,
    disposable: result.data.kind === "local",
    emulated: result.data.kind === "local" && context("emulated") === "true",
    ...(bundles === undefined ? {} : { bundles }),
    ...(clockFile === undefined ? {} : { clockFile }),
    sources: enabledSources(result.data).map((source) => ({
      ...source,
      endpoints: { ...source.endpoints, ...endpoints[source.id] },
    })),
  };
  checkRelations(config);
  return config;
};
