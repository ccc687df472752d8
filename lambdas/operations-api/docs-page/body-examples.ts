import type { Media } from "./document.ts";

/** One body that a request may have. */
export interface BodyExample {
  /** What is special about it; empty when it is the only one. */
  readonly summary: string;
  /** As a person reads it: JSON over several lines, text as it is. */
  readonly text: string;
  /** As a command carries it: JSON on one line, text as it is. */
  readonly short: string;
}

const exampleOf = (summary: string, value: unknown): BodyExample => {
  if (typeof value === "string") return { summary, text: value, short: value };
  const text = JSON.stringify(value, null, 2);
  // Line breaks inside its texts are escaped, so that these are all between them.
  return { summary, text, short: text.replace(/\n\s*/g, " ") };
};

/** The examples that the document gives of a body. */
export const bodyExamples = (media: Media): readonly BodyExample[] => [
  ...(media.example === undefined ? [] : [exampleOf("", media.example)]),
  ...Object.values(media.examples).map(({ summary, value }) => exampleOf(summary, value)),
];
