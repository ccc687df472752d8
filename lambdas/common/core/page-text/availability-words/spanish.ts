import type { AvailabilityWords } from "./words.ts";

const NOT_YET = "(?:aún|todavía)";

/** Spanish: ES, MX. */
export const SPANISH: AvailabilityWords = {
  months: [
    ..."enero febrero marzo abril mayo junio".split(" "),
    ..."julio agosto septiembre octubre noviembre diciembre".split(" "),
  ],
  orderable: [
    "(?:haz|haga|realiza|realice) (?:tu|su|el) pedido.{0,12} (?:te|se|y|lo|la|nosotros)",
    "(?:pídelo|ordénalo|pídalo) (?:ya|ahora).{0,6} (?:te|se) lo",
  ],
  out_of_stock: [
    "sin (?:stock|existencias|inventario|unidades)",
    "(?<!(?:casi|próximamente) )agotad[oa]s?",
    "se (?:agotó|agotaron|ha agotado|han agotado)",
    "no <w>(?:en stock|en existencia|en inventario)",
    "no (?:hay|quedan?|tenemos) (?:stock|existencias|unidades|ningun|más|inventario)",
    "fuera de (?:stock|existencias)",
  ],
  unavailable: [
    "indisponible",
    `(?<!${NOT_YET} )no <w>(?:disponibles?|a la venta)`,
    `${NOT_YET} no <w>disponible(?!.*(?:reserva|preventa|preorden))`,
    "no (?:sabemos|se sabe) (?:si|cuándo)",
    "descatalogado|descontinuado",
  ],
  preorder: [
    "preventa",
    "pre-?ord(?:en|ena)",
    "res[eé]rv(?:a|alo|ar|e) (?:ya|ahora|en preventa)|reserva ahora",
    "disponible para reserva",
    `${NOT_YET} no (?:se )?(?:ha|está) (?:\\p{L}+ )?(?:publicad|lanzad|salido)`,
    "se (?:lanzará|publicará|estrenará|pondrá a la venta)|saldrá a la venta",
    "(?:próximo lanzamiento|fecha de lanzamiento|sale a la venta)",
  ],
  backorder: [
    "(?:bajo|por|sobre) (?:pedido|encargo)",
    "(?:en stock|disponible) (?:de nuevo |otra vez |nuevamente )?(?:a partir del?|desde|desde el|el|para el|en) <when>",
    "en stock (?:el|a partir)",
    "a partir del? <when>[^.,;]{0,15}(?:disponible|en stock)",
    "(?:próximamente|pronto) (?:de nuevo )?(?:disponible|en stock)",
    "(?:disponible|en stock) (?:próximamente|pronto|en breve)",
    "(?:se espera|esperamos|reposición|reabastecimiento) ",
  ],
  low_stock: [
    "quedan?(?:\\(n\\))? (?:s[óo]lo |solamente |[úu]nicamente |muy )?(?:<n>|un|uno|una|dos|tres|poc[oa]s|algun[oa]s)(?!\\p{L})",
    "s[óo]lo (?:queda|hay|<n>)",
    "solamente <n>",
    "(?:queda|quedan)(?:\\(n\\))? s[óo]lo",
    "últim[oa]s? (?:unidad|pieza|ejemplar|artículo|existencia|<n>)",
    "poc[oa]s (?:unidades|piezas|existencias|ejemplares)",
    "casi agotad[oa]",
    "(?:stock|existencias|disponibilidad) limitad[oa]s?",
  ],
  in_stock: [
    "en stock",
    "en existencia",
    "hay (?:stock|existencias)",
    "disponible(?!\\p{L})",
    "envío en",
    "(?:se envía|enviado|se despacha) (?:en|dentro)",
  ],
};
