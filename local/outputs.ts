import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import { LocalError } from "./local-error.ts";

const UserSchema = z.object({ username: z.string().min(1), password: z.string().min(1) });

/** Names of the three people of a local stack; `operator` is in the group `operators`. */
export const USER_NAMES = ["demo", "other", "operator"] as const;
export type UserName = (typeof USER_NAMES)[number];

/** Addresses of one simulator. */
export const UpstreamSchema = z.object({ url: z.url(), tlsUrl: z.url().optional(), controlUrl: z.url() });
export type Upstream = z.infer<typeof UpstreamSchema>;

/** `.local/outputs.json`: everything that a person, a test or the command line needs to use the local stack. */
export const OutputsSchema = z.object({
  /** Ends in `/api/v1`. */
  apiUrl: z.url().endsWith("/api/v1"),
  /** The gateway's `/live`. */
  webSocketUrl: z.url({ protocol: /^wss?$/ }),
  consoleUrl: z.url(),
  emulatorUrl: z.url(),
  auth: z.object({ region: z.string(), userPoolId: z.string().min(1), clientId: z.string().min(1) }),
  users: z.object({ demo: UserSchema, other: UserSchema, operator: UserSchema }),
  upstreams: z.record(z.string(), UpstreamSchema),
  /** What functions take for AWS, and where its troubles are switched. Absent: they reach the emulator directly. */
  faults: z.object({ url: z.url(), controlUrl: z.url() }).optional(),
  /** By short name, such as `enrich`. */
  queues: z.record(z.string(), z.object({ url: z.url(), dlqUrl: z.url() })),
  /** Physical table names by the design's names, such as `enrichment-status`. */
  tables: z.record(z.string(), z.string().min(1)),
  /** ARNs by short name, such as `new-products`. */
  topics: z.record(z.string(), z.string().min(1)).default({}),
  bucket: z.string().min(1),
  /** Name of the event bus. */
  eventBus: z.string().min(1),
});
export type Outputs = z.infer<typeof OutputsSchema>;

/** Writes the outputs for their owner's eyes only, because they hold passwords. */
export const writeOutputs = (file: string, outputs: Outputs): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(OutputsSchema.parse(outputs), null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
};

/**
 * Reads the outputs of a running stack.
 * @throws LocalError when there are none, or the file is not what this version writes.
 */
export const readOutputs = (file: string): Outputs => {
  if (!existsSync(file)) throw new LocalError(`${file} does not exist: start the local stack with npm run local`);
  try {
    return OutputsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new LocalError(`${file} cannot be read: run npm run local:stop, then npm run local`, { cause });
  }
};
