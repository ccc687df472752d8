import * as z from "zod";

const PLACEHOLDER = /<\$\.([\w.]+)>/g;
const MapSchema = z.record(z.string(), z.unknown());

const valueAt = (event: unknown, path: string): unknown =>
  path.split(".").reduce((value: unknown, name) => MapSchema.parse(value)[name], event);

/** Whether a place of a JSON text lies within a string of it. */
const isQuoted = (text: string, place: number): boolean =>
  (text.slice(0, place).match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1;

/**
 * What EventBridge makes of an event by an input template, which the emulator's pipes do not: a placeholder within quotes becomes
 * part of that text, any other a JSON value of its own.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 * @throws Error when a value is missing, or the result is no JSON
 */
export const renderPipeTemplate = (template: string, event: unknown): unknown =>
  JSON.parse(
    template.replace(PLACEHOLDER, (placeholder, path: string, place: number) => {
      const value = valueAt(event, path);
      if (value === undefined) throw new Error(`the event has nothing at ${placeholder}`);
      return isQuoted(template, place) ? String(value) : JSON.stringify(value);
    }),
  );
