import type { CheerioAPI } from "cheerio/slim";
import { visibleText } from "./dom.ts";

/** How the shops write the brand's line; the first group is the brand. */
const BYLINES: readonly RegExp[] = [
  /^Visit the (.+?) Store$/i,
  /^Besuche den (.+?)[- ](?:Store|Shop)$/i,
  /^Visiter la boutique (?:de )?(.+)$/i,
  /^Visita la tienda de (.+)$/i,
  /^Visita lo Store (?:di )?(.+)$/i,
  /^Visite a loja (?:d[aeo] )?(.+)$/i,
  /^Bezoek de (.+?)[- ](?:Store|winkel)$/i,
  /^Bezoek de Store van (.+)$/i,
  /^Odwiedź sklep (?:marki )?(.+)$/i,
  /^Besök (?:butiken för )?(.+?)(?:[- ](?:butiken|Store))?$/i,
  /^(.+?) (?:Mağazasını|Store['’]u) ziyaret edin$/i,
  /^(.+?)のストアを表示$/,
  /^(?:تفضل بزيارة متجر|زيارة متجر|قم بزيارة متجر) (.+)$/,
  /^(?:Brand|Marke|Marque|Marca|Merk|Marka|Varumärke|ブランド|العلامة التجارية|ब्रांड)\s*[:：]\s*(.+)$/i,
];

/** Takes the brand out of a byline in any shop's language; a byline of its own kind is the brand itself. */
export const brandFromByline = (byline: string): string | null => {
  const line = byline
    .replace(/\p{Cf}/gu, "")
    .replace(/\s*\((?:em|in|en|auf|på|w) [^)]*\)$/i, "")
    .trim();
  const named = BYLINES.map((pattern) => pattern.exec(line)?.[1]?.trim()).find((brand) => brand);
  return named || line || null;
};

/** The brand; null for books, films and music, whose byline names people. */
export const readBrand = ($: CheerioAPI): string | null => {
  const byline = visibleText($, "#bylineInfo") || visibleText($, "#brand");
  const byPeople = $("#bylineInfo .author, #bylineInfo .contribution").length > 0;
  if (byline !== "" && !byPeople) return brandFromByline(byline);
  return visibleText($, ".po-brand td:nth-child(2)") || null;
};
