/** Bytes of an IPv6 address. An IPv4 address is the last four of them. */
const V6_BYTES = 16;
const V4_BYTES = 4;
const V4_PART = /^(?:0|[1-9][0-9]{0,2})$/;
const V6_GROUP = /^[0-9a-f]{1,4}$/i;

/** Four bytes of dotted decimal, the only form that resolvers and `URL` give; undefined for any other text. */
const v4Bytes = (text: string): number[] | undefined => {
  const parts = text.split(".");
  if (parts.length !== V4_BYTES || !parts.every((part) => V4_PART.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
};

const groupsOf = (text: string): number[] | undefined => {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    if (V6_GROUP.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
      continue;
    }
    // Dotted decimal may stand for the last two groups.
    const v4 = index === groups.length - 1 ? v4Bytes(group) : undefined;
    if (!v4) return undefined;
    bytes.push(...v4);
  }
  return bytes;
};

const v6Bytes = (text: string): number[] | undefined => {
  const halves = text.split("::");
  const [head = "", tail] = halves;
  // Dotted decimal before `::` is no last group.
  if (halves.length > 2 || (tail !== undefined && head.includes("."))) return undefined;
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  if (!before || !after) return undefined;
  const missing = V6_BYTES - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
};

/**
 * The bytes of an IP address: 4 or 16. Undefined for what is no address, and for one with a zone, which is never public.
 * @param text as a resolver gives it, without brackets
 */
export const addressBytes = (text: string): readonly number[] | undefined =>
  text.includes(":") ? v6Bytes(text) : v4Bytes(text);
