import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CRYPTOGRAPHY_VERSION, MINISTACK_VERSION } from "../../../local/emulator/versions.ts";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";

const HASH = / --hash=sha256:[0-9a-f]{64}(?= |$)/g;
const files = globSync("local/*/*-requirements.txt", { cwd: REPOSITORY_ROOT });

/** One line a package, with its hashes. */
const packagesOf = (file: string): string[] =>
  readFileSync(join(REPOSITORY_ROOT, file), "utf8")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

it("there is a list for the emulator, with the versions that the local stack is tested against, and one for each other program", () => {
  expect(files.map((file) => file.split("/").at(-1)).sort()).toEqual([
    "cfn-lint-requirements.txt",
    "ministack-requirements.txt",
    "schemathesis-requirements.txt",
    "standardwebhooks-requirements.txt",
  ]);
  const emulator = packagesOf(files.find((file) => file.includes("ministack")) ?? "");
  expect(emulator.some((line) => line.startsWith(`ministack==${MINISTACK_VERSION} `))).toBe(true);
  expect(emulator.some((line) => line.startsWith(`cryptography==${CRYPTOGRAPHY_VERSION} `))).toBe(true);
  for (const [program, script] of [
    ["cfn-lint", "lint-templates.ts"],
    ["schemathesis", "fuzz-api.ts"],
  ] as const) {
    const [, version] = /version: "([\d.]+)"/.exec(readFileSync(join(REPOSITORY_ROOT, "local", script), "utf8")) ?? [];
    const packages = packagesOf(files.find((file) => file.includes(program)) ?? "");
    expect(packages.some((line) => line.startsWith(`${program}==${version} `))).toBe(true);
  }
});

describe.each(files)("%s", (file) => {
  it("pins every package, with a hash of each of its files", () => {
    for (const line of packagesOf(file)) {
      expect(line).toMatch(/^[a-z0-9.-]+==[0-9][0-9a-z.]*(?: ;[^;]+)? --hash=/);
      expect(line.match(HASH)?.length, line).toBe(line.split("--hash=").length - 1);
    }
    // A library alone, or a program with all that it needs.
    expect(packagesOf(file).length).toBeGreaterThan(file.includes("standardwebhooks") ? 0 : 5);
  });
});
