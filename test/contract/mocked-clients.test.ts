import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { REPOSITORY_ROOT } from "../../local/layout.ts";

/*
 * Files of the unit tests share their modules. A class of clients that one of them replaces is put back before the next by
 * the set-up, which must name it: else a test passes or fails by which file ran before it.
 */

const SET_UP = "test/helpers/real-aws-clients.ts";
const textOf = (path: string): string => readFileSync(join(REPOSITORY_ROOT, path), "utf8");
/** Classes only: what is one client of a test ends with it. */
const mockedIn = (text: string): string[] => [...text.matchAll(/mockClient\(([A-Z]\w*)/g)].map(([, name = ""]) => name);

it("every class of AWS clients that a test replaces is put back before the next file", () => {
  const files = readdirSync(join(REPOSITORY_ROOT, "test/unit"), { recursive: true, encoding: "utf8" });
  const mocked = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => mockedIn(textOf(join("test/unit", file))));
  expect(mocked.length).toBeGreaterThan(10);
  expect([...new Set(mocked)].filter((name) => !mockedIn(textOf(SET_UP)).includes(name))).toEqual([]);
});
