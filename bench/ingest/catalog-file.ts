/** Pseudo-random numbers from 0 to 1 by mulberry32, so that every run reads the same file. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const WORDS = "Stainless Steel Water Bottle Kitchen Knife Set Wireless Charger Cotton Shirt Garden Hose Lamp".split(
  " ",
);

/** A CSV catalog in which 1 % of the rows repeat a product, 0.5 % are bad and a third of the titles are quoted. */
export function* csvLines(rows: number): Generator<string> {
  const random = randomFrom(20_260_515);
  yield "asin,sku,title\n";
  let chunk = "";
  for (let row = 1; row <= rows; row++) {
    const number = random() < 0.01 ? Math.floor(random() * row) : row;
    const asin = random() < 0.005 ? `B0${number}` : `B0${number.toString(36).toUpperCase().padStart(8, "0")}`;
    const words = Array.from({ length: 12 }, () => WORDS[Math.floor(random() * WORDS.length)]);
    const title = random() < 0.33 ? `"${words.join(", ")} 12"" Édition"` : words.join(" ");
    chunk += `${asin},${row},${title}\n`;
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}
