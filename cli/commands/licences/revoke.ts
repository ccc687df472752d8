import type { Command } from "commander";
import {
  type RevocationPreview,
  RevocationPreviewSchema,
  type RevocationView,
  RevocationViewSchema,
} from "../../../lambdas/common/core/contract/licences/revocation.ts";
import { SOURCE_IDS, type SourceId, SourceIdSchema } from "../../../lambdas/common/core/source-ids.ts";
import type { ApiClient } from "../../api/api-client.ts";
import { jsonBody } from "../../api/json-body.ts";
import { pause } from "../../api/poll.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { formatMoment } from "../../output/format-moment.ts";
import type { Io } from "../../output/io.ts";
import { REDRAW } from "../../output/progress-line.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";
import { countContent } from "./count-content.ts";

interface RevokeOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly cancel?: boolean;
  readonly dryRun?: boolean;
}

const sourceOf = (name: string): SourceId => {
  const source = SourceIdSchema.safeParse(name);
  if (source.success) return source.data;
  throw new CliError(EXIT.USAGE, `There is no source "${name}": use one of ${SOURCE_IDS.join(", ")}.`);
};

const preview = (api: ApiClient, source: SourceId): Promise<RevocationPreview> =>
  api.call({
    method: "POST",
    path: "/licences/revocations",
    ...jsonBody({ source, dry_run: true }),
    answer: RevocationPreviewSchema,
  });

const previewWords = ({ source, held, counted_at, enabled }: RevocationPreview): string => {
  const lines =
    held === null || counted_at === null
      ? ["It is not counted yet how much that is."]
      : [
          `  ${held.fields.toLocaleString("en")} fields of ${held.products.toLocaleString("en")} products`,
          `  ${held.raw_answers.toLocaleString("en")} raw answers`,
          `  ${held.exports.toLocaleString("en")} exports`,
          `as counted at ${counted_at}.`,
        ];
  const asked = enabled ? ` ${source} is not asked any more, until you end it with --cancel.` : "";
  return `All content of ${source} will be removed for good:\n${lines.join("\n")}${asked}\n`;
};

const show = (io: Io, { source, state, step, products_read, removed }: RevocationView, isRedrawn: boolean): void => {
  const { products, fields, changes, raw_answers, exports } = removed;
  const done = `removed: ${fields} fields of ${products} products, ${changes} changes of their history, ${raw_answers} raw answers, ${exports} exports`;
  const where = step === "products" ? `${products_read} products read` : step;
  io.err(`${isRedrawn ? REDRAW : ""}${source}: ${state} (${where}); ${done}${isRedrawn ? "" : "\n"}`);
};

/** Follows a revocation until what was stored is gone. Undefined after Ctrl-C, which leaves it going. */
const follow = async ({ io, api }: Pick<Session, "io" | "api">, id: string): Promise<RevocationView | undefined> => {
  let shown = "";
  for (;;) {
    const reading = api.call({ path: `/licences/revocations/${id}`, answer: RevocationViewSchema });
    const view = await reading.catch((error: unknown) => {
      // Whatever a broken-off call says, the user wants to leave.
      if (io.interrupted.aborted) return undefined;
      throw error;
    });
    if (!view) return undefined;
    const mark = JSON.stringify([view.state, view.step, view.removed, view.products_read]);
    if (mark !== shown) show(io, view, io.live);
    shown = mark;
    if (view.state !== "removing") {
      if (io.live) io.err("\n");
      return view;
    }
    await pause(io);
    if (io.interrupted.aborted) return undefined;
  }
};

const endWords = ({ source, state, settle_at }: RevocationView, nowMs: number): string => {
  if (state === "settling") {
    return `All that was stored of ${source} is removed, and nobody is given any of it. A last pass ${formatMoment(settle_at, nowMs)} removes what was being written meanwhile.`;
  }
  return state === "done" ? `Nothing of ${source} is left.` : `The revocation of ${source} was ended.`;
};

const begin = async (session: Session, source: SourceId, found: RevocationPreview): Promise<string> => {
  if (found.revocation_id !== null) return found.revocation_id;
  const { operatorApi } = session;
  try {
    const { revocation_id } = await operatorApi.call({
      method: "POST",
      path: "/licences/revocations",
      ...jsonBody({ source }),
      answer: RevocationViewSchema,
    });
    return revocation_id;
  } catch (error) {
    // The answer was lost and the call repeated, or somebody was faster.
    if (!(error instanceof CliError) || error.problem?.code !== "already_revoked") throw error;
    const { revocation_id } = await preview(operatorApi, source);
    if (revocation_id === null) throw error;
    return revocation_id;
  }
};

const cancel = async ({ operatorApi }: Session, source: SourceId): Promise<RevocationView> => {
  const { revocation_id } = await preview(operatorApi, source);
  if (revocation_id === null) throw new CliError(EXIT.NOT_FOUND, `${source} is not revoked.`);
  return operatorApi.call({
    method: "DELETE",
    path: `/licences/revocations/${revocation_id}`,
    answer: RevocationViewSchema,
  });
};

/** Asks, unless told to go ahead. @throws CliError when nobody can be asked, or the answer is not the source's name */
const confirm = async (io: Io, source: SourceId): Promise<void> => {
  if (!io.canAsk) throw new CliError(EXIT.USAGE, "Nobody can be asked here: add --yes to remove it.");
  const answer = await io.ask(`Type ${source} to remove it: `);
  if (answer.trim() !== source) throw new CliError(EXIT.USAGE, "Nothing was removed.");
};

/** Adds `licence revoke`. */
export const addRevoke = (licence: Command, run: RunCommand): void => {
  licence
    .command("revoke")
    .description(
      "remove all content of a source, and stop asking it; Ctrl-C leaves it going, the same command follows it",
    )
    .argument("<source>", "such as keepa")
    .option("--yes", "do not ask")
    .option("--dry-run", "count and say what would be removed, and stop there")
    .option("--cancel", "end the revocation; what was removed stays removed")
    .action(async (name: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<RevokeOptions>();
      await run(options, async (session) => {
        const { io, api, operatorApi, json } = session;
        const source = sourceOf(name);
        const report = (view: RevocationView): void =>
          json ? printJson(io, view) : io.out(`${endWords(view, io.now())}\n`);
        if (options.cancel) {
          report(await cancel(session, source));
          return EXIT.OK;
        }
        let found = await preview(operatorApi, source);
        if (found.revocation_id === null) {
          if (options.dryRun || !options.yes) {
            await countContent({ io, api });
            found = await preview(operatorApi, source);
          }
          if (options.dryRun) {
            if (json) printJson(io, found);
            else io.out(previewWords(found));
            return EXIT.OK;
          }
          io.err(previewWords(found));
          if (!options.yes) await confirm(io, source);
        }
        const id = await begin(session, source, found);
        const view = await follow({ io, api }, id);
        if (!view) {
          io.err(`${io.live ? "\n" : ""}Removal continues. Follow it with: enrichline licence revoke ${source}\n`);
          return EXIT.INTERRUPTED;
        }
        report(view);
        return EXIT.OK;
      });
    });
};
