import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
/** More than that, and a part of it belongs in a factory of `lambdas/common/services/wiring/`. */
const MAX_IMPORTS = 20;

const FILES = globSync("lambdas/*/deps.ts", { cwd: ROOT });

describe("the file that wires a function", () => {
  it("is there for every function", () => expect(FILES.length).toBeGreaterThan(5));

  it.each(FILES)("has no more imports than a reader can hold: %s", (file) => {
    const imports = readFileSync(join(ROOT, file), "utf8").match(/^import /gm) ?? [];
    expect(imports.length).toBeLessThanOrEqual(MAX_IMPORTS);
  });
});
