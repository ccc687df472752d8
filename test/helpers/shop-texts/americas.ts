import type { ShopTexts } from "./shop-texts.ts";

/** Made-up texts in the usual phrases of US, CA, MX and BR. */
export const AMERICAS: Readonly<Record<string, readonly ShopTexts[]>> = {
  US: [
    {
      language: "en-US",
      in_stock: ["In Stock.", "Usually ships within 2 to 3 days.", "In stock. Gift-wrap not available.", "Available"],
      low_stock: ["Only 3 left in stock - order soon.", "Only a few left in stock", "Almost sold out"],
      gone: [
        "Currently unavailable. We don't know when or if this item will be back in stock.",
        "Temporarily out of stock. We are working hard to be back in stock.",
        "Not in stock",
        "No longer in stock",
        "Sold out",
        "0 in stock",
      ],
      preorder: [
        "This title has not yet been released. You may pre-order it now.",
        "Not yet available. Pre-order now.",
      ],
      backorder: [
        "In stock on December 3, 2026.",
        "Temporarily out of stock. Order now and we'll deliver when available.",
        "Available from March 3",
      ],
    },
  ],
  CA: [
    {
      language: "en-CA",
      in_stock: ["In Stock. Ships from Ontario.", "10 in stock"],
      low_stock: ["Only 1 left in stock (more on the way).", "Few left in stock"],
      gone: [
        "This item is not currently available.",
        "It's no longer available from this seller.",
        "None left in stock",
      ],
      preorder: ["Available for pre-order. This item will be released on April 9."],
      backorder: ["Back-ordered", "Available on April 9."],
    },
    {
      language: "fr-CA",
      in_stock: ["En stock. Expédié du Québec.", "Expédié sous 1 à 2 jours ouvrables"],
      low_stock: ["Seulement 2 en stock", "Il en reste 4 en stock"],
      gone: ["Pas en stock", "Cet article n'est plus disponible."],
      preorder: ["Précommandez-le dès aujourd'hui."],
      backorder: ["De retour en stock le 9 avril", "Disponible dès le 9 avril."],
    },
  ],
  MX: [
    {
      language: "es-MX",
      in_stock: ["Disponible.", "En existencia", "Envío en 1 a 2 días"],
      low_stock: ["Sólo quedan 2", "Solo hay 3 disponibles", "¡Últimas piezas!"],
      gone: ["Ya no está disponible", "No hay existencias", "Agotada por el momento"],
      preorder: ["Preventa: se lanzará el 9 de abril", "Preordena hoy"],
      backorder: ["Bajo pedido", "Disponible desde el 9 de abril de 2026"],
    },
  ],
  BR: [
    {
      language: "pt-BR",
      in_stock: ["Em estoque", "Disponível", "Enviado em 2 dias"],
      low_stock: ["Apenas 2 em estoque.", "Restam 3 unidades", "Só 4 em estoque", "Últimas unidades em estoque"],
      gone: ["Não disponível.", "Não está em estoque", "Esgotado", "Sem estoque no momento", "Produto indisponível"],
      preorder: ["Em pré-venda", "Este item será lançado em 3 de março."],
      backorder: ["Disponível a partir de 3 de março", "Sob encomenda", "Em estoque em 3 de março de 2026"],
    },
  ],
};
