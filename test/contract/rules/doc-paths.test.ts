import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const ROOMS = ["bin", "lib", "lambdas", "cli", "local", "bench", "test", "events", "docs"];
const ROOM_READMES = globSync(`{${ROOMS.join(",")}}/**/README.md`, { cwd: ROOT });
const DOCUMENTS = [...new Set([...globSync(["*.md", "docs/*.md"], { cwd: ROOT }), ...ROOM_READMES])].sort();

/** Words of inline code; fenced blocks are left out. */
const wordsOf = (text: string): string[] =>
  [...text.matchAll(/```[\s\S]*?```|`([^`\n]+)`/g)].flatMap(([, code = ""]) => code.split(/\s+/)).filter(Boolean);

/** The part of a path that is the same for every value of its placeholders; the last folder before the first one. */
const fixedPart = (path: string): string => {
  const [fixed = ""] = path.split(/[<*…{[]/, 1);
  return fixed === path ? path : fixed.slice(0, fixed.lastIndexOf("/") + 1);
};

const isRepositoryPath = (word: string): boolean =>
  ROOMS.some((room) => word.startsWith(`${room}/`)) || /^(\.ci\/|[\w.-]+\.md$)/.test(word);

/** Paths that a document names, without a trailing comma or full stop, from the root of the repository. */
const pathsOf = (file: string): string[] =>
  wordsOf(readFileSync(join(ROOT, file), "utf8"))
    .map((word) => word.replace(/[,.;:)]+$/, ""))
    .filter(isRepositoryPath)
    .map(fixedPart)
    .filter((path) => path !== "");

/** Folders and files that a room's README names from its own folder, such as `monitoring/`. */
const ownPathsOf = (file: string): string[] =>
  wordsOf(readFileSync(join(ROOT, file), "utf8"))
    .filter((word) => /^[a-z][\w.-]*\/[\w./<>-]*$/.test(word) && !isRepositoryPath(word))
    .filter((word) => word.endsWith("/") || word.endsWith(".ts"))
    .map(fixedPart);

const exists = (...places: readonly string[]): boolean => places.some((place) => existsSync(join(ROOT, place)));

describe("the documents", () => {
  it.each(DOCUMENTS)("%s names paths of the repository that exist", (file) => {
    const missing = pathsOf(file).filter((path) => !exists(path, join(dirname(file), path)));
    expect([...new Set(missing)]).toEqual([]);
  });

  it.each(ROOM_READMES)("%s names folders and files of its room that exist", (file) => {
    const missing = ownPathsOf(file).filter((path) => !exists(join(dirname(file), path)));
    expect([...new Set(missing)]).toEqual([]);
  });

  it("name paths at all, so that this test looks at something", () => {
    expect(pathsOf("CONTRIBUTING.md").length).toBeGreaterThan(20);
    expect(ownPathsOf(join("lib", "README.md")).length).toBeGreaterThan(3);
  });
});
