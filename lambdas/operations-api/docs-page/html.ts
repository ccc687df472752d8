/** Text that is HTML already; everything else is escaped when it becomes part of some. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a piece of HTML; nothing is left of null. */
type Piece = string | number | Html | null | readonly Piece[];

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const textOf = (piece: Piece): string => {
  if (piece === null) return "";
  if (piece instanceof Html) return piece.text;
  return typeof piece === "object" ? piece.map(textOf).join("") : escaped(String(piece));
};

/** Template of HTML: what is put in is escaped, in texts and in quoted attributes alike, unless it is `Html` itself. */
export const html = (texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html =>
  new Html(texts.map((text, index) => text + textOf(pieces[index] ?? null)).join(""));

/** Pieces with something between them. */
export const joined = (pieces: readonly Html[], between: Html): Html =>
  html`${pieces.map((piece, index) => (index === 0 ? piece : html`${between}${piece}`))}`;
