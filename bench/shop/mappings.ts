import {
  type LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";

/** Switches off the event sources whose ARN is meant. */
export const switchOff = async (lambda: LambdaClient, isMeant: (sourceArn: string) => boolean): Promise<void> => {
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  for (const { UUID, EventSourceArn = "" } of EventSourceMappings) {
    if (isMeant(EventSourceArn)) await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  }
};
