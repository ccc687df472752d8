import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { isoTime } from "../../lambdas/common/core/clock.ts";
import type { WebhookPost } from "../../lambdas/common/platform/webhooks/post-webhook.ts";
import { REPOSITORY_ROOT } from "../../local/layout.ts";
import { LocalError } from "../../local/local-error.ts";
import { installTool } from "../../local/python/install-tool.ts";
import { aRun } from "../helpers/rows.ts";
import { WebhookWorld } from "../helpers/worlds/webhook-world.ts";

/*
 * The receivers of docs/webhooks.md, as they stand there, get a message of `deliver-webhooks`.
 */

const HOME = join(REPOSITORY_ROOT, ".local");
const PYTHON_LIBRARY = {
  name: "standardwebhooks",
  version: "1.1.0",
  requirements: join(REPOSITORY_ROOT, "local/python/standardwebhooks-requirements.txt"),
};

/** A Python with the published library; undefined, with a line that says why, where it cannot be installed. */
const findPythonLibrary = async (): Promise<string | undefined> => {
  try {
    return await installTool(HOME, PYTHON_LIBRARY, { say: console.info });
  } catch (error) {
    // Other files than those that we know are no reason to skip.
    if (!(error instanceof LocalError) || error.message.includes("DO NOT MATCH THE HASHES")) throw error;
    console.info(`skipped: the receiver in Python, whose library cannot be installed: ${error.message}`);
    return undefined;
  }
};

const python = await findPythonLibrary();
const document = await readFile(join(REPOSITORY_ROOT, "docs/webhooks.md"), "utf8");
const blockOf = (info: string): string => {
  const [, code] = new RegExp(`\`\`\`${info}\\n([\\s\\S]*?)\`\`\``).exec(document) ?? [];
  if (code === undefined) throw new Error(`docs/webhooks.md has no block "${info}"`);
  return code;
};

let message: WebhookPost;
let secret: string;

beforeAll(async () => {
  const world = new WebhookWorld();
  // Libraries know the time of the machine only, and refuse what is old.
  world.nowMs = Date.now();
  const { webhook_id } = await world.endpoint();
  await world.runs(aRun({ state: "completed", finished_at: isoTime(world.nowMs), owner_id: "u1" }));
  await world.pass(1_000);
  const [post] = world.posts;
  if (!post) throw new Error("nothing was sent");
  message = post;
  secret = world.secrets.get(webhook_id) ?? "";
});

const freePort = async (): Promise<number> => {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};

/** Sends as soon as somebody listens. */
const send = async (port: number, body: string): Promise<number> => {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/hooks`, {
        ...{ method: "POST", headers: message.headers, body },
      });
      return response.status;
    } catch {
      await pause(50);
    }
  }
};

describe("the receiver in JavaScript", () => {
  it("prints a verified message, and refuses one that was changed on the way", async () => {
    // Within the repository, so that it finds the library.
    await mkdir(HOME, { recursive: true });
    const folder = await mkdtemp(join(HOME, "receiver-"));
    const port = await freePort();
    const file = join(folder, "receiver.mjs");
    await writeFile(file, blockOf("js receiver"));
    const child = spawn(process.execPath, [file], {
      env: { PATH: process.env.PATH, WEBHOOK_SECRET: secret, PORT: String(port) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const printed = once(createInterface(child.stdout), "line");
      expect(await send(port, message.body.replace("completed", "cancelled"))).toBe(401);
      expect(await send(port, message.body)).toBe(204);
      expect(await printed).toEqual(["catalog.completed cat_1 completed"]);
    } finally {
      child.kill();
      await rm(folder, { recursive: true });
    }
  });
});

/** Gets secret, body and headers on its standard input, and prints the event. */
const DRIVER = `
import json, sys
given = json.load(sys.stdin)
print(json.dumps(verified(given["secret"], given["body"], given["headers"])))
`;

describe.skipIf(python === undefined)("the verifier in Python", () => {
  const verify = async (body: string): Promise<unknown> => {
    const running = promisify(execFile)(python ?? "", ["-c", blockOf("python verifier") + DRIVER]);
    running.child.stdin?.end(JSON.stringify({ secret, body, headers: message.headers }));
    return JSON.parse((await running).stdout);
  };

  it("gives the event of a message, and refuses one that was changed on the way", async () => {
    expect(await verify(message.body)).toEqual(JSON.parse(message.body));
    await expect(verify(message.body.replace("completed", "cancelled"))).rejects.toThrow("WebhookVerificationError");
  });
});
