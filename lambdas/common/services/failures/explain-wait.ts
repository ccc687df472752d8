import { isAutomatic, type RemedyKind, remedyKindOf } from "../../core/failures/remedy-kinds.ts";
import type { BlockedBy } from "../../core/sources/blocked-by.ts";
import { explainCode } from "../../sources/checks/explain-code.ts";

/** Why the line itself does not ask a source now, and what helps. Other codes are the source's own. */
const OWN_WAITS: Readonly<Record<string, { readonly kind: RemedyKind; readonly cause: string }>> = {
  rate: { kind: "pace", cause: "is asked as fast as its account allows" },
  "daily-quota": { kind: "pace", cause: "has given all that its account allows for the day" },
  "circuit-open": { kind: "pace", cause: "failed several times in a row and is left alone for some minutes" },
  paused: { kind: "account", cause: "is paused, because it refused every call" },
  not_configured: { kind: "credentials", cause: "has no credentials" },
};

const COMMANDS = {
  credentials: (source: string) => `enrichline credentials set ${source}`,
  pace: () => "enrichline quota",
} as const;

/** Why runs wait for a source, and what helps: products that wait continue by themselves once that is done. */
export const explainWait = ({ source, code, action }: Pick<BlockedBy, "source" | "code" | "action">) => {
  const own = Object.hasOwn(OWN_WAITS, code) ? OWN_WAITS[code] : undefined;
  const kind = own?.kind ?? remedyKindOf(code, source);
  const cause = own
    ? `${source} ${own.cause}.`
    : (explainCode(source, code)?.reason ?? `${source} gave the code ${code}.`);
  const command =
    kind === "credentials" || kind === "pace" ? COMMANDS[kind](source) : `enrichline doctor --source ${source}`;
  return { cause, remedy: { words: action, command, automatic: isAutomatic(kind) } };
};
