import type { AvailabilityWords } from "./words.ts";

/** Italian: IT. */
export const ITALIAN: AvailabilityWords = {
  months: [
    ..."gennaio febbraio marzo aprile maggio giugno".split(" "),
    ..."luglio agosto settembre ottobre novembre dicembre".split(" "),
  ],
  orderable: ["ordina(?:lo)? (?:subito|ora|adesso).{0,6} (?:lo|e|ti|noi|sarà) (?:\\p{L}+ )?(?:spedi|consegn|invi)"],
  out_of_stock: [
    "temporaneamente non disponibile",
    "(?<!(?:quasi|presto) )esaurit[oaie]",
    "non <w>(?:in stock|in magazzino|a magazzino)",
    "(?:scorte|giacenze) (?:esaurite|terminate)",
    "fuori stock",
    "^terminat[oaie][.!]?$",
    "nessun[oa]? (?:pezzo|copia|articolo|unità)",
  ],
  unavailable: [
    "(?<!\\p{L})non (?!ancora )<w>(?:disponibil[ei]|in vendita|ordinabile)",
    "non ancora disponibile(?!.*(?:preordin|pre-ordin|prenot))",
    "indisponibile",
    "non sappiamo",
    "fuori (?:catalogo|produzione)",
  ],
  preorder: [
    "pre-?ordin",
    "prenota(?:lo)? (?:ora|subito|adesso)",
    "non (?:è )?(?:ancora|stato ancora) (?:stato )?(?:pubblicat|uscit|rilasciat)",
    "(?:sarà|verrà) (?:pubblicat|rilasciat|lanciat)[oa]",
    "(?:in uscita|uscirà|data di uscita|uscita prevista)",
  ],
  backorder: [
    "su (?:ordinazione|richiesta|ordine)",
    "(?:disponibile|in stock|in magazzino) (?:di nuovo |nuovamente )?(?:dal|dall'|dallo|da|a partire dal|a partire da|il|in) ?<when>",
    "(?:a partire )?dal <when>[^.,;]{0,15}(?:disponibile|in stock)",
    "(?:presto|a breve|prossimamente) (?:di nuovo |nuovamente )?(?:disponibile|in stock)",
    "(?:disponibile|in stock) (?:a breve|prossimamente|presto)",
    "(?:di nuovo|nuovamente) disponibile (?:il|dal|a|tra|fra)",
    "in (?:arrivo|riassortimento)",
  ],
  low_stock: [
    "(?:solo|soltanto|appena) (?:<n>|un[oa]?|due|tre|poch[ie])(?!\\p{L}| ?€| giorn| or[ae])",
    "(?:ne )?(?:resta|restano|rimane|rimangono) (?:solo|soltanto|<n>|poch)",
    "disponibilità: solo",
    "ultim[oiae] (?:pezz|copi|articol|unità|<n>|disponibil)",
    "poch[ie] (?:pezzi|copie|articoli|unità)",
    "quasi esaurit",
    "disponibilità limitata",
  ],
  in_stock: [
    "disponibilità immediata",
    "disponibile(?!\\p{L})",
    "in (?:stock|magazzino)",
    "(?:generalmente |normalmente |di solito )?spedit[oa] (?:entro|in)",
    "(?:pronta consegna|spedizione immediata)",
  ],
};
