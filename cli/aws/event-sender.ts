import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { CliError, EXIT } from "../cli-error.ts";
import type { AwsAccess } from "./aws-access.ts";
import { awsError } from "./aws-error.ts";
import { stackOutputs } from "./stack-outputs.ts";

/** Entries that EventBridge takes in one call. */
const MAX_ENTRIES = 10;
/** Whom receivers see as the sender. */
const SOURCE = "enrichline.cli";

/** An event to put on the bus of a deployment. */
export interface SentEvent {
  readonly name: string;
  readonly detail: object;
}

/** What the bus said to each event, in their order; undefined: it took it. */
export type SendResults = readonly (string | undefined)[];

/** Name of the deployment's event bus. @throws CliError NOT_FOUND when it was deployed by a version without one */
const busOf = async ({ stage, config }: AwsAccess): Promise<string> => {
  const client = new CloudFormationClient(config);
  try {
    const name = (await stackOutputs(client, stage, "Pipeline")).get("EventBusName");
    if (name) return name;
    throw new CliError(
      EXIT.NOT_FOUND,
      `Stage ${stage} has no event bus: it was deployed by another version. Deploy it again: npx enrichline deploy --stage ${stage}`,
    );
  } finally {
    client.destroy();
  }
};

/** Puts entries on the bus by one call. @returns what the bus said to each */
const putOnce = async (client: EventBridgeClient, call: readonly PutEventsRequestEntry[]): Promise<SendResults> => {
  const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [...call] }));
  return call.map((_, index) => {
    const { ErrorCode, ErrorMessage } = Entries[index] ?? {};
    return ErrorCode === undefined ? undefined : `${ErrorCode}: ${ErrorMessage ?? ""}`;
  });
};

/**
 * Puts events on the bus of a deployment, ten a call. A call that fails ends it: what the calls before it put on the bus is
 * still said, and to all others why they are not there.
 * @throws CliError when no call went through
 */
export const sendEvents = async (access: AwsAccess, events: readonly SentEvent[]): Promise<SendResults> => {
  const bus = await busOf(access);
  const client = new EventBridgeClient(access.config);
  const entries = events.map(
    ({ name, detail }): PutEventsRequestEntry => ({
      ...{ EventBusName: bus, Source: SOURCE, DetailType: name, Detail: JSON.stringify(detail) },
    }),
  );
  const results: (string | undefined)[] = [];
  try {
    for (let from = 0; from < entries.length; from += MAX_ENTRIES) {
      results.push(...(await putOnce(client, entries.slice(from, from + MAX_ENTRIES))));
    }
    return results;
  } catch (error) {
    const failure = awsError(error, "Sending events");
    if (results.length === 0) throw failure;
    return [...results, ...entries.slice(results.length).map(() => failure.message)];
  } finally {
    client.destroy();
  }
};
