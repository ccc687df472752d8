import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { FaultLayer } from "../../local/faults/start-fault-layer.ts";
import { layoutOf, REPOSITORY_ROOT } from "../../local/layout.ts";
import type { Outputs, UserName } from "../../local/outputs.ts";
import { cognitoToken } from "../../local/stack/cognito-token.ts";
import type { StartStackOptions } from "../../local/stack/stack-options.ts";
import { startStack } from "../../local/stack/start-stack.ts";
import { preparedBundles } from "./suite/prepared-bundles.ts";

/** A whole deployed stack of a test run's own. */
export interface LocalStack {
  readonly outputs: Outputs;
  /** What the functions take for AWS. */
  readonly faults: FaultLayer;
  /** State folder: outputs, logs. */
  readonly dir: string;
  /** Signs in; the id token is valid for an hour. */
  token(user: UserName): Promise<string>;
  /** Ends the stack and, when it was made here, removes its folder. */
  stop(): Promise<void>;
}

export interface LocalStackOptions {
  /** Products that the simulators serve; absent: made up. */
  readonly products?: string;
  readonly keepNulls?: boolean;
  /** State folder; absent: a new one under the system's temporary folder. */
  readonly dir?: string;
  /** Sources with credentials; absent: those of `npm run local`. */
  readonly configured?: StartStackOptions["configured"];
  /** Stage settings that this deploy has otherwise than cdk.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Starts a stack on free ports, beside whatever else runs on the machine. Takes 20 to 60 s. */
export const startLocalStack = async (options: LocalStackOptions = {}): Promise<LocalStack> => {
  // Inside the repository, as the stack of the demo: what lies above a folder can matter.
  const home = join(REPOSITORY_ROOT, ".local");
  mkdirSync(home, { recursive: true });
  const dir = options.dir ?? mkdtempSync(join(home, "test-"));
  const bundles = preparedBundles();
  const clean = (): void => {
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
  };
  try {
    const stack = await startStack({
      layout: layoutOf(dir),
      products: { file: options.products, keepNulls: options.keepNulls ?? false },
      ports: { gateway: 0, emulator: 0 },
      show: "nothing",
      ...(bundles === undefined ? {} : { bundles }),
      ...(options.settings ? { settings: options.settings } : {}),
      ...(options.configured ? { configured: options.configured } : {}),
    });
    if (!stack.faults) throw new Error("the stack has no fault layer");
    return {
      outputs: stack.outputs,
      faults: stack.faults,
      dir,
      token: (user) => cognitoToken(stack.outputs, user),
      stop: async () => {
        await stack.stop();
        clean();
      },
    };
  } catch (error) {
    clean();
    throw error;
  }
};

/** Signs a user of a running stack in, for tests that got only the outputs. */
export const tokenFor = (outputs: Outputs, user: UserName): Promise<string> => cognitoToken(outputs, user);
