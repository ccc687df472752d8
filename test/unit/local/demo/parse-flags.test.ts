import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseDemoFlags } from "../../../../local/demo/parse-flags.ts";
import { requireReadable, unreadableWords } from "../../../../local/demo/require-readable.ts";
import { LocalError } from "../../../../local/local-error.ts";

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

test.each(["catalog", "products"])("--%s with a folder is refused with what to name instead", (flag) => {
  mkdirSync(join(dir, "lists"));
  const parse = () => parseDemoFlags([`--${flag}`, "lists"], { INIT_CWD: dir });
  expect(parse).toThrow(LocalError);
  expect(parse).toThrow(`--${flag} lists: ${join(dir, "lists")} is a folder. Name the file inside it.`);
});

test("a file that cannot be read is refused in words, with the way out", () => {
  // A link to itself can be read by nobody, not even by root, as whom some machines run tests.
  symlinkSync("round.csv", join(dir, "round.csv"));
  const parse = () => requireReadable("--catalog round.csv", join(dir, "round.csv"));
  expect(parse).toThrow(LocalError);
  expect(parse).toThrow(/--catalog round.csv: .* cannot be read \(ELOOP\)\. Name another file/);
});

test("a file without the right to read it is refused with the fix", () => {
  const error = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
  expect(unreadableWords("--catalog mine.csv", "/data/mine.csv", error)).toMatch(/may not read .*chmod u\+r/);
});

test("an unknown flag is named and the usage shown", () => {
  expect(() => parseDemoFlags(["--ones"], {})).toThrow(/--ones[\s\S]*Usage/);
});

test("a shop may be given by its country, and an unknown one is refused", () => {
  expect(parseDemoFlags(["--marketplace", "de"], {}).marketplace).toBe("www.amazon.de");
  expect(() => parseDemoFlags(["--marketplace", "atlantis"], {})).toThrow(/atlantis/);
});
