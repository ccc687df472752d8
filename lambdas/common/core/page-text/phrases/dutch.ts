import type { Phrases } from "./phrases.ts";

const THERE = "(?:op voorraad|leverbaar|beschikbaar|verkrijgbaar)";

/** Dutch: NL, BE. */
export const DUTCH: Phrases = {
  months: "januari februari maart april mei juni juli augustus september oktober november december".split(" "),
  monthBefore: ["in", "vanaf", "tot", "sinds", "begin", "half", "medio", "eind"],
  monthAfter: [],
  orderable: ["bestel (?:het )?nu.{0,6} (?:wij|we|dan) "],
  outOfStock: [
    "niet (?:meer )?<w>op voorraad",
    "(?<!(?:bijna|haast) )uitverkocht",
    "geen (?:voorraad|exemplaren|artikelen)",
    "(?:voorraad|voorraden) (?:is|zijn) (?:uitgeput|op)(?!\\p{L})",
  ],
  unavailable: [
    "(?<!nog )niet <w>(?:leverbaar|beschikbaar|verkrijgbaar|te koop|te bestellen)",
    "nog niet (?:leverbaar|beschikbaar|verkrijgbaar)(?!.{0,200}(?:pre-?order|reserve|voorbestel))",
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
  lowStock: [
    "nog (?:maar|slechts) (?:<n>|een|één|twee|drie|enkele|een paar|weinig)",
    "(?:slechts|alleen nog|nog) (?:<n>|enkele|een paar) (?:\\p{L}{1,30} )?(?:op voorraad|beschikbaar|over|leverbaar|stuks|exempl)",
    "slechts <n>",
    "laatste (?:exempla|stuk|artikel|<n>)",
    "bijna uitverkocht",
    "(?:beperkte|lage|weinig) voorraad",
  ],
  inStock: [
    "(?:direct |onmiddellijk )?(?:op voorraad|leverbaar|beschikbaar|verkrijgbaar)(?!\\p{L})",
    "(?:gewoonlijk|meestal|doorgaans) (?:\\p{L}{1,30} )?verzonden",
    "wordt (?:gewoonlijk|meestal) verzonden",
    "verzonden binnen",
  ],
  sellers: [
    "(?:beschikbaar|verkrijgbaar|leverbaar) (?:bij|via|van) (?:deze|andere|de volgende) (?:verkopers|aanbieders)",
  ],
  elsewhere: [
    "niet (?:worden )?(?:verzonden|geleverd|bezorgd|verstuurd) (?:worden )?(?:naar|op|in|aan) ",
    "niet (?:naar |aan |op (?!voorraad))[^.!]{0,60}(?:verzonden|verzend|geleverd|bezorg|verstuurd)",
    "(?:verzendt|levert|bezorgt) (?:\\p{L}{1,12} ){0,3}niet (?:naar|op|in)",
    "geen (?:enkele )?verkoper[^.!]{0,20}(?:verzend|lever|bezorg)",
    "niet (?:beschikbaar|leverbaar|verkrijgbaar) (?:op|in|voor|naar) (?:je|jouw|uw|de geselecteerde|deze|het geselecteerde) ",
    "kies een ander\\p{L}{0,2} (?:bezorg|lever)?(?:locatie|adres)",
  ],
  unfeatured: ["geen (?:uitgelichte|aanbevolen|voorgestelde) aanbiedingen"],
  choose: ["(?:selecteer|kies)[^.!]{0,16} (?:maat|kleur|optie|formaat|stijl)"],
  refurbished: ["refurbished", "gereviseerd", "opgeknapt", "vernieuwd"],
  used: ["gebruikt", "tweedehands"],
  rental: ["huren"],
  brand: ["merk(?:naam)?"],
  manufacturer: ["fabrikant"],
  store: ["bezoek de (.{1,120}?)[- ](?:store|winkel)", "bezoek de store van (.{1,120})"],
  back: ["terug naar (?:de )?(?:zoek)?resultaten"],
  notFound: ["pagina niet gevonden"],
  wrong: ["er is iets (?:fout|mis)gegaan", "er is een fout opgetreden"],
  reload: ["(?:laad|vernieuw|ververs) (?:de|deze) pagina"],
};
