import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CRYPTOGRAPHY_VERSION, MINISTACK_VERSION } from "../../../../local/emulator/versions.ts";

const text = readFileSync(new URL("../../../../local/emulator/requirements.txt", import.meta.url), "utf8");
/** One line a package, with its hashes. */
const packages = text
  .replaceAll(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

describe("what the emulator is installed from", () => {
  it("names the versions that the local stack is tested against", () => {
    expect(packages.some((line) => line.startsWith(`ministack==${MINISTACK_VERSION} `))).toBe(true);
    expect(packages.some((line) => line.startsWith(`cryptography==${CRYPTOGRAPHY_VERSION} `))).toBe(true);
    expect(text).toContain(`ministack==${MINISTACK_VERSION}\\ncryptography==${CRYPTOGRAPHY_VERSION}\\n`);
  });

  it.each(packages.map((line) => [line.split(" ")[0], line] as const))(
    "pins %s, with a hash of each file",
    (name, line) => {
      expect(name).toMatch(/^[a-z0-9-]+==[0-9][0-9a-z.]*$/);
      expect(line.match(/--hash=sha256:[0-9a-f]{64}(?= |$)/g)?.length).toBeGreaterThan(0);
      expect(line.match(/--hash=/g)).toHaveLength(line.match(/--hash=sha256:[0-9a-f]{64}(?= |$)/g)?.length ?? 0);
    },
  );
});
