import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseDemoFlags } from "../../../../local/demo/parse-flags.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "flags-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("without flags the demo takes its own sample in the US shop and stays", () => {
  const flags = parseDemoFlags([], {});
  expect(flags).toMatchObject({ once: false, marketplace: "www.amazon.com", products: undefined, force: false });
  expect(flags.catalog).toMatch(/local\/sample\/catalog\.csv$/);
});

test("files are looked for in the folder where npm was called", () => {
  writeFileSync(join(dir, "mine.csv"), "asin\n");
  expect(parseDemoFlags(["--catalog", "mine.csv"], { INIT_CWD: dir }).catalog).toBe(join(dir, "mine.csv"));
});

test("a file that does not exist is named", () => {
  expect(() => parseDemoFlags(["--products", "none.ndjson"], { INIT_CWD: dir })).toThrow(/--products none.ndjson/);
});

test("an unknown flag is named and the usage shown", () => {
  expect(() => parseDemoFlags(["--ones"], {})).toThrow(/--ones[\s\S]*Usage/);
});

test("a shop may be given by its country, and an unknown one is refused", () => {
  expect(parseDemoFlags(["--marketplace", "de"], {}).marketplace).toBe("www.amazon.de");
  expect(() => parseDemoFlags(["--marketplace", "atlantis"], {})).toThrow(/atlantis/);
});
