import type { AvailabilityWords } from "./words.ts";

const NOT = "(?:not|no longer|never|isn't|aren't|cannot be)";

/** English: US, UK, CA, IE, AU, SG, IN, AE. */
export const ENGLISH: AvailabilityWords = {
  months: [
    ..."January February March April May June".split(" "),
    ..."July August September October November December".split(" "),
  ],
  orderable: ["(?<!pre-?)order now and we(?:'ll| will)", "(?<!pre-?)order (?:it )?now.{0,40}when (?:it is )?available"],
  out_of_stock: [
    "out[ -]of[ -]stock",
    "(?<!(?:almost|nearly|about|soon) )sold[ -]out",
    `${NOT} <w>in stock`,
    "(?:no|none|nothing|(?<![0-9])0) (?:(?:left|more) )?(?:in )?stock",
    "no (?:copies|units|items) left",
  ],
  unavailable: [
    "unavailable",
    `${NOT} (?!yet )<w>(?:available|for sale|sold|offered|stocked)`,
    "not yet available(?!.*pre-?order)",
    "don't know (?:when|if)",
    "no featured offers available",
    "discontinued",
  ],
  preorder: [
    "pre-?order",
    "available for pre-",
    "not (?:yet )?(?:been )?(?:released|published)(?: yet)?",
    "(?:will be|to be|is due to be) (?:released|published)",
    "releases (?:on|in) ",
    "coming soon",
    "coming (?:on|in) <when>",
  ],
  backorder: [
    "back-?order",
    "in stock (?:on|from|by|after|soon|in <n>)",
    "in stock (?:again )?<when>",
    "expected (?:to be )?(?:back )?(?:in stock|to arrive|to ship|on <when>|in <when>)",
    "available (?:again )?(?:from|on|as of|after|starting|in) <when>",
    "available soon",
    "available (?:to|on|by) (?:special )?(?:order|request)",
    "(?:made|printed|built) to order",
    "special order",
    "on order",
    "from <when>[^.,;]{0,15}(?:available|in stock)",
  ],
  low_stock: [
    "only (?:<n>|an? \\p{L}+|few|one|two|three|four|five)(?: [\\p{L}()]+){0,3}? (?:left|remain|available|in stock)",
    "(?:<n>|few|last one) (?!hour|hr|min|day)(?:[\\p{L}()]+ ){0,2}(?:left|remaining)",
    "low (?:in |on )?stock",
    "(?:running|stock is) low",
    "limited (?:stock|quantit|availability)",
    "last (?:one|few|item|piece|cop)",
    "(?:almost|nearly) (?:gone|sold)",
  ],
  in_stock: [
    "in stock",
    "available (?:now|immediately|instantly|today|to ship|to buy|for (?:immediate )?(?:delivery|dispatch|shipping))",
    "(?:^|is |now )available[.!]?$",
    "usually (?:ships|dispatched|shipped|despatched)",
    "(?:ships|dispatched|despatched|shipped) (?:within|in <n>)",
    "ready to (?:ship|dispatch)",
    "arrives in",
  ],
};
