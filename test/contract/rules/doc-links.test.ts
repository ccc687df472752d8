import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const DOCUMENTS = globSync(["*.md", "docs/*.md", "{bin,lib,lambdas,cli,local,bench,test,events}/**/README.md"], {
  cwd: ROOT,
}).sort();
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** Anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (text: string): Set<string> =>
  new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading)));

/** Targets of links to our own files, such as `docs/runbook.md#read-a-log`. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target).filter((target) => !/^[a-z]+:/.test(target));

describe("the documents", () => {
  it("are found", () => {
    expect(DOCUMENTS).toEqual(expect.arrayContaining(["README.md", "CONTRIBUTING.md", join("docs", "runbook.md")]));
  });

  it.each(DOCUMENTS)("%s links to files and headings that exist", (file) => {
    for (const link of linksOf(read(file))) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? file : join(dirname(file), path);
      expect(existsSync(join(ROOT, target)), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(read(target)), link).toContain(anchor);
    }
  });
});

describe("the decisions", () => {
  const ids = [...read(join("docs", "decisions.md")).matchAll(/^### (D-\d{3}) /gm)].map(([, id = ""]) => id);

  it("have an id each", () => {
    expect(ids.length).toBeGreaterThan(0);
    expect(read(join("docs", "decisions.md")).match(/^### /gm)).toHaveLength(ids.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("are there wherever a document cites one", () => {
    for (const file of DOCUMENTS) {
      for (const [cited] of read(file).matchAll(/\bD-\d{3}\b/g)) expect(ids, file).toContain(cited);
    }
  });
});
