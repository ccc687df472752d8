import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A gateway process that can be killed and started again at the same address. */
export class KillableGateway {
  readonly #emulatorUrl: string;
  readonly #apiId: string;
  #process: ChildProcess | undefined;
  /** Its address; empty before the first start. */
  url = "";

  constructor(emulatorUrl: string, apiId: string) {
    this.#emulatorUrl = emulatorUrl;
    this.#apiId = apiId;
  }

  async start(): Promise<void> {
    const port = this.url === "" ? "0" : new URL(this.url).port;
    const main = join(import.meta.dirname, "gateway-main.ts");
    const child = spawn(process.execPath, [main, port, this.#emulatorUrl, this.#apiId], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#process = child;
    const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    if (this.url !== "" && url !== this.url) throw new Error(`the gateway came back at ${url}, not at ${this.url}`);
    this.url = url;
  }

  /** Without any warning, in the middle of whatever it does. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}
