import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseOffset } from "../../lambdas/common/core/clock-offset.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { Io } from "../output/io.ts";
import { type LocalOutputs, LocalOutputsSchema } from "./local-outputs.ts";
import { signInLocally } from "./local-sign-in.ts";
import { stageName } from "./stage-name.ts";
import { awsConfigOf, stageTarget } from "./stage-target.ts";
import type { Target, TargetOptions } from "./target.ts";

const LOCAL_FIX = "Start it with: npm run local";
/** The emulator checks no signatures; it only wants to see some key. */
const LOCAL_KEYS = { accessKeyId: "test", secretAccessKey: "test" };

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/** Where `npm run local` keeps its files unless `ENRICHLINE_LOCAL_DIR` names another folder. */
export const LOCAL_FOLDER = fileURLToPath(new URL("../../.local", import.meta.url));

const readLocalOutputs = async (env: Io["env"]): Promise<LocalOutputs> => {
  const folder = env.ENRICHLINE_LOCAL_DIR ?? LOCAL_FOLDER;
  const file = join(folder, "outputs.json");
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    const why = isMissing(error) ? `there is no ${file}` : `${file} cannot be read`;
    throw new CliError(EXIT.UNAVAILABLE, `The local stack is not running: ${why}. ${LOCAL_FIX}`, { cause: error });
  });
  try {
    return LocalOutputsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new CliError(EXIT.UNAVAILABLE, `${file} is damaged. Stop with: npm run local:stop. ${LOCAL_FIX}`, {
      cause: error,
    });
  }
};

/** How far somebody moved the clock of the local stack; no file: nobody did. */
const readAheadMs = async (env: Io["env"]): Promise<number> => {
  const file = join(env.ENRICHLINE_LOCAL_DIR ?? LOCAL_FOLDER, "clock");
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (isMissing(error)) return "";
    throw error;
  });
  return parseOffset(text);
};

const localTarget = async (io: Io): Promise<Target> => {
  const outputs = await readLocalOutputs(io.env);
  const { region, userPoolId, clientId } = outputs.auth;
  return {
    name: "local",
    apiUrl: outputs.apiUrl,
    aheadMs: await readAheadMs(io.env),
    token: () => signInLocally(io, outputs, "demo"),
    operatorToken: () => signInLocally(io, outputs, "operator"),
    aws: async () => ({
      stage: "local",
      config: { endpoint: outputs.emulatorUrl, region, credentials: LOCAL_KEYS },
      userPoolId,
      clientId,
      secretPrefix: "enrichline/local",
    }),
  };
};

const addressTarget = (io: Io, apiUrl: string, options: TargetOptions): Target => {
  const { stage, profile } = options;
  const name = stage ?? new URL(apiUrl).host;
  const token = async (): Promise<string> => {
    if (io.env.ENRICHLINE_TOKEN) return io.env.ENRICHLINE_TOKEN;
    throw new CliError(
      EXIT.AUTH,
      `No token for ${name}: set ENRICHLINE_API_KEY to a key (enrichline keys create), or ENRICHLINE_TOKEN to a Cognito token.`,
    );
  };
  return {
    name,
    apiUrl: apiUrl.replace(/\/+$/, ""),
    token,
    operatorToken: token,
    deployedStage: stage,
    aws: async () => {
      if (stage === undefined) {
        throw new CliError(EXIT.USAGE, "Name the stage whose credentials or users you mean with --stage.");
      }
      const { readDeployment } = await import("../aws/read-deployment.ts");
      return readDeployment(stage, awsConfigOf(io.env, profile));
    },
  };
};

/** A key in `ENRICHLINE_API_KEY` goes before every way to sign in. */
const withKey = ({ env }: Io, target: Target): Target => {
  const key = env.ENRICHLINE_API_KEY;
  if (!key) return target;
  const token = async () => key;
  return { ...target, token, operatorToken: token };
};

/**
 * Finds the deployment to talk to: `ENRICHLINE_API_URL` when it is set, a deployed stage when one is named, else the
 * local stack.
 * @throws CliError USAGE for a profile without a stage, UNAVAILABLE when the local stack is not there, and as
 *   `readDeployment`
 */
export const resolveTarget = async (io: Io, options: TargetOptions): Promise<Target> => {
  const apiUrl = io.env.ENRICHLINE_API_URL;
  const { stage, profile } = options;
  if (apiUrl) {
    if (!URL.canParse(apiUrl)) throw new CliError(EXIT.USAGE, `ENRICHLINE_API_URL is no address: ${apiUrl}`);
    return withKey(io, addressTarget(io, apiUrl, options));
  }
  if (stage !== undefined && stage !== "local") {
    return withKey(io, await stageTarget(io, stageName(stage), profile));
  }
  if (stage === undefined && profile !== undefined) {
    throw new CliError(EXIT.USAGE, "Name the stage, too: --stage dev, for instance.");
  }
  return withKey(io, await localTarget(io));
};
