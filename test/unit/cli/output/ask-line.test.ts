import { spawn, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";

const ASK = new URL("../../../../cli/output/ask-line.ts", import.meta.url).href;
const PROGRAM = `
  const { askLine } = await import(${JSON.stringify(ASK)});
  const user = await askLine("User: ", false);
  const key = await askLine("Key: ", true);
  const again = await askLine("Again: ", true);
  console.log(JSON.stringify({ user, sizes: [key.length, again.length] }));
  await askLine("Stop: ", true).catch((error) => console.log(error.exitCode));
`;
/** A terminal of its own for the program; Python has one in its standard library. */
const TERMINAL = "import pty, sys; pty.spawn(sys.argv[1:])";
const hasTerminal = spawnSync("python3", ["-c", "import pty"]).status === 0;

it.skipIf(!hasTerminal)(
  "at a terminal, hidden answers never show, not even after a correction (needs python3)",
  async () => {
    const child = spawn("python3", ["-c", TERMINAL, process.execPath, "--input-type=module", "-e", PROGRAM]);
    let shown = "";
    child.stdout.on("data", (data: Buffer) => {
      shown += data;
    });
    const answer = async (question: string, text: string) => {
      while (!shown.includes(question)) await sleep(20);
      // Typed once the program listens, as a person would.
      await sleep(100);
      child.stdin.write(text);
    };
    const ended = new Promise((resolve) => child.on("close", resolve));
    await answer("User: ", "visible\r");
    await answer("Key: ", "HIDDEN-ONE\u007f\r");
    await answer("Again: ", "HIDDEN-TWO\r");
    await answer("Stop: ", "\u0003");
    await ended;
    expect(shown).toContain('{"user":"visible","sizes":[9,10]}');
    expect(shown).toContain("130");
    expect(shown).not.toMatch(/HIDDEN/);
  },
);
