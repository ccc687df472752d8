import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { EXAMPLES } from "../../../cli/help/examples.ts";
import { leavesOf, pathOf } from "../../../cli/help/leaves.ts";
import { buildProgram } from "../../../cli/program.ts";
import { SOURCE_IDS } from "../../../lambdas/common/core/source-ids.ts";
import { OWN_CODES } from "../../../lambdas/common/core/sources/failure-codes.ts";
import { SECRET_SOURCES } from "../../../lambdas/common/core/sources/known/secret-schemas.ts";
import { SOURCE_FAILURES } from "../../../lambdas/common/core/sources/known/source-failures.ts";
import { explainGroup } from "../../../lambdas/common/services/failures/explain-group.ts";
import { explainWait } from "../../../lambdas/common/services/failures/explain-wait.ts";
import { runWith } from "../../unit/cli/harness/harness.ts";
import { SILENT_IO } from "../../unit/cli/harness/no-input.ts";

/** The program with commands that do nothing but say that they were reached. */
const silentProgram = () => {
  const reached: object[] = [];
  const run = async (options: object): Promise<void> => {
    reached.push(options);
  };
  const program = buildProgram({
    io: SILENT_IO,
    run,
    runWithoutTarget: run,
  });
  return { program, reached };
};

/** Scripts of shells ask for it; people never type it. */
const HIDDEN = ["complete"];

/** Commands whose stdout is no result of theirs, each with the reason. */
const NOT_JSON: Readonly<Record<string, string>> = {
  completion: "it prints a script for a shell",
  mcp: "its stdout carries the protocol",
};

/** Commands that call no deployment's API; what they answer with --json is tested where they are. */
const WITHOUT_TARGET = ["deploy", "destroy", "page parse", "completion", "mcp"];

/** Every command that section 10 of the design names. */
const DESIGNED = [
  ...["deploy", "destroy", "login", "users add", "users remove", "credentials set", "credentials status"],
  ...["credentials remove", "doctor", "upload", "status", "watch", "catalogs", "export", "retry", "pause", "resume"],
  ...["cancel", "product", "search", "quota", "failures", "events send", "page parse", "token"],
  ...["dlq list", "dlq show", "dlq redrive", "dlq discard"],
];

const commands = new Map(leavesOf(silentProgram().program).map((command) => [pathOf(command), command]));
const visible = [...commands.keys()].filter((path) => !HIDDEN.includes(path));

const helpOf = (command: Command): string => {
  let text = "";
  command.configureOutput({
    writeOut: (words) => {
      text += words;
    },
  });
  command.outputHelp();
  return text;
};

/** Words of a line as a shell passes them, up to where it would send the output elsewhere. */
const wordsOf = (line: string): string[] =>
  [...(line.split(" > ")[0] ?? "").matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");

describe("the commands", () => {
  it("are those that the design names, and more", () => {
    expect(DESIGNED.filter((path) => !commands.has(path))).toEqual([]);
  });

  it("have examples, and no example is of a command that is not there", () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual([...visible].sort());
  });
});

describe.each(visible)("enrichline %s", (path) => {
  const command = commands.get(path) as Command;
  const examples = EXAMPLES[path] ?? [];

  it("says what it does, and what each argument and option is", () => {
    expect(command.description()).not.toBe("");
    for (const argument of command.registeredArguments) expect(argument.description, argument.name()).not.toBe("");
    for (const option of command.options) expect(option.description, option.flags).not.toBe("");
  });

  it("shows its examples in its help, and each of them parses", async () => {
    expect(examples.length).toBeGreaterThan(0);
    const help = helpOf(command);
    for (const example of examples) {
      expect(help).toContain(`  enrichline ${example}\n`);
      const { program, reached } = silentProgram();
      await program.parseAsync(wordsOf(example), { from: "user" });
      expect(reached, example).toHaveLength(1);
    }
  });

  it("takes --json, --stage and --profile", () => {
    expect(command.options.map(({ long }) => long)).toEqual(expect.arrayContaining(["--json", "--stage", "--profile"]));
  });
});

it.each(visible.filter((path) => !WITHOUT_TARGET.includes(path)))(
  "enrichline %s answers with --json in one document, without colour, also when it fails",
  async (path) => {
    const [example = ""] = EXAMPLES[path] ?? [];
    const args = wordsOf(example).flatMap((word, index, all) =>
      word === "--stage" || all[index - 1] === "--stage" ? [] : [word],
    );
    const { code, out, err } = await runWith([...args, "--json"], { env: { ENRICHLINE_LOCAL_DIR: "/nowhere" } });
    expect(code).toBe(5);
    expect(JSON.parse(out)).toMatchObject({
      error: { exit_code: 5, message: expect.stringContaining("npm run local") },
    });
    expect(out + err).not.toContain("\u001b");
  },
);

it("commands whose stdout is no document are few, and each has its reason", () => {
  for (const path of Object.keys(NOT_JSON)) expect(visible).toContain(path);
  expect(Object.keys(NOT_JSON)).toEqual(WITHOUT_TARGET.slice(3));
});

describe("what a failure group or a wait says to do", () => {
  const MARKETPLACE = "www.amazon.com";
  const own = Object.values(OWN_CODES).flatMap((error_code) =>
    [null, ...SOURCE_IDS].map((source) => ({ error_code, source })),
  );
  const ofSources = SOURCE_IDS.flatMap((source) =>
    Object.keys(SOURCE_FAILURES[source]).map((error_code) => ({ error_code, source })),
  );
  const groups = [...own, ...ofSources, { error_code: "NobodyKnowsIt", source: null }].map((cause) => {
    const about = { ...cause, marketplace: MARKETPLACE, group_id: `${cause.source ?? "line"}.${cause.error_code}` };
    return explainGroup(about, cause.error_code);
  });
  // A source without a secret is configured as soon as it is enabled.
  const waits = SOURCE_IDS.flatMap((source) =>
    [
      ...["rate", "daily-quota", "circuit-open", "paused", ...Object.keys(SOURCE_FAILURES[source])],
      ...SECRET_SOURCES.filter((one) => one === source).map(() => "not_configured"),
    ].map((code) => explainWait({ source, code, action: "Do it." })),
  );

  it("is a command that is there and takes what is named", async () => {
    const lines = new Set([...groups, ...waits].map(({ remedy }) => remedy.command));
    expect(lines.size).toBeGreaterThan(20);
    for (const line of lines) {
      const [name, ...words] = wordsOf(line);
      const { program, reached } = silentProgram();
      await program.parseAsync(words, { from: "user" });
      expect([name, reached.length], line).toEqual(["enrichline", 1]);
    }
  });

  it("names no other command in its words that is not there", () => {
    const texts = [...groups.flatMap(({ cause, remedy }) => [cause, remedy.words]), ...waits.map(({ cause }) => cause)];
    const named = texts.flatMap((text) => [...text.matchAll(/enrichline ([a-z]+(?: [a-z]+)?)/g)]);
    expect(named.length).toBeGreaterThan(5);
    const known = (words: string): boolean => commands.has(words) || commands.has(words.split(" ")[0] ?? "");
    expect(named.map(([, words = ""]) => words).filter((words) => !known(words))).toEqual([]);
  });
});
