import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
/** Words that CONTRIBUTING.md has others for, as far as no other meaning of theirs is in use. Written so as not to find themselves. */
const REFUSED = /\bMOST[_][A-Z]|_A[_]PASS\b|\b(?:who[e]ver|foret[e]ll|reck[o]n(?:ed|s)?|m[e]nd(?:ed|s)?|wake[-]ups?)\b/;

/** The same as names of variables and fields, which are words of every day in a sentence. */
const REFUSED_NAMES = /\b(?:inTurns?|turns?|turned|told|looked)\b(?=\??: (?!\w+ )| = |\.(?:push|length|at)\b)/;

const FILES = globSync(
  ["{bin,lib,lambdas,cli,local,bench,test}/**/*.ts", "docs/{architecture,runbook,glossary,licences}.md"],
  {
    cwd: ROOT,
  },
);

it("code and documents use the words of the house", () => {
  expect(FILES.length).toBeGreaterThan(1_000);
  const found = FILES.flatMap((file) =>
    readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      .flatMap((line, index) =>
        REFUSED.test(line) || (file.endsWith(".ts") && REFUSED_NAMES.test(line))
          ? [`${file}:${index + 1}: ${line.trim().slice(0, 100)}`]
          : [],
      ),
  );
  expect(found).toEqual([]);
});
