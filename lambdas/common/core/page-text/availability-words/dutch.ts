import type { AvailabilityWords } from "./words.ts";

const THERE = "(?:op voorraad|leverbaar|beschikbaar|verkrijgbaar)";

/** Dutch: NL, BE. */
export const DUTCH: AvailabilityWords = {
  months: "januari februari maart april mei juni juli augustus september oktober november december".split(" "),
  orderable: ["bestel (?:het )?nu.{0,6} (?:wij|we|dan) "],
  out_of_stock: [
    "niet (?:meer )?<w>op voorraad",
    "(?<!(?:bijna|haast) )uitverkocht",
    "geen (?:voorraad|exemplaren|artikelen)",
    "(?:voorraad|voorraden) (?:is|zijn) (?:uitgeput|op)(?!\\p{L})",
  ],
  unavailable: [
    "(?<!nog )niet <w>(?:leverbaar|beschikbaar|verkrijgbaar|te koop|te bestellen)",
    "nog niet (?:leverbaar|beschikbaar|verkrijgbaar)(?!.*(?:pre-?order|reserve|voorbestel))",
    "onbeschikbaar",
    "weten niet",
  ],
  preorder: [
    "pre-?order",
    "voorbestel",
    "nu (?:te )?reserveren|reserveer nu",
    "nog niet (?:verschenen|uitgebracht|uitgegeven|uit)(?!\\p{L})",
    "(?:verschijnt|komt uit|wordt uitgebracht|wordt verwacht te verschijnen) (?:op|in|binnenkort)",
    "(?:verschijningsdatum|releasedatum)",
  ],
  backorder: [
    "op bestelling",
    "in (?:nabestelling|backorder)|nabesteld",
    `${THERE} (?:weer )?(?:vanaf|op|per|in) <when>`,
    `(?:vanaf|op|per) <when>[^.,;]{0,15}${THERE}`,
    `(?:binnenkort|spoedig) (?:weer )?${THERE}`,
    `${THERE} binnenkort`,
    "(?:verwacht|weer op voorraad) (?:op|in|vanaf|rond) ",
  ],
  low_stock: [
    "nog (?:maar|slechts) (?:<n>|een|één|twee|drie|enkele|een paar|weinig)",
    "(?:slechts|alleen nog|nog) (?:<n>|enkele|een paar) (?:\\p{L}+ )?(?:op voorraad|beschikbaar|over|leverbaar|stuks|exempl)",
    "slechts <n>",
    "laatste (?:exempla|stuk|artikel|<n>)",
    "bijna uitverkocht",
    "(?:beperkte|lage|weinig) voorraad",
  ],
  in_stock: [
    "(?:direct |onmiddellijk )?(?:op voorraad|leverbaar|beschikbaar|verkrijgbaar)(?!\\p{L})",
    "(?:gewoonlijk|meestal|doorgaans) (?:\\p{L}+ )?verzonden",
    "wordt (?:gewoonlijk|meestal) verzonden",
    "verzonden binnen",
  ],
};
