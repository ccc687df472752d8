import { textStart } from "../../../core/page-text/text-start.ts";

/** The rules of one robots.txt that apply to a robot. */
export type RobotsRules = readonly { readonly allow: boolean; readonly pattern: string }[];

interface Group {
  readonly agents: string[];
  readonly rules: { allow: boolean; pattern: string }[];
}

/** Longest line that is read; paths of rules are far shorter. */
const MAX_LINE_CHARS = 2000;
const NAMES = new Set(["user-agent", "allow", "disallow"]);

/** Name and value of a line, without its comment; undefined for a line of another kind. */
const fieldOf = (line: string): { readonly name: string; readonly value: string } | undefined => {
  const [text = ""] = textStart(line, MAX_LINE_CHARS).split("#", 1);
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(colon, 0)).trim().toLowerCase();
  return NAMES.has(name) ? { name, value: text.slice(colon + 1).trim() } : undefined;
};

const parseGroups = (text: string): Group[] => {
  const groups: Group[] = [];
  let current: Group | undefined;
  for (const line of text.replaceAll("\r", "\n").split("\n")) {
    const field = fieldOf(line);
    if (!field) continue;
    if (field.name === "user-agent") {
      if (!current || current.rules.length > 0) {
        current = { agents: [], rules: [] };
        groups.push(current);
      }
      current.agents.push(field.value.toLowerCase());
    } else if (current && field.value !== "") {
      current.rules.push({ allow: field.name === "allow", pattern: field.value });
    } else current?.rules.push({ allow: true, pattern: "/" });
  }
  return groups;
};

/**
 * The rules for the robot called `agent`, in lower case: those of its own groups, else those for `*`.
 * @see https://www.rfc-editor.org/rfc/rfc9309
 */
export const robotsRulesFor = (text: string, agent: string): RobotsRules => {
  const groups = parseGroups(text);
  const named = groups.filter((group) => group.agents.includes(agent));
  return (named.length > 0 ? named : groups.filter((group) => group.agents.includes("*"))).flatMap(
    ({ rules }) => rules,
  );
};

/**
 * Whether a rule's pattern fits the start of a path, or all of it when it ends with `$`. The parts between its `*` are
 * looked for one after the other, so that a pattern of many costs no more than its length.
 */
const matches = (pattern: string, path: string): boolean => {
  const anchored = pattern.endsWith("$");
  const [start = "", ...parts] = (anchored ? pattern.slice(0, -1) : pattern).split("*");
  if (!path.startsWith(start)) return false;
  const last = anchored ? parts.pop() : undefined;
  let at = start.length;
  for (const part of parts) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  if (!anchored) return true;
  return last === undefined ? at === path.length : path.length - last.length >= at && path.endsWith(last);
};

/** Whether a path with its query may be fetched: the longest matching rule decides, `Allow` wins a tie. */
export const isAllowed = (rules: RobotsRules, path: string): boolean => {
  const hits = rules.filter((rule) => matches(rule.pattern, path));
  const longest = Math.max(...hits.map((rule) => rule.pattern.length), 0);
  const decisive = hits.filter((rule) => rule.pattern.length === longest);
  return decisive.length === 0 || decisive.some((rule) => rule.allow);
};
