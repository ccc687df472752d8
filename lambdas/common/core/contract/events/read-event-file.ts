import * as z from "zod";
import type { FieldProblem } from "../../errors.ts";
import { parseJson } from "../../parse-json.ts";
import { eventDetail } from "./event-detail.ts";
import { EVENT_NAMES, type EventName } from "./event-names.ts";
import { EVENT_SCHEMAS } from "./event-schemas.ts";

/** An event of a file. */
export interface FileEvent {
  readonly name: EventName;
  /** Its envelope, or what is to go into one. */
  readonly detail: { readonly data: unknown } & Readonly<Record<string, unknown>>;
}

/** The events of a file, or what is wrong with them; then there are none. */
export interface EventFile {
  readonly events: readonly FileEvent[];
  readonly problems: readonly FieldProblem[];
}

const NAMES = Object.values(EVENT_NAMES);
const NameSchema = z.enum(NAMES, `must be one of ${NAMES.join(", ")}`);
const RecordSchema = z.record(z.string(), z.unknown(), "must be an object");

const problemsOf = ({ issues }: z.ZodError, place: string): FieldProblem[] =>
  issues.map(({ path, message }) => ({
    field: [place, ...path].filter((part) => part !== "").join("."),
    problem: message,
  }));

const readOne = (value: unknown, place: string): EventFile => {
  const at = (field: string): string => (place === "" ? field : `${place}.${field}`);
  const entry = RecordSchema.safeParse(value);
  if (!entry.success) return { events: [], problems: problemsOf(entry.error, place || "file") };
  const given = entry.data.type ?? entry.data["detail-type"] ?? entry.data.DetailType;
  // A request alone is what people write most.
  const isAlone = given === undefined && entry.data.detail === undefined;
  const name = NameSchema.safeParse(isAlone ? EVENT_NAMES.REQUESTED : given);
  if (!name.success) return { events: [], problems: problemsOf(name.error, at("type")) };
  const detail = RecordSchema.safeParse(isAlone ? entry.data : entry.data.detail);
  if (!detail.success) return { events: [], problems: problemsOf(detail.error, at("detail")) };
  const isEnveloped = "data" in detail.data;
  const data: z.ZodType = EVENT_SCHEMAS[name.data];
  const read = (isEnveloped ? eventDetail(data) : data).safeParse(detail.data);
  if (!read.success) return { events: [], problems: problemsOf(read.error, isAlone ? place : at("detail")) };
  const whole = isEnveloped ? { data: undefined, ...detail.data } : { data: detail.data };
  return { events: [{ name: name.data, detail: whole }], problems: [] };
};

/**
 * Reads a file of events: one or a list, each `{"type": …, "detail": …}` as on the bus, with or without the envelope, or the data
 * of a request alone.
 */
export const readEventFile = (text: string): EventFile => {
  const value = parseJson(text);
  if (value === undefined) return { events: [], problems: [{ field: "file", problem: "is not JSON" }] };
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) return { events: [], problems: [{ field: "file", problem: "holds no event" }] };
  const files = list.map((one, index) => readOne(one, Array.isArray(value) ? String(index) : ""));
  const problems = files.flatMap((file) => file.problems);
  return { events: problems.length > 0 ? [] : files.flatMap(({ events }) => events), problems };
};
