import * as z from "zod";
import { ItemStateSchema } from "../batches/batch-states.ts";
import type { Subject } from "./subject.ts";

/**
 * What a row says of the message that leads to it. `open`: something is left to do. `settled`: it is done. `gone`: the row is not there
 * any more, so nothing can be done. `superseded`: a newer message has the same work. `unknown`: no row knows of the message, or
 * none would if it were refused.
 */
export interface Verdict {
  readonly state: "open" | "settled" | "gone" | "superseded" | "unknown";
  /** A sentence without a full stop. */
  readonly words: string;
}

type Row = Readonly<Record<string, unknown>>;
type Judge<Kind extends Subject["kind"]> = (subject: Extract<Subject, { kind: Kind }>, row: Row | undefined) => Verdict;

const open = (words: string): Verdict => ({ state: "open", words });
const settled = (words: string): Verdict => ({ state: "settled", words });
const unknown = (words: string): Verdict => ({ state: "unknown", words });
const gone = (words: string): Verdict => ({ state: "gone", words });

/** A row is read loosely: one that its own consumer cannot read is the very thing that makes letters, and must not stop a redrive. */
const BatchSchema = z.looseObject({
  generation: z.number().catch(0),
  state: z.string().catch(""),
  due_at: z.string().optional().catch(undefined),
  items: z.array(z.looseObject({ state: ItemStateSchema.or(z.string()) })).catch([]),
});

const countWords = (items: readonly { readonly state: string }[]): string => {
  const counts = new Map<string, number>();
  for (const { state } of items) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
};

const judgeBatch: Judge<"batch"> = ({ generation }, row) => {
  if (!row) return gone("the batch is not there: its catalog was deleted");
  const seen = BatchSchema.parse(row);
  const isSettled = seen.items.length > 0 && seen.items.every(({ state }) => state !== "pending");
  if (isSettled) return settled(`the batch is settled: ${countWords(seen.items)}`);
  const waits = seen.due_at === undefined ? "" : `, due at ${seen.due_at}`;
  if (seen.generation > generation) {
    return {
      state: "superseded",
      words: `generation ${seen.generation} has the batch${waits}; this message is of ${generation}`,
    };
  }
  return open(`the batch is open: ${countWords(seen.items)}${waits}`);
};

const StateSchema = z.looseObject({ state: z.string().catch("") });
const OPEN_CATALOGS: ReadonlySet<string> = new Set(["awaiting_upload", "ingesting"]);

const judgeCatalog: Judge<"catalog"> = (_, row) => {
  if (!row) return gone("the catalog is not there: it was deleted");
  const { state } = StateSchema.parse(row);
  return OPEN_CATALOGS.has(state)
    ? open(`the catalog is ${state}`)
    : settled(`the catalog is ${state}: its file was read`);
};

const judgeExport: Judge<"export"> = (_, row) => {
  if (!row) return gone("the export is not there: its time was over");
  const { state } = StateSchema.parse(row);
  // A failed one is taken up again by its message.
  return state === "ready" ? settled("the export is ready") : open(`the export is ${state}`);
};

const RefreshSchema = z.looseObject({ status: z.string().catch(""), generation: z.number().catch(0) });
const OPEN_JOBS: ReadonlySet<string> = new Set(["pending", "running"]);

const judgeRefresh: Judge<"refresh"> = ({ generation }, row) => {
  if (!row) return gone("the job of the refresh is not there: its time was over");
  const seen = RefreshSchema.parse(row);
  if (!OPEN_JOBS.has(seen.status)) return settled(`the job of the refresh is settled: ${seen.status}`);
  if (seen.generation > generation) {
    return {
      state: "superseded",
      words: `generation ${seen.generation} has the job; this message is of ${generation}`,
    };
  }
  return open(`the job of the refresh is ${seen.status}`);
};

const judgeRequest: Judge<"request"> = (_, row) =>
  row ? settled("the request was accepted") : unknown("the request was not accepted");

const judgeHalf: Judge<"half"> = ({ half }, row) => {
  if (!row) return unknown(`no product has these ${half === "caption" ? "words" : "pictures"}`);
  return "created_at" in row ? settled("the product of the shop is there") : stagedWords(half, row);
};
const stagedWords = (half: "caption" | "thumbnails", row: Row): Verdict =>
  half in row ? settled("this half waits for the other one") : unknown("only the other half is there");

const DeliverySchema = z.looseObject({ state: z.string().catch(""), attempts: z.number().catch(0) });

const judgeDelivery: Judge<"delivery"> = ({ attempts }, row) => {
  if (!row) return gone("the delivery is not there: its 30 days are over");
  const seen = DeliverySchema.parse(row);
  if (seen.state !== "pending") return settled(`the delivery is ${seen.state}`);
  return seen.attempts > attempts
    ? settled(`attempt ${seen.attempts} was made since`)
    : open("the delivery is pending");
};

/** Judges a message by the row that it leads to. @param row undefined: there is none */
export const judge = (subject: Subject, row: Row | undefined): Verdict => {
  switch (subject.kind) {
    case "batch":
      return judgeBatch(subject, row);
    case "catalog":
      return judgeCatalog(subject, row);
    case "export":
      return judgeExport(subject, row);
    case "refresh":
      return judgeRefresh(subject, row);
    case "request":
      return judgeRequest(subject, row);
    case "half":
      return judgeHalf(subject, row);
    case "delivery":
      return judgeDelivery(subject, row);
    case "none":
      return unknown("no row knows of this message");
  }
};
