import { type Command, Option } from "commander";
import type * as z from "zod";
import { FeedFieldsSchema } from "../../../lambdas/common/core/access/feed.ts";
import {
  FeedListSchema,
  type FeedRequestSchema,
  FeedSchema,
  NewFeedSchema,
} from "../../../lambdas/common/core/contract/access/feeds.ts";
import { inPath } from "../../api/in-path.ts";
import { jsonBody } from "../../api/json-body.ts";
import { EXIT } from "../../cli-error.ts";
import { formatMoment } from "../../output/format-moment.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";

interface CreateOptions extends CommonOptions {
  readonly fields: z.output<typeof FeedFieldsSchema>;
}

const pathOf = (catalogId: string): string => `/catalogs/${inPath(catalogId)}/feeds`;

const addCreate = (feeds: Command, run: RunCommand): void => {
  feeds
    .command("create")
    .description("make an address from which a spreadsheet fetches a catalog; it is shown once")
    .argument("<catalog>", "id of the catalog")
    .argument("<name>", "what it is for, such as 'price sheet'")
    .addOption(
      new Option("--fields <which>", "public: without what may not stand on a public site; all: what you see")
        .choices(FeedFieldsSchema.options)
        .default("public"),
    )
    .action(async (catalogId: string, name: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>();
      await run(options, async ({ io, api, json, target }) => {
        const request = { name, fields: options.fields } satisfies z.input<typeof FeedRequestSchema>;
        const made = await api.call({
          method: "POST",
          path: pathOf(catalogId),
          ...jsonBody(request),
          answer: NewFeedSchema,
        });
        const csvUrl = `${target.apiUrl}${made.csv_path}`;
        const jsonUrl = `${target.apiUrl}${made.json_path}`;
        if (json) {
          printJson(io, { ...made, csv_url: csvUrl, json_url: jsonUrl });
          return EXIT.OK;
        }
        io.out(`${csvUrl}\n`);
        io.err(
          `This is ${made.feed_id}. Its address is shown once, and who has it can read the feed without signing in.\n` +
            `In Google Sheets: =IMPORTDATA("<address>"). As JSON: the same address with .json at its end.\n` +
            `End it with: enrichline feeds revoke ${made.catalog_id} ${made.feed_id}\n`,
        );
        return EXIT.OK;
      });
    });
};

/** Adds `feeds create|list|revoke`. */
export const addFeeds = (program: Command, run: RunCommand): void => {
  const feeds = program.command("feeds").description("addresses from which spreadsheets fetch a catalog");
  addCreate(feeds, run);
  const list = feeds
    .command("list")
    .description("list the feeds of a catalog, newest first, without their addresses")
    .argument("<catalog>", "id of the catalog");
  showAnswer(list, run, {
    ask: ({ api }, _: CommonOptions, [catalogId = ""]) => api.call({ path: pathOf(catalogId), answer: FeedListSchema }),
    print: (io, { items }) => {
      const rows = items.map(({ feed_id, name, fields, created_at }) => [
        ...[feed_id, name, fields, formatMoment(created_at, io.now())],
      ]);
      io.out(formatTable(["feed", "name", "fields", "made"], rows));
    },
  });
  const revoke = feeds
    .command("revoke")
    .description("end a feed for ever; caches may answer for it for five minutes more")
    .argument("<catalog>", "id of the catalog")
    .argument("<feed>", "its id, as list shows it");
  showAnswer(revoke, run, {
    ask: ({ api }, _: CommonOptions, [catalogId = "", feedId = ""]) =>
      api.call({ method: "DELETE", path: `${pathOf(catalogId)}/${inPath(feedId)}`, answer: FeedSchema }),
    print: (io, { feed_id, name }) =>
      io.out(`${feed_id} (${name}) is revoked; caches may answer for it for five minutes more.\n`),
  });
};
