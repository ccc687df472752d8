import fc from "fast-check";

/** Encodings that hold all characters of a table. */
export type Letters = "ascii" | "western" | "japanese" | "any";

const WORDS = [
  "Blue mug",
  "plate",
  '12" ruler',
  "Tea, green",
  "knife; fork",
  "red|white",
  "(new)",
  "spoon",
  "N/A",
  "-5.00",
];
const LETTERS = {
  ascii: ["cup"],
  western: ["Größe", "Café crème", "Niño"],
  japanese: ["みどりのカップ", "お茶", "ｶｯﾌﾟ カップ"],
  any: ["Größe", "みどり", "🎁", "чай", "＝1+1"],
} as const;

/** What is beside a product in its row: words in these letters, quotes that nothing closes, and lines. */
export const tableTitle = (letters: Letters): fc.Arbitrary<string> => {
  const word = fc.constantFrom(...WORDS, ...LETTERS[letters]);
  const plain = fc.array(word, { minLength: 0, maxLength: 3 }).map((words) => words.join(" "));
  return fc.oneof(
    { weight: 4, arbitrary: plain },
    { weight: 1, arbitrary: plain.map((text) => `"${text}`) },
    { weight: 1, arbitrary: plain.map((text) => `${text}"`) },
    { weight: 1, arbitrary: plain.map((text) => `"${text}" x`) },
    { weight: 1, arbitrary: plain.map((text) => `two\n${text}\nlines`) },
  );
};
