import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { inPath } from "../../../../cli/api/in-path.ts";
import { REPOSITORY_ROOT } from "../../../../local/layout.ts";

it("any text is one segment of a path, also half of a character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(decodeURIComponent(inPath(text))).toBe(text.toWellFormed());
      expect(inPath(text)).not.toMatch(/[/?#]/);
    }),
  );
  expect(inPath("\ud800")).toBe("%EF%BF%BD");
});

it("no path of the command line is made another way", () => {
  const folder = join(REPOSITORY_ROOT, "cli");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const others = files.filter((file) => readFileSync(join(folder, file), "utf8").includes("encodeURIComponent("));
  // The second one has a ticket of the API's own in a query.
  expect(others.sort()).toEqual(["api/in-path.ts", "api/live-feed.ts"]);
});
