/** The rules of one robots.txt that apply to a robot. */
export type RobotsRules = readonly { readonly allow: boolean; readonly pattern: string }[];

interface Group {
  readonly agents: string[];
  readonly rules: { allow: boolean; pattern: string }[];
}

const parseGroups = (text: string): Group[] => {
  const groups: Group[] = [];
  let current: Group | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const match = /^\s*(user-agent|allow|disallow)\s*:\s*([^#]*)/i.exec(line);
    const [, name = "", value = ""] = match ?? [];
    if (!match) continue;
    if (name.toLowerCase() === "user-agent") {
      if (!current || current.rules.length > 0) {
        current = { agents: [], rules: [] };
        groups.push(current);
      }
      current.agents.push(value.trim().toLowerCase());
    } else if (current && value.trim() !== "") {
      current.rules.push({ allow: name.toLowerCase() === "allow", pattern: value.trim() });
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

const matches = (pattern: string, path: string): boolean => {
  const anchored = pattern.endsWith("$");
  const body = (anchored ? pattern.slice(0, -1) : pattern)
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${body}${anchored ? "$" : ""}`).test(path);
};

/** Whether a path with its query may be fetched: the longest matching rule decides, `Allow` wins a tie. */
export const isAllowed = (rules: RobotsRules, path: string): boolean => {
  const hits = rules.filter((rule) => matches(rule.pattern, path));
  const longest = Math.max(...hits.map((rule) => rule.pattern.length), 0);
  const decisive = hits.filter((rule) => rule.pattern.length === longest);
  return decisive.length === 0 || decisive.some((rule) => rule.allow);
};
