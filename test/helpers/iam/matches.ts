const patterns = new Map<string, RegExp>();

/** Whether a pattern of a policy covers a value: `*` stands for any text and `?` for one character, as in IAM. */
export const matches = (pattern: string, value: string): boolean => {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    compiled = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
    patterns.set(pattern, compiled);
  }
  return compiled.test(value);
};
