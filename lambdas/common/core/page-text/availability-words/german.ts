import type { AvailabilityWords } from "./words.ts";

const THERE = "(?:auf lager|am lager|vorrätig|lieferbar|verfügbar|erhältlich)";

/** German: DE. */
export const GERMAN: AvailabilityWords = {
  months: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" "),
  orderable: ["jetzt bestellen.{0,10} wir liefern", "bestellen sie jetzt,? (?:und )?wir", "bestellbar, sobald"],
  out_of_stock: [
    "nicht (?:mehr )?<w>(?:auf lager|am lager|ab lager|in lager|lagernd|vorrätig)",
    "(?<!(?:fast|beinahe|bald) )(?:ausverkauft|vergriffen)",
    "kein(?:e|en)? (?:lager)?(?:bestand|vorrat|exemplare)",
    "bestand erschöpft",
  ],
  unavailable: [
    "(?<!noch )nicht <w>(?:lieferbar|verfügbar|erhältlich|bestellbar|im angebot|im sortiment)",
    "noch nicht (?:lieferbar|verfügbar|erhältlich)(?!.*vorbestell)",
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
    `(?:wieder )?${THERE} (?:wieder )?ab <when>`,
    `ab <when>[^.,;]{0,15}${THERE}`,
    `am <when>[^.,;]{0,12}(?:wieder )${THERE}`,
    `(?:bald|demnächst|in kürze) (?:wieder )?${THERE}`,
    "(?:erwartet|nachschub) (?:am|ab|für|zum|im) <when>",
    "wieder auf lager ab",
  ],
  low_stock: [
    "nur (?:noch )?(?:<n>|wenige|ein|eine|einige|zwei|drei)(?!\\p{L}| ?tag| ?stund| ?€)",
    "noch <n> (?:stück |exemplare? )?(?:auf lager|vorrätig|verfügbar)",
    "(?:letzte|letztes|letzten) (?:stück|exemplar|artikel)",
    "(?:fast|beinahe) (?:ausverkauft|vergriffen)",
    "(?:geringer|niedriger|knapper) (?:lager)?bestand",
  ],
  in_stock: [
    "auf lager",
    "(?:am|ab) lager(?!\\p{L})",
    "lagernd(?!\\p{L})",
    "vorrätig(?!\\p{L})",
    "versandfertig",
    "(?:sofort )?lieferbar(?!\\p{L})",
    "(?:sofort )?verfügbar(?!\\p{L})",
    "erhältlich(?!\\p{L})",
  ],
};
