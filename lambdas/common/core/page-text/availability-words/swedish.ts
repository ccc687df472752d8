import type { AvailabilityWords } from "./words.ts";

const NOT = "(?:inte|ej|aldrig|icke)";

/** Swedish: SE. */
export const SWEDISH: AvailabilityWords = {
  months: "januari februari mars april maj juni juli augusti september oktober november december".split(" "),
  orderable: ["beställ (?:\\p{L}+ )?nu.{0,6} (?:vi|så) "],
  out_of_stock: [
    "(?:tillfälligt|helt|tyvärr|för närvarande) slut(?!\\p{L})",
    "(?<!(?:nästan|snart) )slut (?:i|på) (?:lager|lagret)",
    "(?<!(?:nästan|snart) )slutsål[dt]",
    `${NOT} <w>(?:i lager|på lager)`,
    "(?:inga|ingen) <w>(?:i lager|på lager|exemplar|kvar)",
    "^slut[.!]?$",
  ],
  unavailable: [
    `${NOT} (?!ännu )<w>(?:tillgänglig|till salu|till försäljning)`,
    `(?:ännu ${NOT}|${NOT} ännu) tillgänglig(?!.*(?:förbeställ|förhandsbok|förboka))`,
    "otillgänglig",
    `kan ${NOT} (?:beställas|köpas|levereras)`,
    "vet inte",
    "utgått|utgången",
  ],
  preorder: [
    "förbeställ",
    "förhands(?:bo[kc]|beställ)",
    "förboka",
    `(?:ännu ${NOT}|${NOT} ännu|${NOT}) (?:släppt|utgiven|utgivet|publicera|utkommen|utkommit)`,
    "(?:släpps|lanseras|utkommer|ges ut|publiceras) ",
    "(?:kommer snart|releasedatum|utgivningsdatum)",
  ],
  backorder: [
    "beställningsvara",
    "(?:på|vid) beställning",
    "restnoterad|restorder",
    "(?:i lager|på lager|tillgänglig(?:t|a)?) (?:igen )?(?:från|fr\\.o\\.m\\.|den|från och med|från den|igen|i) <when>",
    "(?:i lager|tillgänglig(?:t|a)?) <date>",
    "(?:från|den) <when>[^.,;]{0,15}(?:i lager|tillgänglig)",
    "snart (?:åter |tillbaka )?(?:i lager|tillgänglig)",
    "(?:i lager|tillgänglig(?:t|a)?) (?:snart|inom kort)",
    "(?:väntas|förväntas|beräknas) (?:\\p{L}+ ){0,2}(?:in|i lager|åter|<date>)",
    "åter i lager",
  ],
  low_stock: [
    "(?:endast|bara|blott) (?:<n>|en|ett|två|tre|några|ett fåtal)(?: \\p{L}+){0,2} (?:kvar|i lager|på lager|återstår|ex|st|tillgänglig)",
    "(?:endast|bara) <n>(?! ?(?:dag|timm|kr))",
    "(?:<n>|få|fåtal|några|ett fåtal)(?: \\p{L}+){0,2} kvar",
    "sista (?:exemplar|artikel|varan|<n>|stycke)",
    "(?:nästan|snart) slut",
    "(?:lågt lager|begränsat (?:lager|antal)|få i lager)",
  ],
  in_stock: [
    "(?:i|på) lager",
    "tillgänglig(?:t)?(?!\\p{L})",
    "(?:skickas|levereras|sänds) (?:\\p{L}+ )?inom",
    "redo att (?:skickas|levereras)",
  ],
};
