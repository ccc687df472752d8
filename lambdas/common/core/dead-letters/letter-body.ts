/** Code units of a part of a body: at most 300,000 bytes of UTF-8, below the 400 KB of an item. */
const PART_UNITS = 100_000;

const isLeadSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** A body in parts that fit into items, none of which ends within a character. An empty body has one empty part. */
export const bodyParts = (body: string): string[] => {
  const parts: string[] = [];
  let from = 0;
  do {
    const end = Math.min(body.length, from + PART_UNITS);
    const cut = end < body.length && isLeadSurrogate(body.charCodeAt(end - 1)) ? end - 1 : end;
    parts.push(body.slice(from, cut));
    from = cut;
  } while (from < body.length);
  return parts;
};

/** Sort key of part `index` of a body. */
export const bodyPartKey = (index: number): string => `body#${String(index).padStart(2, "0")}`;
