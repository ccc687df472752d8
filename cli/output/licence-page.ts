import type { LicenceReport } from "../../lambdas/common/core/contract/licences/report.ts";

/** A table of the page. */
export interface PageTable {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

type ReportedSource = LicenceReport["sources"][number];

const hours = (seconds: number | null): string => (seconds === null ? "without end" : `${seconds / 3_600} h`);
const yesNo = (value: boolean): string => (value ? "yes" : "no");
const count = (value: number | undefined): string => (value === undefined ? "not counted" : value.toLocaleString("en"));
const stateOf = ({ revocation_id, enabled }: ReportedSource): string => {
  if (revocation_id !== null) return "revoked";
  return enabled ? "asked" : "not asked";
};

/** The report as tables: what each source allows, what is held and ends, what was removed, and what the owner lifted. */
export const licenceTables = ({ sources, swept_exports }: LicenceReport): PageTable[] => [
  {
    title: "What each source allows",
    header: ["source", "state", "kept", "history", "prices on a site", "ratings on a site", "read on"],
    rows: sources.map((one) => [
      ...[one.source, stateOf(one), hours(one.licence.store_seconds), yesNo(one.licence.history)],
      ...[yesNo(one.licence.prices_public), yesNo(one.licence.ratings_public), one.licence.read_on],
    ]),
  },
  {
    title: "What is held",
    header: ["source", "products", "fields", "oldest field", "raw answers", "exports"],
    rows: sources.map(({ source, held }) => [
      ...[source, count(held?.products), count(held?.fields), held?.oldest ?? "none"],
      ...[count(held?.raw_answers), count(held?.exports)],
    ]),
  },
  {
    title: "What ends when (UTC)",
    header: ["hour", "source", "fields"],
    rows: sources
      .flatMap(({ source, held }) =>
        Object.entries(held?.ends ?? {}).map(([hour, fields]) => ({ hour, source, fields })),
      )
      .sort((one, other) => one.hour.localeCompare(other.hour))
      .map(({ hour, source, fields }) => [`${hour}:00`, source, count(fields)]),
  },
  {
    title: "What was removed because it ended",
    header: ["source", "fields", "raw answers", "since"],
    rows: [
      ...sources.map(({ source, swept }) => [
        ...[source, count(swept.fields), count(swept.raw_answers), swept.since ?? "nothing yet"],
      ]),
      ["exports of all sources", count(swept_exports), "", ""],
    ],
  },
  {
    title: "What was removed by revocations",
    header: ["source", "revocation", "state", "since", "fields", "products", "raw answers", "exports"],
    rows: sources.flatMap(({ revocations }) =>
      revocations.map(({ source, revocation_id, state, created_at, removed }) => [
        ...[source, revocation_id, state, created_at, count(removed.fields), count(removed.products)],
        ...[count(removed.raw_answers), count(removed.exports)],
      ]),
    ),
  },
  {
    title: "Acknowledgements of the owner",
    header: ["source", "rule", "who agreed, and when"],
    rows: sources.flatMap(({ source, acknowledgements }) =>
      acknowledgements.map(({ rule, sentence }) => [source, rule, sentence]),
    ),
  },
];

const dated = ({ stage, generated_at, counted_at }: LicenceReport): string =>
  `Stage ${stage}. Read at ${generated_at}. ${
    counted_at === null ? "What is held was not counted yet." : `What is held was counted at ${counted_at}.`
  }`;

const escapeMarkdown = (text: string): string => text.replace(/[\\|`*_<>[\]]/g, "\\$&").replace(/\s+/g, " ");
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

/** The report as a page in Markdown. */
export const licenceMarkdown = (report: LicenceReport): string => {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  const parts = licenceTables(report).map(({ title, header, rows }) =>
    rows.length === 0
      ? `## ${title}\n\nNothing.\n`
      : `## ${title}\n\n${[line(header), `|${header.map(() => " --- |").join("")}`, ...rows.map(line)].join("\n")}\n`,
  );
  return [`# Licence report\n\n${escapeMarkdown(dated(report))}\n`, ...parts].join("\n");
};

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc;vertical-align:top}";

/** The report as a page in HTML that loads nothing. */
export const licenceHtml = (report: LicenceReport): string => {
  const row = (cells: readonly string[], tag: "th" | "td"): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const parts = licenceTables(report).map(({ title, header, rows }) => {
    const body =
      rows.length === 0
        ? "<p>Nothing.</p>"
        : `<table><thead>${row(header, "th")}</thead><tbody>${rows.map((cells) => row(cells, "td")).join("\n")}</tbody></table>`;
    return `<h2>${escapeHtml(title)}</h2>\n${body}\n`;
  });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Licence report</title><style>${STYLE}</style></head>
<body>
<h1>Licence report</h1>
<p>${escapeHtml(dated(report))}</p>
${parts.join("")}</body>
</html>
`;
};
