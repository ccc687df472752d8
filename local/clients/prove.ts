import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOCAL_CREATORS_CREDENTIALS, LOCAL_CREDENTIALS } from "../upstreams/local-credentials.ts";
import { createProductSource } from "../upstreams/shared/products/product-source.ts";
import { pythonOf } from "./install-clients.ts";
import type { Proof } from "./proofs.ts";

const HERE = import.meta.dirname;

/** Runs one installed client against a simulator of its own, its lines going to the screen; true when all checks held. */
export const prove = async (proof: Proof, folder: string): Promise<boolean> => {
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
  const [command, args] =
    proof.registry === "PyPI"
      ? [pythonOf(folder), [script]]
      : [process.execPath, ["--require", join(HERE, "redirect-hosts.cjs"), script]];
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const child = spawn(command, args, { env, stdio: "inherit", timeout: 120_000 });
      child.once("error", reject);
      child.once("exit", (code) => resolve(code === 0));
    });
  } finally {
    await simulator.close();
  }
};
