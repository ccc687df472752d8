import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AllowedFolders } from "../../../../cli/mcp/folders.ts";

let root = "";
let folders: AllowedFolders;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "enrichline-folders-")));
  await mkdir(join(root, "in", "deeper"), { recursive: true });
  await mkdir(join(root, "in", ".secret"));
  await mkdir(join(root, "in-other"));
  for (const name of [
    "in/a.csv",
    "in/deeper/b.ndjson",
    "in/.secret/c.csv",
    "in/.d.csv",
    "in/key.pem",
    "in-other/e.csv",
    "out.csv",
  ])
    await writeFile(join(root, name), "asin\n");
  await symlink(join(root, "out.csv"), join(root, "in", "link.csv"));
  await symlink(join(root, "in-other"), join(root, "in", "linked"));
  await mkdir(join(root, "in", "folder.csv"));
  folders = await AllowedFolders.open(["in"], root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("a catalog", () => {
  it.each(["a.csv", "deeper/b.ndjson", "deeper/../a.csv"])("%s is read, by its real path", async (name) => {
    expect(await folders.catalog(name)).toBe(join(root, "in", name.replace("deeper/../", "")));
    expect(await folders.catalog(join(root, "in", name))).toMatch(/^\//);
  });

  it.each([
    ["../out.csv", "not in an allowed folder"],
    ["../in-other/e.csv", "not in an allowed folder"],
    ["link.csv", "not in an allowed folder"],
    ["linked/e.csv", "not in an allowed folder"],
    ["/etc/passwd", "not in an allowed folder"],
    ["missing.csv", "not in an allowed folder"],
    ["a.csv\0.txt", "not in an allowed folder"],
    [".", "not in an allowed folder"],
    [".secret/c.csv", "hidden"],
    [".d.csv", "hidden"],
    ["folder.csv", "no regular file"],
    ["key.pem", "must end in"],
  ])("%j is refused: %s", async (name, words) => {
    await expect(folders.catalog(name)).rejects.toThrow(words);
  });
});

describe("an export", () => {
  it("goes to a new file, in the first folder unless named otherwise; of the API's name only the last part counts", async () => {
    expect(await folders.newFile(undefined, "../../x.csv")).toBe(join(root, "in", "x.csv"));
    expect(await folders.newFile("deeper/y.csv", "x.csv")).toBe(join(root, "in", "deeper", "y.csv"));
  });

  it.each([
    ["a.csv", "nothing is replaced"],
    ["../y.csv", "not in an allowed folder"],
    ["linked/y.csv", "not in an allowed folder"],
    ["missing/y.csv", "not in an allowed folder"],
    [".y.csv", "hidden"],
    ["y.sh", "must end in .csv"],
  ])("to %s is refused: %s", async (name, words) => {
    await expect(folders.newFile(name, "x.csv")).rejects.toThrow(words);
  });
});

describe("without --allow-folder", () => {
  it("the working folder is allowed", async () => {
    expect((await AllowedFolders.open([], join(root, "in"))).names).toEqual([join(root, "in")]);
  });

  it.each(["/", homedir()])("%s is too wide to be allowed by nobody's word", async (folder) => {
    const none = await AllowedFolders.open([], folder);
    expect(none.names).toEqual([]);
    await expect(none.catalog("a.csv")).rejects.toThrow("--allow-folder");
  });

  it("a folder that is none is said at the start", async () => {
    await expect(AllowedFolders.open(["nowhere"], root)).rejects.toThrow("nowhere is no folder");
  });
});
