import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
const FILES = globSync("{bin,lib,lambdas,cli,local,bench,test,events,docs}/**/*", { cwd: ROOT, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));

/** A folder of more files is split by noun. */
const MAX_FILES = 15;
/** Folders that may be larger, each with the reason. */
const LARGER: Readonly<Record<string, string>> = { "events/sqs": "two samples of each queue, found by its name" };

/** What belongs to no noun of the domain. A file with one owner lies with its owner. */
const LOOSE_IN_CORE = [
  "base-env.ts",
  "clock-offset.ts",
  "clock.ts",
  "durations.ts",
  "error-words.ts",
  "errors.ts",
  "iso-time.ts",
  "list-page.ts",
  "metric-names.ts",
  "parse-json.ts",
  "source-ids.ts",
];

/** Rooms whose README says what each folder of them is for. */
const DESCRIBED = [
  ...["core", "sources", "services", "adapters", "platform"].map((room) => `lambdas/common/${room}`),
  ...["cli", "lib", "local", "test", "events"],
];

const filesPerFolder = Map.groupBy(FILES, dirname);

describe("a room", () => {
  it("holds at most 15 files, so that its list is read at a glance", () => {
    expect(FILES.length).toBeGreaterThan(1_000);
    const large = [...filesPerFolder].filter(([folder, { length }]) => length > MAX_FILES && !(folder in LARGER));
    expect(large.map(([folder, { length }]) => `${folder}: ${length}`)).toEqual([]);
  });

  it("of the domain has loose files only for what belongs to no noun", () => {
    const loose = filesPerFolder.get("lambdas/common/core")?.map((file) => basename(file));
    expect(loose?.filter((file) => file !== "README.md").sort()).toEqual([...LOOSE_IN_CORE].sort());
  });

  it("of the domain knows no room that knows it", () => {
    const roomOf = (path: string): string | undefined => /^lambdas\/common\/core\/([^/]+)\//.exec(path)?.[1];
    const arrows = FILES.filter((file) => roomOf(file) !== undefined && file.endsWith(".ts")).flatMap((file) =>
      [...readFileSync(join(ROOT, file), "utf8").matchAll(/from "(\.[^"]+)"/g)].flatMap(([, to = ""]) => {
        const [one, other] = [roomOf(file), roomOf(join(dirname(file), to))];
        return other !== undefined && one !== other ? [`${one} > ${other}`] : [];
      }),
    );
    const left = new Set(arrows);
    expect(left.size).toBeGreaterThan(20);
    // A room that knows none of the others is below them; what is never below is part of a cycle.
    for (let before = -1; before !== left.size; ) {
      before = left.size;
      const above = new Set([...left].map((arrow) => arrow.split(" > ")[0]));
      for (const arrow of left) if (!above.has(arrow.split(" > ")[1])) left.delete(arrow);
    }
    expect([...left]).toEqual([]);
  });

  it.each(DESCRIBED)("%s names each of its folders in its README", (room) => {
    const text = readFileSync(join(ROOT, room, "README.md"), "utf8");
    const folders = new Set(
      FILES.filter((file) => file.startsWith(`${room}/`) && file.slice(room.length + 1).includes("/")).map(
        (file) => file.slice(room.length + 1).split("/", 1)[0] ?? "",
      ),
    );
    expect(folders.size).toBeGreaterThan(1);
    const isNamed = (folder: string): boolean =>
      text.includes(`\`${folder}/`) || text.includes(` ${folder}/`) || text.includes(`\n  ${folder}/`);
    expect([...folders].filter((folder) => !isNamed(folder))).toEqual([]);
  });
});
