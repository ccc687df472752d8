import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateEventSourceMappingCommand, CreateFunctionCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { LOCAL_ACCOUNT } from "../../local/aws-environment.ts";
import { findPython } from "../../local/python/find-python.ts";
import { bundle } from "../shared/bundle.ts";
import { createBareTable } from "./bare-table.ts";

const run = promisify(execFile);

/** Writes an item for each message, and answers as the line does. */
const CONSUMER = `
  import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
  import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
  import { withLastLine } from "./lib/bundling/local/with-last-line.ts";
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const consume = async ({ Records }) => {
    await Promise.all(Records.map(({ messageId, body }) =>
      documents.send(new PutCommand({ TableName: process.env.TABLE, Item: { id: messageId, body } }))));
    return { batchItemFailures: [] };
  };
  export const handler = withLastLine(consume);`;

/** Reads a stream and does nothing. */
const READER = `
  import { withLastLine } from "./lib/bundling/local/with-last-line.ts";
  export const handler = withLastLine(async () => ({ batchItemFailures: [] }));`;

/** What bare functions are deployed with. */
export interface BareStage {
  readonly lambda: LambdaClient;
  readonly dynamo: DynamoDBClient;
  /** Folder for what is packed. */
  readonly dir: string;
  /** ARNs of the line's queues. */
  readonly queues: readonly string[];
  /** Invocations of each queue at the same time. */
  readonly workers: number;
}

/**
 * Deploys the least that a function can do with the line's queues: it writes one item a message. With a stream, a function that does
 * nothing reads what is written, as another one of the line pushes what is made. So what this reaches is what the emulator's event
 * sources, functions and tables give.
 * @param name of functions and table
 */
export const deployBareFunctions = async (stage: BareStage, name: string, withStream: boolean): Promise<void> => {
  const { lambda, dynamo } = stage;
  const streamArn = await createBareTable(dynamo, name, withStream);
  const map = { FunctionName: name, FunctionResponseTypes: ["ReportBatchItemFailures" as const] };
  if (withStream) {
    const FunctionName = `${name}-reader`;
    await createFunction(stage, FunctionName, READER, {});
    await lambda.send(
      new CreateEventSourceMappingCommand({
        ...map,
        FunctionName,
        EventSourceArn: streamArn,
        StartingPosition: "LATEST",
        BatchSize: 100,
      }),
    );
  }
  await createFunction(stage, name, CONSUMER, { TABLE: name });
  for (const EventSourceArn of stage.queues) {
    await lambda.send(
      new CreateEventSourceMappingCommand({
        ...map,
        EventSourceArn,
        // MiniStack gives no more to the line either.
        BatchSize: 10,
        ScalingConfig: { MaximumConcurrency: stage.workers },
      }),
    );
  }
};

const createFunction = async (
  { lambda, dir }: Pick<BareStage, "lambda" | "dir">,
  FunctionName: string,
  source: string,
  Variables: Record<string, string>,
): Promise<void> => {
  const file = join(dir, FunctionName, "index.mjs");
  await bundle(source, file);
  const python = await findPython();
  if (!python.found) throw new Error(python.problem);
  const zip = join(dir, `${FunctionName}.zip`);
  await run(python.command, ["-m", "zipfile", "-c", zip, file]);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: "nodejs24.x",
      Role: `arn:aws:iam::${LOCAL_ACCOUNT}:role/bare`,
      Handler: "index.handler",
      Timeout: 30,
      MemorySize: 512,
      Environment: { Variables },
      Code: { ZipFile: await readFile(zip) },
    }),
  );
};
