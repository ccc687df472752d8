import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { isCheap } from "../../helpers/costly-patterns.ts";
import { isLinear, patternForm, waysAtAPlace } from "../../helpers/pattern-form.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** The patterns that a source file writes as literals. */
const literalsIn = (file: string): RegExp[] => {
  const found: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      found.push(new RegExp(node.text.slice(1, end), node.text.slice(end + 1)));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest, true));
  return found;
};

const PATTERNS = globSync("lambdas/**/*.ts", { cwd: ROOT }).flatMap((file) =>
  literalsIn(file).map((pattern) => ({ file, pattern })),
);

describe("the patterns of the functions", () => {
  it("are found", () => expect(PATTERNS.length).toBeGreaterThan(100));

  it("repeat no repetition, because a text could be split among the two in many ways", () =>
    expect(PATTERNS.filter(({ pattern }) => patternForm(pattern.source).nested)).toEqual([]));

  it("cost a fixed number of steps for each character of any text, by their form or by their automaton", () => {
    const costly = PATTERNS.filter(({ pattern }) => !isCheap(pattern));
    expect(costly.map(({ file, pattern }) => `${file}: ${pattern}`)).toEqual([]);
  });

  it("would not pass with a repetition that an end follows", () => {
    for (const costly of [/[?#].*$/, /\s+$/, /\d+x/, /^#|[?#].*$/, /(?:[a-z ]{1,30}x){0,3}y/])
      expect(isCheap(costly), String(costly)).toBe(false);
  });
});

describe("the form of a pattern", () => {
  it.each(["(a+)+", "(?:a*b?)*", "(?:x|\\d+)*$", "(?:[^a]*)+", "(?:\\w+\\.)+"])("is nested in %s", (source) =>
    expect(patternForm(source).nested).toBe(true),
  );

  it.each(["a+b+", "(?:ab){1,3}c+", '"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"', "(?:a|b)+", "[*+]{2,}", "\\p{L}+"])(
    "is not nested in %s",
    (source) => expect(patternForm(source).nested).toBe(false),
  );

  it.each(["\\s+", "[?#].*", "\\d(?:[.,](?=\\d)|\\d)*", "[\\s\\p{Cf}]+", "^\\d+$", "a{1,9}b?", "^[^#]*"])(
    "is linear in %s",
    (source) => expect(isLinear(source, "u")).toBe(true),
  );

  it.each(["\\s+$", "a+b", "^a+b+$", "^a+|b", "a|b+", "<[^>]*>", "(?:a+)?"])(
    "is not linear by form alone in %s",
    (source) => expect(isLinear(source)).toBe(false),
  );

  it.each([
    ["abc", 1],
    ["a{1,9}b", 1],
    ["a{1,9}a", 9],
    ["[ab]{0,4}[bc]{0,4}", 25],
    ["(?:ab?){2}", 4],
    ["^(?:a{1,9}){1,9}", 1],
    ["a|b{2,3}", 3],
  ])("%s is tried in at most %d ways at a place", (source, ways) => expect(waysAtAPlace(source)).toBe(ways));
});
