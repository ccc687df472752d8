import { lstat, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, extname, isAbsolute, join, parse, relative, resolve, sep } from "node:path";
import { CliError, EXIT } from "../cli-error.ts";
import { whatIsThere } from "../output/save-download.ts";

/** Ends of names of catalogs: what else lies in a folder is nobody's catalog. */
const CATALOG_ENDS = [".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl"];

const isWithin = (folder: string, file: string): boolean => {
  const way = relative(folder, file);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

/** The folders in which the assistant may read catalogs and save exports. What it names elsewhere is refused. */
export class AllowedFolders {
  /** Real paths, the first one is where relative names begin. */
  readonly #folders: readonly string[];

  private constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /**
   * @param named folders that the person allowed; none: the working folder, unless that is the home folder or the root,
   *   where an assistant could reach everything
   * @throws CliError USAGE when one is no folder
   */
  static async open(named: readonly string[], workingFolder: string): Promise<AllowedFolders> {
    const folders: string[] = [];
    for (const folder of named) {
      const real = await realpath(resolve(workingFolder, folder)).catch(() => undefined);
      if (real === undefined || !(await stat(real)).isDirectory())
        throw new CliError(EXIT.USAGE, `${folder} is no folder: name one that is there with --allow-folder.`);
      folders.push(real);
    }
    if (folders.length > 0) return new AllowedFolders(folders);
    const here = await realpath(workingFolder);
    const isTooWide = here === parse(here).root || here === (await realpath(homedir()).catch(() => homedir()));
    return new AllowedFolders(isTooWide ? [] : [here]);
  }

  /** As they are sent to the assistant. */
  get names(): readonly string[] {
    return this.#folders;
  }

  /**
   * A catalog that the assistant named.
   * @returns its real path
   * @throws CliError USAGE when it is outside, hidden, no regular file, or not named like a catalog
   */
  async catalog(name: string): Promise<string> {
    const path = resolve(this.#first(), name);
    const real = await realpath(path).catch(() => undefined);
    // The same words for what is not there and what is outside: an assistant learns nothing of other folders.
    if (real === undefined) throw this.#refusal(name);
    this.#check(name, real);
    const found = await lstat(real);
    if (!found.isFile()) throw new CliError(EXIT.USAGE, `${name} is no regular file: name the catalog itself.`);
    if (!CATALOG_ENDS.includes(extname(real).toLowerCase()))
      throw new CliError(EXIT.USAGE, `${name} is not named like a catalog: it must end in ${CATALOG_ENDS.join(", ")}.`);
    return real;
  }

  /**
   * Where an export is to be saved. Nothing that is there is replaced.
   * @param name as the assistant named it; undefined: `suggested`, in the first folder
   * @param suggested name from the API, of which only the last part counts
   * @throws CliError USAGE when it is outside, there already, or ends otherwise than `suggested`
   */
  async newFile(name: string | undefined, suggested: string): Promise<string> {
    const wanted = resolve(this.#first(), name ?? basename(suggested));
    const folder = await realpath(dirname(wanted)).catch(() => undefined);
    if (folder === undefined) throw this.#refusal(name ?? suggested);
    const file = join(folder, basename(wanted));
    this.#check(name ?? suggested, file);
    if (extname(file) !== extname(suggested))
      throw new CliError(EXIT.USAGE, `The name of this export must end in ${extname(suggested)}.`);
    for (const path of [file, `${file}.part`]) {
      if ((await whatIsThere(path)) !== "nothing")
        throw new CliError(EXIT.USAGE, `${path} is there already. Name another file; nothing is replaced.`);
    }
    return file;
  }

  #first(): string {
    const [first] = this.#folders;
    if (first !== undefined) return first;
    throw new CliError(
      EXIT.USAGE,
      "No folder is allowed: the server was started in a home or root folder. The person who set it up must name one: enrichline mcp --allow-folder FOLDER",
    );
  }

  #check(name: string, path: string): void {
    const folder = this.#folders.find((one) => isWithin(one, path));
    if (folder === undefined) throw this.#refusal(name);
    if (
      relative(folder, path)
        .split(sep)
        .some((part) => part.startsWith("."))
    )
      throw new CliError(EXIT.USAGE, `${name} is hidden: hidden files and folders are not touched.`);
  }

  #refusal(name: string): CliError {
    return new CliError(
      EXIT.USAGE,
      `${name} is not there, or not in an allowed folder. Allowed: ${this.#folders.join(", ")}. More: enrichline mcp --allow-folder FOLDER`,
    );
  }
}
