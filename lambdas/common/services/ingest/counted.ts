/** A count with its noun, such as `1 row` or `1,200 rows`. */
export const counted = (number: number, one: string, many: string): string =>
  number === 1 ? `1 ${one}` : `${number.toLocaleString("en-US")} ${many}`;
