import { globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
const CODE = globSync("{bin,lib,lambdas,cli,local,bench}/**/*.ts", { cwd: ROOT });
const TESTS = globSync("test/unit/**/*.test.ts", { cwd: ROOT });

/** Where the code of a test lies by the test's own path: functions and what they share lie in `lambdas/`. */
const pathOf = (test: string): string => {
  const path = test.replace(/^test\/unit\//, "").replace(/(?:\.property)?\.test\.ts$/, ".ts");
  return /^(?:bin|lib|cli|local|bench)\//.test(path) ? path : `lambdas/${path}`;
};
/** The function, the room of the domain, the source, or the program that a path lies in. */
const roomOf = (path: string): string => {
  const parts = dirname(path).split("/");
  return parts.slice(0, parts[0] !== "lambdas" ? 1 : parts[1] !== "common" ? 2 : 4).join("/");
};

const code = new Set(CODE);
const folders = new Set(CODE.flatMap((file) => [dirname(file), dirname(dirname(file))]));
/** Tests of a behaviour that bear the name of a file elsewhere in their room, each with what they try. */
const BEHAVIOURS: Readonly<Record<string, string>> = {
  "test/unit/enrich-batch/company.test.ts": "the whole function, whose calls wait for company",
  "test/unit/enrich-batch/company.property.test.ts": "the same with many workers in virtual time",
};

/** Named after a behaviour. */
const elsewhere = TESTS.filter((test) => !code.has(pathOf(test)));

describe("a unit test", () => {
  it("lies in a folder that mirrors one of the code", () => {
    expect(TESTS.length).toBeGreaterThan(300);
    expect(TESTS.filter((test) => !folders.has(dirname(pathOf(test))))).toEqual([]);
  });

  it("that bears the name of a file lies at the path of that file", () => {
    const misplaced = elsewhere.flatMap((test) => {
      const path = pathOf(test);
      const same = CODE.filter((file) => basename(file) === basename(path) && roomOf(file) === roomOf(path));
      return same.length > 0 && !(test in BEHAVIOURS) ? [`${test} is of ${same.join(" or ")}`] : [];
    });
    expect(misplaced).toEqual([]);
  });

  it("is a test of a behaviour only where the list says so and there is such a file", () =>
    expect(Object.keys(BEHAVIOURS).filter((test) => !elsewhere.includes(test))).toEqual([]));
});
