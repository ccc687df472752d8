import type { AvailabilityWords } from "./words.ts";

const STOCK = "(?:em estoque|em stock|no estoque)";

/** Portuguese: BR; the Spanish shop shows it too. */
export const PORTUGUESE: AvailabilityWords = {
  months: [
    ..."janeiro fevereiro março abril maio junho".split(" "),
    ..."julho agosto setembro outubro novembro dezembro".split(" "),
  ],
  orderable: [
    "(?:compre|peça|encomende|faça o pedido) agora.{0,12} (?:enviaremos|entregaremos|que enviamos|e |quando)",
  ],
  out_of_stock: [
    "(?:sem|fora de|fora do) (?:estoque|stock)",
    "(?<!(?:quase|prestes a ficar) )esgotad[oa]s?",
    "esgotou|esgotaram",
    `não <w>${STOCK}`,
    "não (?:há|temos|restam?) (?:mais )?(?:estoque|stock|unidades|nenhum)",
  ],
  unavailable: [
    "indispon[íi]ve(?:l|is)",
    "(?<!ainda )não <w>(?:disponíve(?:l|is)|à venda)",
    "ainda não <w>disponível(?!.*(?:pré-|reserv))",
    "não sabemos",
    "descontinuado",
  ],
  preorder: [
    "pré-?(?:venda|encomenda|compra|reserva|lançamento)",
    "ainda não (?:foi )?(?:lançad|publicad)",
    "será (?:lançad|publicad)[oa]",
    "(?:lançamento|previsão de lançamento) (?:em|previsto)",
    "reserve (?:já|agora)",
  ],
  backorder: [
    "(?:sob|por) (?:encomenda|pedido)",
    `(?:${STOCK}|disponível) (?:novamente |de novo )?(?:a partir de|a partir do|desde|em|no dia) <when>`,
    `a partir d[eo] <when>[^.,;]{0,15}(?:${STOCK}|disponível)`,
    "(?:estoque|stock|disponível|disponibilidade) (?:novamente )?em breve",
    "em breve (?:novamente )?(?:disponível|em estoque|em stock)",
    "(?:previsão|reposição) ",
    "volta ao estoque",
  ],
  low_stock: [
    "(?:apenas|só|somente|restam? apenas|resta só) (?:<n>|uma?|dua?s|dois|três|poucas|alguns|algumas)(?!\\p{L})",
    "(?:só|apenas) resta",
    "restam? (?:apenas |só |somente )?(?:<n>|poucas|poucos|uma?)",
    "últim[oa]s? (?:unidade|peça|exemplar)",
    "poucas (?:unidades|peças)",
    "quase esgotad",
    "(?:estoque|stock) (?:limitado|baixo)",
  ],
  in_stock: [STOCK, "disponível(?!\\p{L})", "(?:envia(?:do)?|despachado|enviamos) (?:em|dentro)", "pronta entrega"],
};
