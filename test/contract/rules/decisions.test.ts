import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const TEXT = readFileSync(join(import.meta.dirname, "../../../docs/decisions.md"), "utf8");

/** Ids by the topic that they stand under, in the order of the document. */
const byTopic = new Map<string, number[]>();
for (const [, topic, id] of TEXT.matchAll(/^## (.+)$|^### D-(\d{3}) /gm)) {
  if (topic !== undefined) byTopic.set(topic, []);
  else [...byTopic.values()].at(-1)?.push(Number(id));
}
const IDS = [...byTopic.values()].flat();

/** Ids that a line of the index lists, such as `D-011 to D-015, D-119`. */
const listed = (text: string): number[] =>
  [...text.matchAll(/D-(\d{3})(?: to D-(\d{3}))?/g)].flatMap(([, from, to]) =>
    Array.from({ length: Number(to ?? from) - Number(from) + 1 }, (_, step) => Number(from) + step),
  );
const INDEX = new Map(
  [...TEXT.matchAll(/^- \[(.+)\]\(#.+\): (.+)$/gm)].map(([, topic = "", ids = ""]) => [topic, listed(ids)]),
);
const ascending = (ids: readonly number[] = []): number[] => [...ids].sort((a, b) => a - b);

describe("the decisions", () => {
  it("have an id each", () => {
    expect(IDS.length).toBeGreaterThan(150);
    expect(IDS.filter((id, at) => IDS.indexOf(id) !== at)).toEqual([]);
  });

  it("are listed by topic", () => expect([...INDEX.keys()]).toEqual([...byTopic.keys()]));

  it.each([...byTopic])("of the topic %s are all in its line", (topic, ids) =>
    expect(ascending(INDEX.get(topic))).toEqual(ascending(ids)),
  );

  it("cite only entries that are there", () => expect(listed(TEXT).filter((id) => !IDS.includes(id))).toEqual([]));
});
