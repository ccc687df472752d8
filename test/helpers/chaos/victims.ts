import type { AwsCall } from "../../../local/faults/aws-call.ts";
import type { Trouble } from "../../../local/faults/fault.ts";

/** Calls without which a trouble has not struck, by who makes them. */
export type Victims = Readonly<Record<string, (call: AwsCall) => boolean>>;

/** Whether a consumer records what came of its batches. */
const recordsOutcomes = ({ operation, body }: AwsCall): boolean =>
  operation === "TransactWriteItems" && body.includes("version = :version");

/** Whether the reader of uploaded files is asking: for a file, or for the rows that say what is to be done with it. */
const readsUploads = ({ service, operation, path, body }: AwsCall): boolean =>
  service === "s3"
    ? operation === "GET" && path.includes("/uploads/")
    : service === "dynamodb" && (body.includes('"dry-run#') || body.includes('":ingesting"'));

/** Whether a sender takes, or gives back, the right to send batches of a run. */
const claimsBatches = ({ operation, body }: AwsCall): boolean =>
  operation === "UpdateItem" && (body.includes("SET claim = :claim") || body.includes("REMOVE claim"));

export const RECORDERS: Victims = { "recorded outcomes": recordsOutcomes };
export const READERS: Victims = { "the reader of uploads": readsUploads };
export const DISPATCHERS: Victims = { "claims of dispatchers": claimsBatches };

/** A few records of outcomes that nobody ever answers: the caller must give up waiting by itself. */
export const writesHang = (most: number): Trouble => ({
  name: "writes hang",
  share: 0.5,
  most,
  meets: recordsOutcomes,
  fault: () => "hang",
});

/** The same trouble for one kind of victim alone, and for each of their calls. Its name says which. */
export const focused = (trouble: Trouble, victim: string, isVictim: (call: AwsCall) => boolean): Trouble => ({
  ...trouble,
  name: `${trouble.name}: ${victim}`,
  share: 1,
  meets: (call) => trouble.meets(call) && isVictim(call),
});
