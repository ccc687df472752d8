import { delimiter } from "node:path";
import { NODE_BIN } from "./layout.ts";

/** Region and account that the emulator plays. The keys are dummies: those of the account itself, which may do all. */
export const LOCAL_REGION = "us-east-1";
export const LOCAL_ACCOUNT = "000000000000";
export const DUMMY_CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" } as const;

/** Arguments of an AWS client that can reach nothing but the emulator at `endpoint`. */
export const clientConfig = (endpoint: string) => ({
  endpoint,
  region: LOCAL_REGION,
  credentials: DUMMY_CREDENTIALS,
  maxAttempts: 5,
});

/**
 * The environment for a child process with every AWS setting of the person taken out and Node 24 first in PATH.
 * Without that, a profile or endpoint from their shell could send a local deploy to a real account.
 */
export const bareEnvironment = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => {
  const kept = Object.entries(env).filter(([name]) => !/^(AWS_|CDK_|LOCALSTACK_|MINISTACK_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(kept), PATH: `${NODE_BIN}${delimiter}${env.PATH ?? ""}` };
};

/** `bareEnvironment` pointed at the emulator, for the AWS CDK command line. */
export const emulatorEnvironment = (endpoint: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => ({
  ...bareEnvironment(env),
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: DUMMY_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: DUMMY_CREDENTIALS.secretAccessKey,
  AWS_REGION: LOCAL_REGION,
  AWS_DEFAULT_REGION: LOCAL_REGION,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  CDK_DEFAULT_ACCOUNT: LOCAL_ACCOUNT,
  CDK_DEFAULT_REGION: LOCAL_REGION,
  CDK_DISABLE_CLI_TELEMETRY: "true",
  NO_COLOR: "1",
});
