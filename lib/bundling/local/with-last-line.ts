/** A handler of Lambda. */
export type Handler<Context> = (event: unknown, context: Context) => Promise<unknown>;

/**
 * Ends the output of each invocation with an empty line. The emulator waits 50 ms after an invocation that printed nothing, in case its
 * output is late, and 5 ms after a line; an empty one leaves nothing in the log.
 * @param print prints a line @default console.log
 */
export const withLastLine =
  <Context>(handler: Handler<Context>, print: (line: string) => void = console.log): Handler<Context> =>
  async (event, context) => {
    try {
      return await handler(event, context);
    } finally {
      print("");
    }
  };
