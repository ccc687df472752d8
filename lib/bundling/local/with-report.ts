/** What Lambda tells a handler about its invocation, as far as its last line needs it. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly memoryLimitInMB: string;
}

/** A handler of Lambda. */
export type Handler<Context extends InvocationContext> = (event: unknown, context: Context) => Promise<unknown>;

const BYTES_PER_MB = 1_048_576;

/**
 * Lets each invocation end with the line that Lambda writes after it: its id, its duration, its memory. The emulator writes none,
 * and waits 50 ms after an invocation without a line, in case one comes: with a line it goes on after 5.
 * @param write takes the line
 * @param nowMs milliseconds, from any start
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export const withReport =
  <Context extends InvocationContext>(
    handler: Handler<Context>,
    write: (line: string) => void,
    nowMs: () => number,
  ): Handler<Context> =>
  async (event, context) => {
    const began = nowMs();
    try {
      return await handler(event, context);
    } finally {
      const ms = nowMs() - began;
      write(
        [
          `REPORT RequestId: ${context.awsRequestId}`,
          `Duration: ${ms.toFixed(2)} ms`,
          `Billed Duration: ${Math.ceil(ms)} ms`,
          `Memory Size: ${context.memoryLimitInMB} MB`,
          `Max Memory Used: ${Math.ceil(process.memoryUsage.rss() / BYTES_PER_MB)} MB`,
        ].join("\t"),
      );
    }
  };
