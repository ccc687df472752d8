import type { AvailabilityWords } from "./words.ts";

const NOT = "(?:pas(?! encore)|plus(?! que| qu'| de | d')|jamais|non)";

/** French: FR, BE, CA. */
export const FRENCH: AvailabilityWords = {
  months: [
    ..."janvier février mars avril mai juin".split(" "),
    ..."juillet août septembre octobre novembre décembre".split(" "),
  ],
  orderable: ["commandez(?:-le)? (?:dès )?maintenant.{0,12} (?:nous|et nous|on) "],
  out_of_stock: [
    "(?<!bientôt en )rupture de stock",
    "en rupture(?! \\p{L}+ (?:prochaine))",
    "(?<!(?:presque|bientôt) )épuisée?s?",
    "(?:hors|aucun) stock",
    `${NOT} <w>(?:en stock|en magasin)`,
    "(?:plus|pas) (?:de |d')(?:stock|exemplaire|article)s?",
    "stock(?:s)? (?:vide|nul)",
  ],
  unavailable: [
    "indisponibles?",
    `${NOT} <w>(?:disponible|proposé|vendu|commercialisé|livrable)`,
    "pas encore disponible(?!.*(?:précommand|pré-command))",
    "ne savons pas",
    "ne (?:peut|peuvent) (?:pas |plus )?être (?:command|achet)",
  ],
  preorder: [
    "pré-?command",
    "pas encore (?:paru|sorti|publié)",
    "(?:paraîtra|sortira|sera publié|sera disponible à la sortie)",
    "à paraître",
    "(?:date de )?(?:sortie|parution) (?:le|prévue|en) ",
  ],
  backorder: [
    "(?:sur|à la) commande",
    "(?:en stock|disponible|livrable) (?:de nouveau |à nouveau )?(?:à partir du|à partir de|à compter du|dès|dès le|le|en) <when>",
    "(?:de|à) nouveau (?:en stock|disponible)",
    "à partir du <when>[^.,;]{0,15}(?:disponible|en stock)",
    "(?:bientôt|prochainement) (?:de retour )?(?:en stock|disponible)",
    "(?:disponible|en stock) (?:bientôt|prochainement)",
    "(?:réapprovisionn\\p{L}+|retour en stock|arrivage|attendu) (?:prévu )?(?:le|en|pour|vers|prévu|bientôt)",
    "en (?:cours de |attente de )?réapprovisionnement",
  ],
  low_stock: [
    "plus qu(?:e |')(?:<n>|une?|deux|trois|quelques)",
    "(?:ne|n'en|en) reste(?:nt)? (?:plus )?(?:que |qu'|<n>|quelques)",
    "il reste (?:<n>|quelques|seulement|peu)",
    "(?:seulement|uniquement) (?:<n>|quelques) (?:\\p{L}+ )?(?:en stock|restant|disponible|exemplaire|article)",
    "<n> (?:\\p{L}+ )?restante?s?",
    "derni(?:er|ère)s? (?:exemplaire|article|pièce|unité)",
    "(?:presque|bientôt) (?:épuisé|en rupture)",
    "(?:stock limité|quantités? limitée)",
  ],
  in_stock: [
    "en stock",
    "disponible(?!\\p{L})",
    "(?:expédiée?|envoyée?|livrée?) sous",
    "(?:expédiée?|envoyée?) (?:en|dans les) <n>",
    "prêt à (?:être )?(?:expédi|envoy)",
  ],
};
