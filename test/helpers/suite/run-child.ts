import { spawn } from "node:child_process";

/** Where a command's output goes: straight to the screen, to it in one piece at the end, or there only when it fails. */
export type Output = "live" | "at the end" | "on failure";

/** Runs a command to its end. @returns its exit code; 1 when it could not be started or a signal ended it */
export const runChild = (command: string, args: readonly string[], output: Output): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: output === "live" ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    });
    const pieces: Buffer[] = [];
    child.stdout?.on("data", (piece: Buffer) => pieces.push(piece));
    child.stderr?.on("data", (piece: Buffer) => pieces.push(piece));
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on("close", (code) => {
      if (output === "at the end" || code !== 0) process.stdout.write(Buffer.concat(pieces));
      resolve(code ?? 1);
    });
  });
