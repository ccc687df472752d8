import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MARKETPLACES } from "../../lambdas/core/marketplaces.ts";
import { findPython } from "../emulator/find-python.ts";
import { startCreatorsApiSimulator } from "../upstreams/creators-api/server.ts";
import { startKeepaSimulator } from "../upstreams/keepa/server.ts";
import { LOCAL_CREATORS_CREDENTIALS, LOCAL_CREDENTIALS } from "../upstreams/local-credentials.ts";
import { startPaapiSimulator } from "../upstreams/paapi/server.ts";
import { createProductSource } from "../upstreams/shared/product-source.ts";
import type { RunningSimulator, SimulatorOptions } from "../upstreams/shared/simulator.ts";
import { startSpApiSimulator } from "../upstreams/sp-api/server.ts";

const run = promisify(execFile);
const HERE = fileURLToPath(new URL(".", import.meta.url));
const NPM_CLIENTS = ["amazon-paapi@1.1.0", "paapi5-nodejs-sdk@1.1.0", "amazon-sp-api@1.2.1"];
const PYPI_CLIENTS = ["python-amazon-paapi==7.1.0", "keepa==1.6.0", "python-amazon-sp-api==2.1.35"];

/** One proof: a client's script and the simulator that it talks to. */
interface Proof {
  readonly client: string;
  readonly script: string;
  readonly start: (options: SimulatorOptions) => Promise<RunningSimulator>;
  /** Names that lead to the simulator's TLS port, as the client knows them. */
  readonly hosts: readonly string[];
}

const SP_HOSTS = ["api.amazon.com", ...["na", "eu", "fe"].map((group) => `sellingpartnerapi-${group}.amazon.com`)];
const PAAPI_HOSTS = MARKETPLACES.map((place) => place.paapi_host);

const PROOFS: readonly Proof[] = [
  { client: "amazon-paapi (npm)", script: "amazon-paapi.cjs", start: startPaapiSimulator, hosts: PAAPI_HOSTS },
  {
    client: "paapi5-nodejs-sdk (npm)",
    script: "paapi5-nodejs-sdk.cjs",
    start: startPaapiSimulator,
    hosts: PAAPI_HOSTS,
  },
  { client: "amazon-sp-api (npm)", script: "amazon-sp-api.cjs", start: startSpApiSimulator, hosts: SP_HOSTS },
  { client: "python-amazon-paapi (PyPI)", script: "creators_api.py", start: startCreatorsApiSimulator, hosts: [] },
  { client: "keepa (PyPI)", script: "keepa_client.py", start: startKeepaSimulator, hosts: ["api.keepa.com"] },
  { client: "python-amazon-sp-api (PyPI)", script: "sp_api_client.py", start: startSpApiSimulator, hosts: SP_HOSTS },
];

/** Installs the pinned clients below `folder`, outside the project; gives the command of the environment's Python. */
const install = async (folder: string): Promise<string> => {
  const python = await findPython();
  if (!python.found) throw new Error(`the Python clients need Python: ${python.problem}`);
  writeFileSync(join(folder, "package.json"), '{"private": true}\n');
  await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...NPM_CLIENTS], {
    cwd: folder,
    timeout: 300_000,
  });
  await run(python.command, ["-m", "venv", join(folder, "venv")], { timeout: 120_000 });
  const command = join(folder, "venv", "bin", "python");
  await run(command, ["-m", "pip", "install", "--quiet", ...PYPI_CLIENTS], { timeout: 600_000 });
  return command;
};

/** Runs one client against a simulator of its own; resolves to its exit code. */
const prove = async (proof: Proof, folder: string, python: string): Promise<number> => {
  const simulator = await proof.start({ products: createProductSource() });
  const authority = join(folder, "authority.pem");
  writeFileSync(authority, simulator.certificate ?? "");
  const port = simulator.tlsUrl === undefined ? "" : new URL(simulator.tlsUrl).port;
  const env = {
    ...process.env,
    CLIENTS_DIR: folder,
    LOCAL_SECRETS: JSON.stringify(LOCAL_CREDENTIALS),
    LOCAL_CREATORS_SECRETS: JSON.stringify(LOCAL_CREATORS_CREDENTIALS),
    CREATORS_API_URL: simulator.url,
    REDIRECT_HOSTS: proof.hosts.map((host) => `${host}=${port}`).join(","),
    // Whom a client trusts is for its environment to say: Node, requests and everything on Python's ssl.
    NODE_EXTRA_CA_CERTS: authority,
    ...(proof.hosts.length > 0 ? { REQUESTS_CA_BUNDLE: authority, SSL_CERT_FILE: authority } : {}),
    PYTHONPATH: join(HERE, "python-start"),
    NO_PROXY: "*",
  };
  const script = join(HERE, proof.script);
  const [command, args] = script.endsWith(".py")
    ? [python, [script]]
    : [process.execPath, ["--require", join(HERE, "redirect-hosts.cjs"), script]];
  try {
    return await new Promise<number>((resolve, reject) => {
      const child = spawn(command, args, { env, stdio: "inherit", timeout: 120_000 });
      child.once("error", reject);
      child.once("exit", (code) => resolve(code ?? 1));
    });
  } finally {
    await simulator.close();
  }
};

const main = async (): Promise<void> => {
  const kept = process.argv[2];
  const folder = kept ?? mkdtempSync(join(tmpdir(), "enrichline-clients-"));
  try {
    console.log(`Installing ${[...NPM_CLIENTS, ...PYPI_CLIENTS].join(", ")}`);
    const python = await install(folder);
    const failed: string[] = [];
    for (const proof of PROOFS) {
      console.log(`\n${proof.client}`);
      if ((await prove(proof, folder, python)) !== 0) failed.push(proof.client);
    }
    console.log(failed.length === 0 ? `\nAll ${PROOFS.length} clients work.` : `\nFailed: ${failed.join(", ")}`);
    process.exitCode = failed.length === 0 ? 0 : 1;
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
};

await main();
