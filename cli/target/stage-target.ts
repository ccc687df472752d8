import type { AwsAccess, AwsConfig } from "../aws/aws-access.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { Io } from "../output/io.ts";
import { loadSession, saveSession } from "./session-store.ts";
import { placeOf } from "./stage-place.ts";
import type { Target } from "./target.ts";

/** A token that ends this soon would end on the way. */
const ENDS_SOON_MS = 60_000;

/** Settings of AWS clients out of the environment and `--profile`. */
export const awsConfigOf = (env: Io["env"], profile: string | undefined): AwsConfig => ({
  ...(env.AWS_REGION ? { region: env.AWS_REGION } : {}),
  ...(env.AWS_ENDPOINT_URL ? { endpoint: env.AWS_ENDPOINT_URL } : {}),
  ...(profile === undefined ? {} : { profile }),
});

/** The same settings in a region; undefined: wherever they are. */
export const inRegion = (config: AwsConfig, region: string | undefined): AwsConfig =>
  region === undefined ? config : { ...config, region };

/** Settings of AWS clients for a stage: one that says its region is there only, wherever the person's AWS set-up is. */
export const stageConfig = async (env: Io["env"], stage: string, profile: string | undefined): Promise<AwsConfig> =>
  inRegion(awsConfigOf(env, profile), (await placeOf(stage)).region);

const tokenOf = async (io: Io, access: AwsAccess): Promise<string> => {
  if (io.env.ENRICHLINE_TOKEN) return io.env.ENRICHLINE_TOKEN;
  const { stage, clientId } = access;
  const session = await loadSession(io.env, stage, clientId);
  if (session && session.expires_at_ms - io.now() > ENDS_SOON_MS) return session.id_token;
  if (!session?.refresh_token) {
    throw new CliError(EXIT.AUTH, `Nobody is signed in at ${stage}. Sign in with: enrichline login --stage ${stage}`);
  }
  const { UserPool } = await import("../aws/user-pool.ts");
  const pool = new UserPool(access);
  try {
    const renewed = await pool.renew(session.refresh_token);
    await saveSession(io.env, stage, clientId, {
      username: session.username,
      id_token: renewed.idToken,
      refresh_token: renewed.refreshToken ?? session.refresh_token,
      expires_at_ms: io.now() + renewed.secondsLeft * 1000,
    });
    return renewed.idToken;
  } finally {
    pool.close();
  }
};

/**
 * A deployed stage, found by the outputs of its stacks. Its tokens come from `login`.
 * @throws CliError as `readDeployment`
 */
export const stageTarget = async (io: Io, stage: string, profile: string | undefined): Promise<Target> => {
  const { readDeployment } = await import("../aws/read-deployment.ts");
  const deployment = await readDeployment(stage, await stageConfig(io.env, stage, profile));
  const token = () => tokenOf(io, deployment);
  return {
    name: stage,
    deployedStage: stage,
    apiUrl: deployment.apiUrl,
    token,
    operatorToken: token,
    aws: async () => deployment,
  };
};
