import { join } from "node:path";
import { expect, test } from "vitest";
import { layoutOf, REPOSITORY_ROOT } from "../../../local/layout.ts";

test("the state folder is .local in the repository unless something else is said", () => {
  expect(layoutOf(undefined, {}).outputsFile).toBe(join(REPOSITORY_ROOT, ".local", "outputs.json"));
});

test("ENRICHLINE_LOCAL_DIR moves the state folder, and an explicit folder wins over it", () => {
  const env = { ENRICHLINE_LOCAL_DIR: "/elsewhere" };
  expect(layoutOf(undefined, env).runFile).toBe("/elsewhere/run.json");
  expect(layoutOf("/here", env).runFile).toBe("/here/run.json");
});
