import { CallCounts } from "../../adapters/dynamodb/access/call-counts.ts";
import { KEY_LIMIT } from "../../core/access/call-limits.ts";
import type { KeyCalls } from "../../platform/http/access/admit-key.ts";
import type { Clients } from "./clients.ts";

/** What routes that keys may call need. */
export interface KeyDeps {
  readonly keyCalls: KeyCalls;
}

/** Environment that counting calls by keys takes. */
export interface KeyCallsEnv {
  readonly ACCESS_TABLE_NAME: string;
}

/** Builds what holds each key to its calls a second. */
export const buildKeyCalls = (env: KeyCallsEnv, { documents }: Pick<Clients, "documents">): KeyDeps => ({
  keyCalls: new CallCounts(documents, env.ACCESS_TABLE_NAME, KEY_LIMIT),
});
