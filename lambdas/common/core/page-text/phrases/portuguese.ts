import type { Phrases } from "./phrases.ts";

const STOCK = "(?:em estoque|em stock|no estoque)";

/** Portuguese: BR; the Spanish shop shows it too. */
export const PORTUGUESE: Phrases = {
  months: [
    ..."janeiro fevereiro março abril maio junho".split(" "),
    ..."julho agosto setembro outubro novembro dezembro".split(" "),
  ],
  monthBefore: ["em", "desde", "até", "de", "início de", "meados de", "fim de"],
  monthAfter: [],
  orderable: [
    "(?:compre|peça|encomende|faça o pedido) agora.{0,12} (?:enviaremos|entregaremos|que enviamos|e |quando)",
  ],
  outOfStock: [
    "(?:sem|fora de|fora do) (?:estoque|stock)",
    "(?<!(?:quase|prestes a ficar) )esgotad[oa]s?",
    "esgotou|esgotaram",
    `não <w>${STOCK}`,
    "não (?:há|temos|restam?) (?:mais )?(?:estoque|stock|unidades|nenhum)",
  ],
  unavailable: [
    "indispon[íi]ve(?:l|is)",
    "(?<!ainda )não <w>(?:disponíve(?:l|is)|à venda)",
    "ainda não <w>disponível(?!.{0,200}(?:pré-|reserv))",
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
  lowStock: [
    "(?:apenas|só|somente|restam? apenas|resta só) (?:<n>|uma?|dua?s|dois|três|poucas|alguns|algumas)(?!\\p{L})",
    "(?:só|apenas) resta",
    "restam? (?:apenas |só |somente )?(?:<n>|poucas|poucos|uma?)",
    "últim[oa]s? (?:unidade|peça|exemplar)",
    "poucas (?:unidades|peças)",
    "quase esgotad",
    "(?:estoque|stock) (?:limitado|baixo)",
  ],
  inStock: [STOCK, "disponível(?!\\p{L})", "(?:envia(?:do)?|despachado|enviamos) (?:em|dentro)", "pronta entrega"],
  sellers: [
    "disponível (?:com|por meio d|através d|a partir d|n|d)\\p{L}{0,1} ?(?:estes|outros|esses|destes|desses|seguintes) vendedores",
  ],
  elsewhere: [
    "não (?:pode|podem|podemos|é possível|será)[^.!]{0,40}(?:envi|entreg)\\p{L}{0,6}[^.!]{0,30} (?:para|no(?! estoque)|na|ao|em (?!est|st)) ?",
    "não (?:envia|entrega|enviamos|entregamos|faz envios|faz entregas)m? (?:este \\p{L}{1,12} )?(?:para|no|na|em) ",
    "nenhum vendedor (?:envia|entrega)",
    "(?:indisponível|não (?:está )?disponível) (?:para|no|na|em) (?:o )?(?:seu|sua|endereço|local|a região|este|esta)",
    "(?:escolha|selecione) (?:outro|um) (?:\\p{L}{1,12} ){0,2}(?:local|endereço)",
  ],
  unfeatured: ["(?:nenhuma|sem|não há) ofertas? (?:em destaque|destacadas?)"],
  choose: ["(?:selecione|escolha)[^.!]{0,16} (?:tamanho|cor|opção|estilo)", "para comprar,? selecione"],
  refurbished: ["recondicionad", "renovad", "remanufaturad"],
  used: ["usad[oa]", "seminov[oa]", "segunda mão"],
  rental: ["alug"],
  brand: ["marca", "nome da marca"],
  manufacturer: ["fabricante", "produtor"],
  store: ["visite a loja (?:d[aeo] )?(.{1,120})"],
  back: ["voltar aos resultados"],
  notFound: ["página não encontrada"],
  wrong: ["algo deu errado", "ocorreu um erro"],
  reload: ["(?:recarreg|atuali[zs])\\p{L}{1,4} (?:a|esta) página"],
};
