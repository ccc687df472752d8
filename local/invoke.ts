import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { clientConfig } from "./aws-environment.ts";
import { layoutOf } from "./layout.ts";
import { LocalError, messageOf } from "./local-error.ts";
import { readOutputs } from "./outputs.ts";
import { readStackOutputs } from "./stack/read-stack-outputs.ts";
import { runEntry } from "./stack/run-entry.ts";

const USAGE =
  "Usage: npm run invoke -- <function> <event.json>\n  for example: npm run invoke -- reconcile events/eventbridge/schedule.v1.json";

const readEvent = (typed: string): Uint8Array => {
  const file = resolve(process.env.INIT_CWD ?? ".", typed);
  try {
    const text = readFileSync(file, "utf8");
    JSON.parse(text);
    return new TextEncoder().encode(text);
  } catch (cause) {
    throw new LocalError(`the event ${file} cannot be used: ${messageOf(cause)}`, { cause });
  }
};

/** `npm run invoke`: one deployed function, one event, on the running local stack. Prints what it answers. */
await runEntry(async () => {
  const [room, file] = process.argv.slice(2);
  if (!room || !file) throw new LocalError(USAGE);
  const layout = layoutOf();
  const { emulatorUrl } = readOutputs(layout.outputsFile);
  const { functions } = readStackOutputs(layout.stackOutputsFile);
  const name = functions[room];
  if (!name)
    throw new LocalError(`there is no function "${room}"; there is ${Object.keys(functions).sort().join(", ")}`);
  const payload = readEvent(file);
  const client = new LambdaClient({ ...clientConfig(emulatorUrl), maxAttempts: 1 });
  try {
    const answer = await client.send(new InvokeCommand({ FunctionName: name, Payload: payload, LogType: "Tail" }));
    if (answer.LogResult)
      process.stderr.write(`${Buffer.from(answer.LogResult, "base64").toString("utf8").trimEnd()}\n`);
    const text = new TextDecoder().decode(answer.Payload);
    process.stdout.write(`${JSON.stringify(JSON.parse(text || "null"), null, 2)}\n`);
    if (answer.FunctionError) process.stderr.write(`The function failed (${answer.FunctionError}).\n`);
    return answer.FunctionError ? 1 : 0;
  } catch (cause) {
    if (cause instanceof LocalError) throw cause;
    throw new LocalError(`invoking ${room} at ${emulatorUrl} failed: ${messageOf(cause)}. Does npm run local run?`, {
      cause,
    });
  } finally {
    client.destroy();
  }
});
