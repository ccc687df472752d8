/** An error whose message repeats what somebody else wrote says here what the log may have in its place. */
interface WithLogWords {
  readonly logWords: string;
}

const hasLogWords = (error: Error): error is Error & WithLogWords =>
  "logWords" in error && typeof error.logWords === "string";

/**
 * An error in a line for the log, which outlives the licence of content: its name and message. A parser's message is left
 * out, because it quotes the text that could not be parsed.
 */
export const errorWords = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (hasLogWords(error)) return `${error.name}: ${error.logWords}`;
  return error instanceof SyntaxError ? `${error.name}: the text cannot be parsed` : String(error);
};

/** The places in the code that an error came through, as lines. Lines of its message are none of them, whatever they look like. */
export const codePlaces = ({ stack = "", message }: Error): string[] =>
  stack
    .slice(stack.indexOf(message) + message.length)
    .split("\n")
    .filter((line) => /^ +at /.test(line));

/** The same with the places in the code: for a fault that nobody expected. */
export const errorStack = (error: unknown): string =>
  [errorWords(error), ...(error instanceof Error ? codePlaces(error) : [])].join("\n");
