import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";

/*
 * Logs are kept longer than some licences allow content to be. What errors say is made fit for them in one place;
 * test/unit/common/platform/log-content.property.test.ts proves that nothing passes.
 */

/** Makes the words. */
const WORDS = "lambdas/common/core/error-words.ts";
/** An error as text of its own making, in a field of a line: its message may quote what it was about. */
const OWN_TEXT = /\b(?:error|cause|reason): (?:String\((?:error|cause)\b|error\.stack\b)|\berror\.stack \?\?/;

it("errors get into the log through one function", () => {
  const files = globSync("lambdas/**/*.ts", { cwd: REPOSITORY_ROOT }).map((name) => name.replaceAll("\\", "/"));
  const others = files.filter((name) => {
    const text = readFileSync(join(REPOSITORY_ROOT, name), "utf8");
    return name !== WORDS && OWN_TEXT.test(text);
  });
  expect(others).toEqual([]);
  expect(OWN_TEXT.test('log.warn("x", { error: String(error) })')).toBe(true);
});
