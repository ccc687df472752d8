import { CreateArchiveCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { clientConfig } from "../aws-environment.ts";
import { LocalError, messageOf } from "../local-error.ts";

/** As the template says for every other stage. */
const RETENTION_DAYS = 7;

/** Name of the archive of a local stack. */
export const LOCAL_ARCHIVE = "enrichline-local";

/**
 * Makes the archive of a bus: MiniStack 1.5.33 has archives and replays by the API, but its CloudFormation does not know them.
 * Does nothing when it is there already.
 * @throws LocalError when the emulator does not take it
 */
export const addArchive = async (emulatorUrl: string, busArn: string): Promise<void> => {
  const client = new EventBridgeClient(clientConfig(emulatorUrl));
  try {
    await client.send(
      new CreateArchiveCommand({ ArchiveName: LOCAL_ARCHIVE, EventSourceArn: busArn, RetentionDays: RETENTION_DAYS }),
    );
  } catch (cause) {
    if (cause instanceof Error && cause.name === "ResourceAlreadyExistsException") return;
    throw new LocalError(`the emulator did not make the archive of events: ${messageOf(cause)}`, { cause });
  } finally {
    client.destroy();
  }
};
