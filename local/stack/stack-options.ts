import type { FaultLayer } from "../faults/start-fault-layer.ts";
import type { Layout } from "../layout.ts";
import type { Outputs } from "../outputs.ts";
import type { LOCAL_CREDENTIALS } from "../upstreams/local-credentials.ts";
import type { ProductsChoice } from "./start-upstreams.ts";

export interface StartStackOptions {
  readonly layout: Layout;
  readonly products: ProductsChoice;
  /** Usual ports, taken when free; 0 asks for free ones at once. @default 8787 and 4566 */
  readonly ports?: { readonly gateway: number; readonly emulator: number };
  /** `steps` shows each step as it goes, plain lines when there is no terminal. @default "steps" */
  readonly show?: "steps" | "nothing";
  /** Stage settings that this deploy has otherwise than cdk.json. @default none */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Folder with a bundle for each function's room, made before. @default the synth bundles them */
  readonly bundles?: string;
  /** Sources that get their simulator's credentials. @default CONFIGURED_SOURCES */
  readonly configured?: readonly (keyof typeof LOCAL_CREDENTIALS)[];
  /** Functions reach the emulator without the fault layer, which costs each call a hop: for measurements. @default false */
  readonly withoutFaultLayer?: boolean;
  /** The emulator checks neither signatures nor rights, so that a proxy may change requests. @default false */
  readonly withoutRights?: boolean;
  /** Stops a start that is under way; what was started is ended again. */
  readonly signal?: AbortSignal;
}

/** A local stack that this process runs. */
export interface RunningStack {
  readonly outputs: Outputs;
  /** What functions take for AWS; undefined when they reach the emulator directly. */
  readonly faults: FaultLayer | undefined;
  /** Resolves with words when a part ends by itself. */
  readonly broken: Promise<string>;
  /** Ends everything that the start made, and nothing else. Safe to call twice. */
  stop(): Promise<void>;
}
