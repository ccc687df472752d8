import { TransactionCanceledException, TransactionConflictException } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { retryConflicts } from "../../../lambdas/common/adapters/aws/conflict-retry.ts";

/**
 * What AWS does to a write. `conflict`: a transaction is under way on one of its items, so that it is refused. `repeated`:
 * it takes effect, its answer is lost, and the SDK sends it again.
 */
export type WriteFault = "conflict" | "repeated";

type Write = PutCommand | UpdateCommand | DeleteCommand | TransactWriteCommand;
const isWrite = (command: unknown): command is Write =>
  [PutCommand, UpdateCommand, DeleteCommand, TransactWriteCommand].some((kind) => command instanceof kind);

/** Reasons for which a transaction is cancelled and may be sent again, one after the other. */
const REASONS = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

const conflictOf = (command: Write, attempt: number): Error => {
  const common = { message: "a transaction is under way", $metadata: {} };
  if (!(command instanceof TransactWriteCommand)) return new TransactionConflictException(common);
  const count = command.input.TransactItems?.length ?? 1;
  const Code = REASONS[attempt % REASONS.length];
  return new TransactionCanceledException({
    ...common,
    CancellationReasons: Array.from({ length: count }, (_, place) => ({ Code: place === count - 1 ? Code : "None" })),
  });
};

/**
 * A client of tables in memory whose writes meet faults, and which retries as the clients of functions do, without waits.
 * @param faultAt what an attempt at a write meets, by its number from 1; attempts of a retried write count on
 */
export const faultyDynamo = (
  tables: DynamoDBDocumentClient,
  faultAt: (attempt: number) => WriteFault | undefined,
): DynamoDBDocumentClient => {
  let attempts = 0;
  const write = async (command: Write): Promise<unknown> => {
    attempts += 1;
    const fault = faultAt(attempts);
    if (fault === "conflict") throw conflictOf(command, attempts);
    const answer: unknown = await tables.send(command as PutCommand);
    if (fault === undefined) return answer;
    // The token of a transaction says that it is the same one.
    return command instanceof TransactWriteCommand ? answer : tables.send(command as PutCommand);
  };
  const send = (command: unknown): Promise<unknown> =>
    isWrite(command)
      ? retryConflicts(() => write(command), { sleep: async () => {}, random: () => 0.5 })
      : tables.send(command as PutCommand);
  return { send } as unknown as DynamoDBDocumentClient;
};
