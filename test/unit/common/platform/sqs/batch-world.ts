import * as z from "zod";
import { createBatchHandler } from "../../../../../lambdas/common/platform/sqs/batch-handler.ts";
import type { Consumer, WorkTogether } from "../../../../../lambdas/common/platform/sqs/consumer.ts";
import type { RawRecord } from "../../../../../lambdas/common/platform/sqs/queue-record.ts";

const MessageSchema = z.object({ version: z.literal(1), name: z.string(), correlation_id: z.string().optional() });
/** What the messages of these tests hold. */
export type Message = z.infer<typeof MessageSchema>;

/** An invocation that has a minute left. */
export const context = { getRemainingTimeInMillis: () => 60_000 };
/** Names of ten messages. */
export const names = Array.from({ length: 10 }, (_, n) => `n${n}`);

/** A record as SQS delivers it. @param body replaces or adds to the message; text is the body itself */
export const record = (name: string, { receives = 1, body = {} as unknown } = {}): RawRecord => ({
  messageId: `m-${name}`,
  receiptHandle: `r-${name}`,
  body: typeof body === "string" ? body : JSON.stringify({ version: 1, name, ...(body as object) }),
  attributes: { ApproximateReceiveCount: String(receives) },
});

/** A queue, a log and a meter that keep what they are given, in the order in which it happens. */
export class World {
  readonly events: string[] = [];
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[] = [];
  carried: Record<string, unknown>[] = [];
  visibilityFails: Error | undefined;
  removeFails: Error | undefined;
  readonly queue = {
    changeVisibility: async (handle: string, seconds: number): Promise<void> => {
      if (this.visibilityFails) throw this.visibilityFails;
      this.events.push(`${handle} back after ${seconds}`);
    },
    changeVisibilities: async (handles: readonly string[], seconds: number): Promise<void> => {
      if (this.visibilityFails) throw this.visibilityFails;
      this.events.push(`hidden ${handles.join(" ")} for ${seconds}`);
    },
    remove: async (handles: readonly string[]): Promise<void> => {
      if (this.removeFails) throw this.removeFails;
      this.events.push(`removed ${handles.join(" ")}`);
    },
  };
  readonly #line =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      this.lines.push({ level, message, fields });
    };
  readonly log = {
    debug: this.#line("debug"),
    info: this.#line("info"),
    warn: this.#line("warn"),
    error: this.#line("error"),
    during: <Result>(fields: Record<string, unknown>, work: () => Promise<Result>): Promise<Result> => {
      this.carried.push(fields);
      return work();
    },
  };
  readonly meter = {
    count: (name: string, value: number): void => void this.events.push(`${name} ${value}`),
    flush: (): void => void this.events.push("flushed"),
  };

  /** Events that are neither metrics nor their flush. */
  get queueEvents(): string[] {
    return this.events.filter((event) => event.includes(" back after ") || event.startsWith("removed "));
  }

  handler(work: Consumer<Message>["work"], hidden: Consumer<Message>["hidden"] = "by-work") {
    return createBatchHandler(this, {
      schema: MessageSchema,
      logFields: ({ name, correlation_id }) => ({ name, ...(correlation_id ? { correlation_id } : {}) }),
      hidden,
      backOffSeconds: ({ receiveCount }) => 100 * receiveCount,
      work,
    });
  }

  async deliver(work: Consumer<Message>["work"], Records: readonly RawRecord[]): Promise<string[]> {
    const answer = await this.handler(work)({ Records }, context);
    return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }
}

/** Work that fails for these names and notes which were worked on, record by record or group by group. */
export const failing = (failures: Readonly<Record<string, unknown>>, worked: string[] = []) => ({
  each: async ({ message }: { message: Message }): Promise<void> => {
    worked.push(message.name);
    if (message.name in failures) throw failures[message.name];
  },
});
/** Work that takes the records together. */
export const together = (work: WorkTogether<Message>): Consumer<Message>["work"] => ({ together: work });
/** Work like `failing` that takes the records together and notes the groups. */
export const groups = (
  failures: Readonly<Record<string, unknown>>,
  worked: string[][] = [],
): Consumer<Message>["work"] =>
  together(async (records) => {
    worked.push(records.map(({ message }) => message.name));
    const failed = records.filter(({ message }) => message.name in failures);
    return { failed: failed.map((one) => ({ record: one, error: failures[one.message.name] })), leased: [] };
  });
