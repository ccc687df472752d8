import { type Command, InvalidArgumentError, Option } from "commander";
import { type Scope, ScopeSchema } from "../../../lambdas/common/core/access/scopes.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { type Key, KeySchema, NewKeySchema } from "../../../lambdas/common/core/contract/access/keys.ts";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { DAY_MS } from "../../../lambdas/common/core/durations.ts";
import { inPath } from "../../api/in-path.ts";
import { jsonBody } from "../../api/json-body.ts";
import { EXIT } from "../../cli-error.ts";
import { formatMoment } from "../../output/format-moment.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";
import { cursorOption, limitOption, moreHint } from "../page-options.ts";

interface CreateOptions extends CommonOptions {
  readonly scope: readonly Scope[];
  readonly expires?: string;
}

interface ListOptions extends CommonOptions {
  readonly limit: string;
  readonly cursor?: string;
}

const DAYS = /^(\d{1,4})d$/;

/** A time as `90d` from now or as a date or time in ISO form; the API says whether it is in the future. */
const endOf = (text: string, nowMs: number): string => {
  const [, days] = DAYS.exec(text) ?? [];
  return isoTime(days === undefined ? Date.parse(text) : nowMs + Number(days) * DAY_MS);
};

const keyRow = (key: Key, nowMs: number): string[] => [
  key.key_id,
  key.name,
  key.scopes.join(" "),
  key.state,
  key.valid_until === null ? "-" : formatMoment(key.valid_until, nowMs),
  key.last_used_at === null ? "never" : formatMoment(key.last_used_at, nowMs),
];

const addCreate = (keys: Command, run: RunCommand): void => {
  keys
    .command("create")
    .description("make a key that lets a program call the API as you; it is shown once")
    .argument("<name>", "what it is for, such as 'nightly upload'")
    .addOption(
      new Option("--scope <scope...>", "what it may do: read, upload, operate; none includes another")
        .choices(ScopeSchema.options)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--expires <when>", "when it ends by itself: 90d, or a date such as 2027-06-30").argParser((text) => {
        if (DAYS.test(text) || !Number.isNaN(Date.parse(text))) return text;
        throw new InvalidArgumentError("It must be a number of days such as 90d, or a date such as 2027-06-30.");
      }),
    )
    .action(async (name: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>();
      await run(options, async ({ io, api, json, target }) => {
        const { scope, expires } = options;
        const valid_until = expires === undefined ? null : endOf(expires, io.now());
        const made = await api.call({
          method: "POST",
          path: "/keys",
          ...jsonBody({ name, scopes: [...new Set(scope)], valid_until }),
          answer: NewKeySchema,
        });
        if (json) {
          printJson(io, made);
          return EXIT.OK;
        }
        io.out(`${made.key}\n`);
        io.err(
          `This is ${made.key_id}. It is shown once: keep it where your program finds it, and nowhere else.\n` +
            `Use it with: ENRICHLINE_API_URL=${target.apiUrl} ENRICHLINE_API_KEY=<key> enrichline …\n` +
            `or with: curl -H "Authorization: Bearer <key>" ${target.apiUrl}/catalogs\n` +
            `End it with: enrichline keys revoke ${made.key_id}\n`,
        );
        return EXIT.OK;
      });
    });
};

/** Adds `keys create|list|revoke`. */
export const addKeys = (program: Command, run: RunCommand): void => {
  const keys = program.command("keys").description("keys that let programs call the API as you");
  addCreate(keys, run);
  const list = keys
    .command("list")
    .description("list your keys, newest first, without their secrets")
    .addOption(limitOption())
    .addOption(cursorOption());
  showAnswer(list, run, {
    ask: ({ api }, { limit, cursor }: ListOptions) =>
      api.call({ path: "/keys", query: { limit, cursor }, answer: pageOf(KeySchema) }),
    print: (io, { items, next_cursor }) => {
      const rows = items.map((key) => keyRow(key, io.now()));
      io.out(formatTable(["key", "name", "may", "state", "ends", "last used"], rows));
      io.err(moreHint(next_cursor));
    },
  });
  const revoke = keys
    .command("revoke")
    .description("end a key for ever; it lets nobody in within a minute")
    .argument("<key>", "its id, as list shows it");
  showAnswer(revoke, run, {
    ask: ({ api }, _: CommonOptions, [keyId = ""]) =>
      api.call({ method: "DELETE", path: `/keys/${inPath(keyId)}`, answer: KeySchema }),
    print: (io, { key_id, name }) => io.out(`${key_id} (${name}) is revoked; within a minute it lets nobody in.\n`),
  });
};
