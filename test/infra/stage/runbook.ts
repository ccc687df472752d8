import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";

/** The parts of a section, in this order. */
export const PARTS = ["Description", "Impact", "First look", "Investigation", "Resolution", "Redrive", "Over"] as const;

/** What the runbook says of one alarm. */
export interface RunbookSection {
  /** Its heading, which is the id of the alarm. */
  readonly id: string;
  readonly severity: string | undefined;
  /** Text by part, in the order of the document. */
  readonly parts: Readonly<Record<string, string>>;
}

export const RUNBOOK = readFileSync(join(REPOSITORY_ROOT, "docs", "runbook.md"), "utf8");

// The first part of the runbook holds what several alarms share.
const [, alarms = ""] = RUNBOOK.split(/^# Alarms$/m);

/** The sections about alarms. */
export const SECTIONS: readonly RunbookSection[] = alarms
  .split(/^## /m)
  .slice(1)
  .map((text) => {
    const [head = "", ...parts] = text.split(/^### /m);
    return {
      id: head.split("\n")[0] ?? "",
      severity: head.match(/^[*_](page|notice)[*_]$/m)?.[1],
      parts: Object.fromEntries(
        parts.map((part) => {
          const [name = "", ...lines] = part.split("\n");
          return [name, lines.join("\n").trim()];
        }),
      ),
    };
  });

/** What stands in backticks. */
export const codeIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
