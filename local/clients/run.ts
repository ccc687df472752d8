import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Installed, installClients } from "./install-clients.ts";
import { concludeProofs, type Outcome } from "./outcome.ts";
import { PROOFS, type Registry } from "./proofs.ts";
import { prove } from "./prove.ts";

const REGISTRIES: readonly Registry[] = ["npm", "PyPI"];

const install = async (folder: string): Promise<Map<Registry, Installed>> => {
  const installed = new Map<Registry, Installed>();
  for (const registry of REGISTRIES) {
    const own = PROOFS.filter((proof) => proof.registry === registry);
    console.log(`Installing from ${registry}: ${own.map(({ client, version }) => `${client} ${version}`).join(", ")}`);
    const answer = await installClients(registry, folder);
    if (!answer.ready) console.log(`SKIPPED: ${answer.why}`);
    installed.set(registry, answer);
  }
  return installed;
};

/** Proves the simulators by third-party clients. The argument names a folder to keep the installed clients in. */
const main = async (): Promise<void> => {
  const [kept] = process.argv.slice(2);
  const folder = kept === undefined ? mkdtempSync(join(tmpdir(), "enrichline-clients-")) : resolve(kept);
  mkdirSync(folder, { recursive: true });
  try {
    const installed = await install(folder);
    const outcomes: Outcome[] = [];
    for (const proof of PROOFS) {
      const client = `${proof.client} (${proof.registry})`;
      const answer = installed.get(proof.registry);
      if (answer?.ready) {
        console.log(`\n${client}`);
        outcomes.push({ client, result: (await prove(proof, folder)) ? "works" : "failed" });
      } else {
        outcomes.push({ client, result: "skipped", why: answer?.why ?? "it was not installed" });
      }
    }
    const { lines, exitCode } = concludeProofs(outcomes);
    console.log(`\n${lines.join("\n")}`);
    process.exitCode = exitCode;
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
};

await main();
