import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import { EXIT } from "../../../cli/cli-error.ts";
import { nastyValue } from "../../helpers/bad-input/nasty.ts";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { localHarness, runWith } from "./harness/harness.ts";

const SEED = testSeed("bad arguments");
const { start, cli } = localHarness();
beforeEach(() => start(() => ({ status: 404, body: { detail: "None.", code: "not_found" } })));

/** `mcp` takes over the process's own streams; the others run CDK. */
const LEFT_OUT = ["mcp", "deploy", "destroy"];
/** The names of all other commands, as the help lists them. */
const commandNames = async (): Promise<string[]> => {
  const { out } = await runWith(["--help"], {});
  const [, list = ""] = out.split("\nCommands:\n");
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].flatMap(([, name = ""]) => (LEFT_OUT.includes(name) ? [] : [name]));
};

it("arguments of any command that are nearly right end it with one of its exit codes, and without a stack", async () => {
  const names = await commandNames();
  expect(names.length).toBeGreaterThan(20);
  const word = fc.oneof(
    nastyValue().map((value) => (typeof value === "string" ? value : JSON.stringify(value))),
    fc.constantFrom(
      "--json",
      "--limit",
      "--limit=0",
      "--cursor",
      "--stage",
      "--dry-run",
      "--yes",
      "--",
      "-o",
      "list",
      "add",
      "set",
    ),
    fc.constantFrom("cat_0123456789abcdef", "B08DQQ8CBP", "/no/such/file.csv", "keepa", "amazon.de"),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.array(word, { maxLength: 4 }), async (name, words) => {
      const { code, out, err } = await cli([name, ...words]);
      expect(Object.values(EXIT)).toContain(code);
      expect(out + err).not.toMatch(/\n\s+at .*\.ts|TypeError|node_modules/);
    }),
    { seed: SEED, numRuns: testRuns(150), endOnFailure: true, examples: [["watch", ["--json", "\ud800"]]] },
  );
});
