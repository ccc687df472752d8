import { ASIN_CHARACTERS } from "../../../products/asin.ts";
import { isAddress } from "../cells/amazon-address.ts";
import { readAsinCell } from "../cells/asin-cell.ts";
import { trimCell } from "../cells/cell-text.ts";
import { asinsGlued, asinsNamed, isSureAsin } from "../cells/name-asins.ts";
import { mayName, piecesOf } from "../cells/product-cell.ts";

/** Query and fragment of an address. */
const QUERY = /[?#].*$/s;
/** An ASIN that a missing delimiter left at the end of a query; identifiers of visits may end like one by chance. */
const GLUED_QUERY = /(?:[?&](?:psc|th)=\d|[?&]url=[^&?]*[A-Z0-9]|\/(?:B0[A-Z0-9]{8}|\d{9}[\dX]))(B0[A-Z0-9]{8})$/i;

/** ASINs that stick to the address of another product. */
const gluedTo = (address: string): string[] => {
  const query = GLUED_QUERY.exec(address)?.[1];
  return [...asinsGlued(address.replace(QUERY, "")), ...(query === undefined ? [] : [query.toUpperCase()])];
};

/** Names in a text without separators: of an address its own, unless it cannot be read. */
const namesOfPiece = (piece: string): string[] => {
  const read = readAsinCell(piece, false);
  if (read.ok) return piece.length === ASIN_CHARACTERS ? [read.asin] : [read.asin, ...gluedTo(piece)];
  const named = asinsNamed(piece.replace(QUERY, "")).filter(isSureAsin);
  return [...(named.length > 0 ? named : asinsNamed(piece).filter(isSureAsin)), ...asinsGlued(piece)];
};

/** Whether a text ends in another ASIN than the one that was read of it. */
export const endsInOther = (text: string, asin: string): boolean => {
  if (text.length === ASIN_CHARACTERS) return false;
  const end = text.slice(-ASIN_CHARACTERS).toUpperCase();
  return end.startsWith("B0") && end !== asin;
};

/** What a cell in the place of a product names, whatever stands around it; none of an address that is read as a whole. */
export const namesOfPlace = (cell: string): string[] => (mayName(cell) ? piecesOf(cell).flatMap(namesOfPiece) : []);

/** What the half of an ASIN or of an address has, and a word has not. */
const HALF = /[\d/:]/;
/** The way to a product in an address, plain or in code. */
const PAGE = /(?:\/|%2F)(?:dp|d|gp|o|exec|obidos|product|asin)(?:\/|%2F)/i;
/** The same, torn within the last word before the product. */
const PAGE_END = /^[a-z]{0,7}(?:\/|%2F)B0[A-Z0-9]{8}(?![A-Z0-9])/;
/** The beginning of an address that ends within its host. */
const HEAD = /^https?:?\/{0,2}[a-z.]{0,10}$/i;
/** What is left of a shop's host when its beginning is missing. */
const HOST_END = /^(?:w{0,2}\.)?(?:m?azon|zon|on|n)\.[a-z.]{2,6}\//i;

/** The end of an address that begins with the product. */
const TAIL = /^(?:B0[A-Z0-9]{8}|\d{9}[\dX])[/?]/i;
const SHOP_WITHOUT_SCHEME = /^(?!https?:)[a-z]{1,8}:\/\/.{0,20}amazon\./i;

/** Whether a text without separators is a part of a product's address and no address. */
const isTornPiece = (piece: string): boolean =>
  HEAD.test(piece) ||
  TAIL.test(piece) ||
  PAGE_END.test(piece) ||
  (PAGE.test(piece) && (!isAddress(piece) || HOST_END.test(piece) || SHOP_WITHOUT_SCHEME.test(piece)));

/** What a cell is of which nobody knows whether it is in its place. */
interface StrayNames {
  readonly asins: readonly string[];
  /** Whether a part of an address is among them. */
  readonly isTorn: boolean;
  /** Whether that, or what may be a half of an ASIN, is among them: a cell that was torn in two. */
  readonly hasHalf: boolean;
}

/**
 * What a cell names that no product is expected in: products alone, or with a piece of one beside them; and ASINs that
 * stick to other text. Words that speak of a product name none.
 */
export const namesOfStray = (cell: string): StrayNames => {
  if (!mayName(cell)) return { asins: [], isTorn: false, hasHalf: false };
  const pieces = piecesOf(cell).map((piece) => ({ names: namesOfPiece(piece), isTorn: isTornPiece(piece), piece }));
  const isTorn = pieces.some((one) => one.isTorn);
  const products = pieces.filter(({ names }) => names.length > 0).length;
  const others = pieces.filter((one) => one.names.length === 0 && !one.isTorn);
  const isHalf = others.some(({ piece }) => HALF.test(piece));
  const isOneWord = !/\s/.test(trimCell(cell));
  const isAddressed = pieces.some((one) => one.names.length > 0 && one.piece.includes("/"));
  const isList = others.length === 0 || isHalf || isTorn || products > 1 || isOneWord || isAddressed;
  return products > 0 && others.length <= (isOneWord ? 3 : 1) && isList
    ? {
        asins: pieces.flatMap(({ names }) => names),
        isTorn,
        hasHalf: isTorn || isHalf || (products > 1 && others.length > 0),
      }
    : { asins: asinsGlued(cell), isTorn: false, hasHalf: false };
};

/** Characters of a cell that are searched where no product is expected. */
const SEARCHED_CHARACTERS = 1_000;
const isQuote = (character: string | undefined): boolean => character === '"';
const isSeparator = (character: string | undefined): boolean => /^[,;|]$/.test(character ?? "");

/** An address that sticks to the text before it. */
const JOINED = /[A-Z0-9]https?:\/\//i;

const QUOTE = 0x22;
const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0xa0;
const isMark = (code: number): boolean => code === 0x2c || code === 0x3b || code === 0x7c;

/** Whether a cell may be a part of a torn one or of a list; quick, since it is asked of every cell of a file. */
export const mayBeTorn = (cell: string): boolean => {
  const first = cell.charCodeAt(0);
  return (
    isBlank(first) ||
    isMark(first) ||
    (first === QUOTE) !== (cell.charCodeAt(cell.length - 1) === QUOTE) ||
    cell.includes("/") ||
    cell.includes("%2F")
  );
};

/**
 * ASINs of a cell that no table has as it stands: of an address without its beginning, of a list that begins with a
 * separator, or with a quote on one side.
 */
export const namesOfTorn = (cell: string): readonly string[] => {
  const text = trimCell(cell.slice(0, SEARCHED_CHARACTERS));
  const isOpen = isSeparator(text[0]) || isQuote(text[0]) !== isQuote(text.at(-1));
  // A path alone is an address on its own page.
  if (!isOpen && text.startsWith("/") && !/\s/.test(text)) return [];
  if (JOINED.test(text)) return namesOfPlace(text);
  const { asins, isTorn, hasHalf } = namesOfStray(text);
  return isTorn || (isOpen && !hasHalf) ? asins : [];
};
