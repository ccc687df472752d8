import { randomNumbers } from "../shared/random-numbers.ts";

const WORDS = "Stainless Steel Water Bottle Kitchen Knife Set Wireless Charger Cotton Shirt Garden Hose Lamp".split(
  " ",
);

/** A CSV catalog in which 1 % of the rows repeat a product, 0.5 % are bad and a third of the titles are quoted. */
export function* csvLines(rows: number): Generator<string> {
  const random = randomNumbers(20_260_515);
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
