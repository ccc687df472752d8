import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { clientConfig } from "../../local/aws-environment.ts";
import { layoutOf } from "../../local/layout.ts";
import type { Outputs } from "../../local/outputs.ts";
import { cognitoToken } from "../../local/stack/cognito-token.ts";
import { makePassword } from "../../local/stack/create-users.ts";
import type { RunningStack } from "../../local/stack/stack-options.ts";
import { startStack } from "../../local/stack/start-stack.ts";
import { type CallReport, CallReportSchema } from "../../local/upstreams/shared/server/call-report.ts";
import { BenchApi } from "./bench-api.ts";
import { stopOnSignal } from "./stop-on-signal.ts";

/** A deployed stack of a bench's own, with simulator and stage at the same rate. */
export interface BenchStack {
  readonly outputs: Outputs;
  /** State folder of the stack. */
  readonly dir: string;
  /** Signs new users in. */
  users(count: number): Promise<BenchApi[]>;
  /** Forgets the simulator's calls. */
  reset(): Promise<void>;
  /** What the simulator saw since the last reset. */
  calls(): Promise<CallReport>;
  /** Calls the simulator's control routes by GET. @returns the answer, which nothing has checked */
  control(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts a stack on free ports.
 * @param rate calls per second that the simulator allows and the stage is set to
 * @param settings further stage settings
 * @param behaviour further switches of the simulator
 */
export const startBenchStack = async (
  rate: number,
  settings: Readonly<Record<string, unknown>> = {},
  behaviour: Readonly<Record<string, unknown>> = {},
): Promise<BenchStack> => {
  const dir = await mkdtemp(join(tmpdir(), "enrichline-bench-"));
  const starting = new AbortController();
  let stack: RunningStack | undefined;
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      // A start that is under way ends what it has started by itself.
      starting.abort();
      await started.catch(() => undefined);
      await stack?.stop();
      await rm(dir, { recursive: true, force: true });
    })();
    return stopping;
  };
  const started = startStack({
    signal: starting.signal,
    layout: layoutOf(dir),
    products: { keepNulls: false },
    ports: { gateway: 0, emulator: 0 },
    show: "nothing",
    withoutFaultLayer: true,
    // The counting proxy changes bodies, which ends their signatures.
    withoutRights: true,
    settings: {
      sources: [{ id: "creators-api", calls_per_second: rate, units_per_day: 10_000_000 }],
      api_calls_per_second: 1_000,
      api_burst_calls: 2_000,
      ...settings,
    },
  });
  const forget = stopOnSignal(stop);
  try {
    stack = await started;
  } catch (error) {
    await stop();
    throw error;
  }
  const { outputs } = stack;
  const controlUrl = outputs.upstreams["creators-api"]?.controlUrl ?? "";
  const post = async (path: string, body: unknown): Promise<void> => {
    const response = await fetch(controlUrl + path, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
  };
  let made = 0;
  const newUser = async (): Promise<BenchApi> => {
    const client = new CognitoIdentityProviderClient(clientConfig(outputs.emulatorUrl));
    const user = { UserPoolId: outputs.auth.userPoolId, Username: `bench-${++made}@enrichline.example` };
    const password = makePassword();
    try {
      await client.send(new AdminCreateUserCommand({ ...user, MessageAction: "SUPPRESS" }));
      await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
    } finally {
      client.destroy();
    }
    const users = { ...outputs.users, demo: { username: user.Username, password } };
    return new BenchApi(outputs.apiUrl, await cognitoToken({ ...outputs, users }, "demo"));
  };
  const reset = async (): Promise<void> => {
    await post("/reset", {});
    await post("/behaviour", { calls_per_second: rate, calls_per_day: 10_000_000, ...behaviour });
  };
  const control = async (path: string): Promise<unknown> => (await fetch(controlUrl + path)).json();
  await reset();
  return {
    outputs,
    dir,
    users: async (count) => {
      const users: BenchApi[] = [];
      for (let index = 0; index < count; index += 1) users.push(await newUser());
      return users;
    },
    reset,
    calls: async () => CallReportSchema.parse(await control("/calls")),
    control,
    stop: async () => {
      await stop();
      forget();
    },
  };
};
