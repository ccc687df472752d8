import type { AvailabilityWords } from "./words.ts";

/** Polish: PL. */
export const POLISH: AvailabilityWords = {
  months: [
    ..."stycznia lutego marca kwietnia maja czerwca".split(" "),
    ..."lipca sierpnia września października listopada grudnia".split(" "),
  ],
  orderable: ["zamów (?:już )?teraz.{0,6} (?:a |wyślemy|dostarczymy|my )"],
  out_of_stock: [
    "(?:chwilowo|tymczasowo|przejściowo) niedostępn\\p{L}+",
    "brak (?:w magazynie|na stanie|towaru|zapasów|sztuk|w ofercie)",
    "^brak[.!]?$",
    "(?<!(?:prawie|niemal) )(?:wyprzedan|wyczerpan)\\p{L}+",
    "nie (?:ma|ma już|jest|jest już|są)? ?<w>(?:w magazynie|na stanie|na magazynie)",
    "(?:zapas|nakład) (?:się )?wyczerpan\\p{L}*",
  ],
  unavailable: [
    "niedostępn(?:y|a|e|i|ych)",
    "(?<!jeszcze )nie(?: \\p{L}+){0,2} (?:dostępn|w sprzedaży|do kupienia)",
    "jeszcze nie(?: \\p{L}+)? dostępn\\p{L}+(?!.*przedsprzed)",
    "nie wiemy",
    "wycofan\\p{L}+",
  ],
  preorder: [
    "przedsprzeda",
    "pre-?order",
    "zamów (?:\\p{L}+ )?(?:przed premierą|wcześniej|z wyprzedzeniem)",
    "jeszcze (?:się )?nie (?:ukazał|został|miał|wydan)",
    "(?:premiera|data premiery|ukaże się|zostanie wydan)",
    "zapowiedź",
  ],
  backorder: [
    "na (?:zamówienie|życzenie)",
    "(?:dostępn[yaei]|w magazynie|na stanie) (?:znowu |ponownie )?(?:od|dopiero od|w dniu|w) <when>",
    "(?:dostępn[yaei]|w magazynie|na stanie) <date>",
    "od <when>[^.,;]{0,15}(?:dostępn|w magazynie)",
    "(?:wkrótce|niedługo|niebawem) (?:znowu |ponownie )?(?:dostępn|w magazynie|w sprzedaży)",
    "(?:dostępn[yaei]) (?:wkrótce|niedługo|niebawem)",
    "(?:oczekiwan|spodziewan)\\p{L}+ (?:dostaw|w magazynie|na|od|w) ?",
    "oczekiwanie na dostawę",
  ],
  low_stock: [
    "(?:pozostał|został)[oaye]? (?:już )?(?:tylko |jedynie |zaledwie )?(?:<n>|jedna|dwie|trzy|kilka|ostatni)",
    "(?:tylko|jedynie|zaledwie) (?:<n>|kilka|jedna) ?(?:sztuk|szt|egz|w magazynie|na stanie|dostępn|$)",
    "tylko <n>(?! ?(?:dn|dzie|godz|zł))",
    "ostatni(?:a|e|ch)? (?:sztuk|egzempl|<n>|szt)",
    "(?:prawie|niemal) (?:wyprzedan|wyczerpan)",
    "(?:mała|ograniczona|niewielka) (?:ilość|liczba|dostępność)",
  ],
  in_stock: [
    "dostępn[yae](?!\\p{L})",
    "w magazynie",
    "na (?:stanie|magazynie)",
    "(?:zwykle |zazwyczaj )?(?:wysyłka|wysyłan[yae]|wysyłamy) (?:w ciągu|w)",
    "od ręki",
  ],
};
