/** How the repetitions of a pattern stand to each other. */
export interface PatternForm {
  /** Repetitions without an upper bound. */
  readonly unbounded: number;
  /** Whether one of them repeats another, so that a text can be split among them in many ways. */
  readonly nested: boolean;
}

interface Atom {
  readonly text: string;
  readonly inner: readonly Atom[];
  readonly unbounded: boolean;
  /** Fewest and most repetitions; of an unbounded one both are 1, because its length is counted apart. */
  readonly times: readonly [least: number, most: number];
}

const QUANTIFIER = /^(?:[*+?]|\{\d{1,6}(?:,\d{0,6})?\})\??/;

const timesOf = (quantifier: string): readonly [number, number] => {
  if (quantifier.startsWith("?")) return [0, 1];
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(quantifier) ?? [];
  if (least === undefined || (comma === "," && most === "")) return [1, 1];
  return [Number(least), Number(comma === "," ? most : least)];
};

/** Reads the atoms of a pattern from a place on, to the end of its group. */
const readAtoms = (source: string, from: number): { readonly atoms: Atom[]; readonly end: number } => {
  const atoms: Atom[] = [];
  let at = from;
  while (at < source.length && source[at] !== ")") {
    const start = at;
    let inner: readonly Atom[] = [];
    const char = source[at];
    if (char === "[") {
      for (at += 1; source[at] !== "]"; at += 1) if (source[at] === "\\") at += 1;
      at += 1;
    } else if (char === "(") {
      const opening = /^\((?:\?(?:[:=!]|<[=!]|<\w{1,40}>))?/.exec(source.slice(at))?.[0] ?? "(";
      const group = readAtoms(source, at + opening.length);
      inner = group.atoms;
      at = group.end + 1;
    } else if (char === "\\") {
      at += /^\\[pPu]\{/.test(source.slice(at, at + 3)) ? source.slice(at).indexOf("}") + 1 : 2;
    } else at += 1;
    const text = source.slice(start, at);
    const quantifier = QUANTIFIER.exec(source.slice(at))?.[0] ?? "";
    at += quantifier.length;
    atoms.push({ text, inner, unbounded: /^[*+]|,\}/.test(quantifier), times: timesOf(quantifier) });
  }
  return { atoms, end: at };
};

const all = (atoms: readonly Atom[]): Atom[] => atoms.flatMap((atom) => [atom, ...all(atom.inner)]);

/**
 * Whether each repetition of a group begins with a fixed character that the repetitions within cannot take, as in
 * `(?:\\.[^"\\]*)*`: then a text can be split among them in one way only.
 */
const isUnrolled = ({ inner: [first, ...rest] }: Atom): boolean =>
  first !== undefined &&
  !first.unbounded &&
  first.inner.length === 0 &&
  /^\\[^a-zA-Z]$/.test(first.text) &&
  all(rest).every(({ text, unbounded }) => !unbounded || (text.startsWith("[^") && text.includes(first.text)));

/** Above this it does not matter how many. */
const MANY = 1e12;

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
const accepts = ({ text }: Atom, flags = "i"): readonly string[] => {
  const one = new RegExp(`^(?:${text})$`, /\\[pP]\{/.test(text) ? `${flags}u` : flags);
  return ASCII.filter((char) => one.test(char));
};

/** Whether a repeated character can be no part of what must follow it, so that it ends at one place only. */
const endsAtOnePlace = (atom: Atom, next: Atom | undefined): boolean => {
  if (!next || atom.inner.length > 0 || next.inner.length > 0 || next.times[0] === 0 || next.text === "|") return false;
  const own = new Set(accepts(atom));
  return own.size > 0 && !accepts(next).some((char) => own.has(char));
};

const waysOfAtom = (atom: Atom, next: Atom | undefined): number => {
  const { inner, times } = atom;
  const [least, most] = times;
  if (most > 1 && endsAtOnePlace(atom, next)) return 1;
  const each = inner.length === 0 ? 1 : waysOfAll(inner);
  if (each <= 1) return most - least + 1;
  let ways = 0;
  for (let count = least; count <= most && ways < MANY; count += 1) ways += each ** count;
  return Math.min(ways, MANY);
};

const waysOfAll = (atoms: readonly Atom[]): number => {
  const sums = [1];
  for (const [index, atom] of atoms.entries()) {
    if (atom.text === "|") sums.push(1);
    else sums.push(Math.min(MANY, (sums.pop() ?? 1) * waysOfAtom(atom, atoms[index + 1])));
  }
  return sums.reduce((sum, ways) => sum + ways, 0);
};

/**
 * In how many ways a pattern may be tried at one place of a text, at most, by its bounded repetitions: a linear pattern costs
 * up to so many steps for each character. 1 for one that is tried at the start of the text only.
 */
export const waysAtAPlace = (source: string): number => {
  const { atoms } = readAtoms(source, 0);
  return source.startsWith("^") && atoms.every(({ text }) => text !== "|") ? 1 : waysOfAll(atoms);
};

/** The form of a pattern's source. */
export const patternForm = (source: string): PatternForm => {
  const atoms = all(readAtoms(source, 0).atoms);
  const repeated = atoms.filter(({ unbounded }) => unbounded);
  const nested = repeated.some((atom) => all(atom.inner).some(({ unbounded }) => unbounded) && !isUnrolled(atom));
  return { unbounded: repeated.length, nested };
};

/**
 * Whether a pattern costs no more than a fixed number of steps for each character of any text, by its form alone: it
 * repeats nothing without a bound, or nothing follows its one repetition, so that no end has to be tried, or it begins at
 * the start of the text and has one repetition.
 */
export const isLinear = (source: string, flags = ""): boolean => {
  const { unbounded, nested } = patternForm(source);
  if (unbounded === 0) return true;
  if (unbounded > 1 || nested) return false;
  const { atoms } = readAtoms(source, 0);
  const isLast = atoms.at(-1)?.unbounded === true && atoms.every(({ text }) => text !== "|");
  if (isLast) return true;
  return source.startsWith("^") && !source.includes("|") && !flags.includes("m");
};
