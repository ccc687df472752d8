import { setTimeout as delay } from "node:timers/promises";
import { layoutOf } from "./layout.ts";
import { LocalError } from "./local-error.ts";
import { isAlive } from "./process/process-identity.ts";
import { clearDead, findRunning } from "./stack/find-running.ts";
import { runEntry } from "./stack/run-entry.ts";
import { removeRunFile } from "./stack/run-file.ts";

/** Longest wait for the running process to end its parts one after the other. */
const PATIENCE_MS = 20_000;

/** `npm run local:stop`: ends the local stack, whichever terminal it runs in, and nothing else. */
await runEntry(async () => {
  const layout = layoutOf();
  const found = await findRunning(layout);
  if (found.state === "none") {
    process.stdout.write("No local stack runs.\n");
    return 0;
  }
  const { run } = found;
  if (run && found.state !== "dead") {
    process.kill(run.main.pid, "SIGTERM");
    const deadline = Date.now() + PATIENCE_MS;
    while (isAlive(run.main) && Date.now() < deadline) await delay(100);
    if (isAlive(run.main)) process.kill(run.main.pid, "SIGKILL");
  }
  const left = await clearDead(layout, run);
  removeRunFile(layout.runFile);
  if (run?.children.some(({ identity }) => isAlive(identity))) {
    throw new LocalError("Some processes of the local stack did not end; run npm run local:stop again.");
  }
  const also = left.length > 0 ? `, and what it left behind: ${left.join(", ")}` : "";
  process.stdout.write(`The local stack is stopped${also}.\n`);
  return 0;
});
