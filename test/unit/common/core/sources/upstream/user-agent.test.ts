import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { userAgentOf, VERSION } from "../../../../../../lambdas/common/core/sources/upstream/user-agent.ts";
import { REPOSITORY_ROOT } from "../../../../../../local/layout.ts";

it("names the version of the package and whom to ask", () => {
  const { version } = JSON.parse(readFileSync(join(REPOSITORY_ROOT, "package.json"), "utf8")) as { version: string };
  expect(VERSION).toBe(version);
  expect(userAgentOf("ops@shop.example")).toMatch(new RegExp(`^Enrichline/${version} \\(\\+ops@shop\\.example\\)`));
  expect(userAgentOf(undefined)).toBe(`Enrichline/${version} (Language=TypeScript)`);
});
