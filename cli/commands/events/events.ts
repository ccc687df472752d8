import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { EVENT_VERSION } from "../../../lambdas/common/core/contract/events/event-names.ts";
import { type FileEvent, readEventFile } from "../../../lambdas/common/core/contract/events/read-event-file.ts";
import { CliError, EXIT, type ExitCode } from "../../cli-error.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";

const AFTER_HELP = `
FILE holds one event or a list of them, as JSON: {"type": "ProductEnrichmentRequested", "detail": {…}}, or the data of a request
alone: {"asin": "B0EXAMPLE1", "region": "US", "request_id": "my-1"}. An envelope that is missing is added. Nothing is sent unless
every event is right; schemas are in docs/api/events/, samples in events/eventbridge/.`;

const eventsOf = async (file: string): Promise<readonly FileEvent[]> => {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new CliError(EXIT.USAGE, `${file} cannot be read: name a file of events.`, { cause });
  });
  const { events, problems } = readEventFile(text);
  if (problems.length === 0) return events;
  const lines = problems.map(({ field, problem }) => `  ${field}: ${problem}`);
  throw new CliError(EXIT.USAGE, [`Nothing was sent. These fields of ${file} are wrong:`, ...lines].join("\n"));
};

/** The detail with an envelope; what is there already stays. */
const enveloped = ({ name, detail }: FileEvent, nowMs: number) => ({
  name,
  detail: {
    ...{ id: randomUUID(), version: EVENT_VERSION, time: new Date(nowMs).toISOString(), correlation_id: randomUUID() },
    ...detail,
  },
});

const send = async ({ io, target, json }: Session, file: string): Promise<ExitCode> => {
  const events = (await eventsOf(file)).map((event) => enveloped(event, io.now()));
  const access = await target.aws();
  const { sendEvents } = await import("../../aws/event-sender.ts");
  const results = await sendEvents(access, events);
  const answers = events.map(({ name, detail: { id } }, index) => ({ type: name, id, error: results[index] ?? null }));
  const refused = answers.filter(({ error }) => error !== null);
  if (json) printJson(io, { sent: answers.length - refused.length, events: answers });
  else {
    io.out(`${answers.length - refused.length} of ${answers.length} events are on the bus of ${target.name}.\n`);
    for (const { type, id, error } of refused) io.err(`${type} ${id} is not on the bus: ${error}\n`);
  }
  return refused.length === 0 ? EXIT.OK : EXIT.SOME_FAILED;
};

/** Adds `events send`. */
export const addEvents = (program: Command, run: RunCommand): void => {
  const events = program.command("events").description("events on the bus of a deployment");
  events
    .command("send")
    .description("check the events of a file and put them on the bus (with AWS credentials)")
    .argument("<file>", "JSON file")
    .addHelpText("after", AFTER_HELP)
    .action(async (file: string, _: unknown, command: Command) => {
      await run(command.optsWithGlobals<CommonOptions>(), (session) => send(session, file));
    });
};
