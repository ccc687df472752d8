import type { Phrases } from "./phrases.ts";

const THERE = "(?:auf lager|am lager|vorrätig|lieferbar|verfügbar|erhältlich)";

/** German: DE. */
export const GERMAN: Phrases = {
  months: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" "),
  monthBefore: ["im", "ab", "bis", "seit", "anfang", "mitte", "ende"],
  monthAfter: [],
  orderable: ["jetzt bestellen.{0,10} wir liefern", "bestellen sie jetzt,? (?:und )?wir", "bestellbar, sobald"],
  outOfStock: [
    "nicht (?:mehr )?<w>(?:auf lager|am lager|ab lager|in lager|lagernd|vorrätig)",
    "(?<!(?:fast|beinahe|bald) )(?:ausverkauft|vergriffen)",
    "kein(?:e|en)? (?:lager)?(?:bestand|vorrat|exemplare)",
    "bestand erschöpft",
  ],
  unavailable: [
    "(?<!noch )nicht <w>(?:lieferbar|verfügbar|erhältlich|bestellbar|im angebot|im sortiment)",
    "noch nicht (?:lieferbar|verfügbar|erhältlich)(?!.{0,200}vorbestell)",
    "unbekannt, (?:ob|wann)",
  ],
  preorder: [
    "vorbestell",
    "(?:noch|bisher) nicht (?:erschienen|veröffentlicht)",
    "erscheint (?:am|im|voraussichtlich|demnächst|in kürze)",
    "erscheinungstermin",
    "wird (?:am|im) <when>[^.]{0,8}(?:erscheinen|veröffentlicht)",
  ],
  backorder: [
    "nachbestellt",
    "auf bestellung",
    "(?:ist|wird) <w>bestellt",
    "bestellware",
    `(?:wieder )?${THERE} (?:wieder )?(?:ab|am) <when>`,
    `ab <when>[^.,;]{0,15}${THERE}`,
    `am <when>[^.,;]{0,12}(?:wieder )${THERE}`,
    `(?:bald|demnächst|in kürze) (?:wieder )?${THERE}`,
    "(?:erwartet|nachschub) (?:am|ab|für|zum|im) <when>",
    "wieder auf lager ab",
  ],
  lowStock: [
    "nur (?:noch )?(?:<n>|wenige|ein|eine|einige|zwei|drei)(?!\\p{L}| ?tag| ?stund| ?€)",
    "noch <n> (?:stück |exemplare? )?(?:auf lager|vorrätig|verfügbar)",
    "(?:letzte|letztes|letzten) (?:stück|exemplar|artikel)",
    "(?:fast|beinahe) (?:ausverkauft|vergriffen)",
    "(?:geringer|niedriger|knapper) (?:lager)?bestand",
  ],
  inStock: [
    "auf lager",
    "(?:am|ab) lager(?!\\p{L})",
    "lagernd(?!\\p{L})",
    "vorrätig(?!\\p{L})",
    "versandfertig",
    "(?:sofort )?lieferbar(?!\\p{L})",
    "(?:sofort )?verfügbar(?!\\p{L})",
    "erhältlich(?!\\p{L})",
  ],
  sellers: [
    "(?:erhältlich|verfügbar|lieferbar) (?:bei|von) (?:diesen|anderen|folgenden) (?:anbietern|verkäufern|händlern)",
  ],
  elsewhere: [
    "nicht (?:an (?!lager)|nach |in (?:das|die|den|dein|ihr))[^.!]{0,80}(?:liefer|versand|versend|verschick|zugestell)",
    "(?:liefer|versend|verschick|versand)\\p{L}{1,4} [^.!]{0,60}nicht (?:an (?!lager)|nach )",
    "kein verkäufer (?:liefer|versend)",
    "nicht (?:verfügbar|lieferbar|erhältlich) (?:an|für|in) (?:ihre|deine|ihrem|deinem|der ausgewählten|dem ausgewählten|diesem|dieser)",
    "andere[nrs]? (?:liefer\\p{L}{2,8}|ort|adresse)(?: \\p{L}{2,8})?[.!]?$",
  ],
  unfeatured: ["keine? (?:hervorgehoben|ausgewählt|empfohlen|vorgestellt)\\p{L}{1,2} angebote?"],
  choose: [
    "(?:wählen|wähle)(?: sie)?[^.!]{0,24} (?:größe|farbe|option|variante|stil)",
    "(?:größe|farbe|variante|stil) (?:aus)?wählen",
    "zum kauf\\p{L}{0,3}[^.!]{0,12}(?:aus)?wählen",
  ],
  refurbished: ["generalüberholt", "refurbished", "wiederaufbereitet", "erneuert"],
  used: ["gebraucht"],
  rental: ["(?:aus)?leihen", "mieten"],
  brand: ["marke(?:nname)?"],
  manufacturer: ["hersteller"],
  store: ["besuche(?:n sie)? den (.{1,120}?)[- ](?:store|shop)"],
  back: ["zurück zu den (?:such)?ergebnissen", "zurück zur (?:suche|ergebnisliste)"],
  notFound: ["seite (?:wurde )?nicht gefunden"],
  wrong: ["es ist ein fehler aufgetreten"],
  reload: [
    "(?:die|diese) seite (?:neu|erneut)(?: zu)? laden",
    "lad(?:e|en sie) (?:die|diese) seite (?:neu|erneut)",
    "seite (?:aktualisieren|neu laden)",
  ],
};
