import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { candidates } from "../../../cli/completion/candidates.ts";
import { completionScript, SHELLS } from "../../../cli/completion/shell-scripts.ts";
import { pathOf } from "../../../cli/help/leaves.ts";
import { buildProgram } from "../../../cli/program.ts";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";
import { runWith } from "../../unit/cli/harness/harness.ts";
import { SILENT_IO } from "../../unit/cli/harness/no-input.ts";

const program = buildProgram({
  io: SILENT_IO,
  run: async () => {},
  runWithoutTarget: async () => {},
});

const known = { stages: ["dev", "prod-eu", "local"] };
const next = (...words: string[]): readonly string[] => candidates(program, words, known);

describe("completion", () => {
  it("offers commands, and those below a command", () => {
    expect(next("")).toEqual(expect.arrayContaining(["upload", "deploy", "users", "page"]));
    expect(next("")).not.toContain("complete");
    expect(next("cre")).toEqual(["credentials"]);
    expect(next("users", "")).toEqual(["add", "remove"]);
    expect(next("--stage", "dev", "--json", "users", "r")).toEqual(["remove"]);
  });

  it("offers options of the command and the common ones", () => {
    expect(next("upload", "--pro")).toEqual(["--profile", "--provider"]);
    expect(next("users", "add", "a@example.com", "--")).toEqual(
      expect.arrayContaining(["--operator", "--set-password", "--stage", "--json", "--help"]),
    );
  });

  it("offers values: choices of options and arguments, and stages", () => {
    expect(next("upload", "--provider", "k")).toEqual(["keepa"]);
    expect(next("credentials", "set", "sp")).toEqual(["sp-api"]);
    expect(next("quota", "--stage", "")).toEqual(["dev", "local", "prod-eu"]);
    expect(next("deploy", "p")).toEqual(["prod-eu"]);
    expect(next("completion", "")).toEqual([...SHELLS].sort());
  });

  it("offers nothing where only a word or a file of one's own fits, so that the shell offers files", () => {
    expect(next("upload", "my")).toEqual([]);
    expect(next("upload", "--name", "")).toEqual([]);
    expect(next("deploy", "dev", "--", "--f")).toEqual([]);
  });

  it("is made of the commands themselves, so that none is forgotten", () => {
    const walk = (command: typeof program): void => {
      const path = pathOf(command)
        .split(" ")
        .filter((word) => word !== "");
      const below = command
        .createHelp()
        .visibleCommands(command)
        .map((own) => own.name());
      expect(next(...path, "")).toEqual(expect.arrayContaining(below.filter((name) => name !== "help")));
      for (const own of command.commands) walk(own);
    };
    walk(program);
  });
});

describe("the script of a shell", () => {
  it.each(SHELLS)("is printed by enrichline completion %s", async (shell) => {
    const { code, out, err } = await runWith(["completion", shell], {});
    expect({ code, out, err }).toEqual({ code: 0, out: completionScript(shell), err: "" });
  });

  it("is refused for a shell that is not known", async () => {
    const { code, err } = await runWith(["completion", "tcsh"], {});
    expect(code).toBe(2);
    expect(err).toContain("Allowed choices are bash, zsh, fish");
  });

  const folder = mkdtempSync(join(tmpdir(), "enrichline-completion-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const hasBash = spawnSync("bash", ["-c", "true"]).status === 0;

  it.skipIf(!hasBash)("completes in the real bash", () => {
    // As it is installed: a program of that name in PATH.
    const command = join(REPOSITORY_ROOT, "cli", "enrichline.ts");
    const script = [
      `enrichline() { "${process.execPath}" "${command}" "$@"; }`,
      completionScript("bash"),
      `ask() { COMP_WORDS=(enrichline "$@"); COMP_CWORD=$#; COMPREPLY=(); _enrichline; echo "\${COMPREPLY[*]}"; }`,
      'ask users ""',
      "ask credentials set k",
      "ask deploy --stage pro",
      'ask upload ""',
      "complete -p enrichline",
    ].join("\n");
    const file = join(folder, "completion.bash");
    writeFileSync(file, script);
    const lines = execFileSync("bash", ["--noprofile", "--norc", file], { encoding: "utf8" }).trimEnd().split("\n");
    expect(lines).toEqual(["add remove", "keepa", "prod", "", "complete -o default -F _enrichline enrichline"]);
  });
});
