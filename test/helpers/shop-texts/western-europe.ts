import type { ShopTexts } from "./shop-texts.ts";

/** Made-up texts in the usual phrases of UK, IE, DE, FR, BE, NL, IT and ES. */
export const WESTERN_EUROPE: Readonly<Record<string, readonly ShopTexts[]>> = {
  UK: [
    {
      language: "en-GB",
      in_stock: ["In stock.", "Usually dispatched within 4 to 5 days."],
      low_stock: ["Only 2 left in stock (more on the way).", "Only one left", "Low stock"],
      gone: ["Currently unavailable.", "Not available for sale", "We don't know when this will be back in stock."],
      preorder: ["Pre-order now. This book will be published on 3 March.", "Coming soon"],
      backorder: ["In stock from 3 March 2026.", "Available to order", "Made to order"],
    },
  ],
  IE: [
    {
      language: "en-IE",
      in_stock: ["In stock", "Dispatched within 24 hours"],
      low_stock: ["Only 5 left in stock.", "Last few remaining"],
      gone: ["Out of stock", "No longer available", "Isn't in stock"],
      preorder: ["Available for pre-order"],
      backorder: ["Expected back in stock on 1 June", "In stock soon."],
    },
  ],
  DE: [
    {
      language: "de",
      in_stock: [
        "Auf Lager.",
        "Auf Lager. Lieferung ab 3. März",
        "Lagernd",
        "Sofort lieferbar",
        "Gewöhnlich versandfertig in 2 bis 3 Tagen.",
        "Verfügbar",
      ],
      low_stock: ["Nur noch 5 auf Lager", "Nur noch wenige Exemplare auf Lager", "Nur 2 verfügbar", "Fast ausverkauft"],
      gone: [
        "Derzeit nicht verfügbar. Ob und wann dieser Artikel wieder vorrätig sein wird, ist unbekannt.",
        "Vorübergehend nicht auf Lager.",
        "nicht mehr lieferbar",
        "Leider nicht vorrätig",
        "Der Artikel ist vergriffen.",
      ],
      preorder: [
        "Jetzt vorbestellen",
        "Erscheint am 3. März",
        "Noch nicht erschienen",
        "Noch nicht verfügbar. Jetzt vorbestellen!",
      ],
      backorder: [
        "Lieferbar ab 2.5.",
        "Verfügbar ab 3. März",
        "Lieferbar ab dem 3. März 2026",
        "Ab Mitte Mai wieder auf Lager",
        "Auf Bestellung",
      ],
    },
  ],
  FR: [
    {
      language: "fr",
      in_stock: ["En stock.", "Habituellement expédié sous 2 à 3 jours.", "Disponible", "Plus de 20 en stock"],
      low_stock: [
        "Il ne reste plus que 2 exemplaire(s) en stock.",
        "Plus que deux en stock",
        "Derniers exemplaires en stock",
        "Bientôt épuisé",
      ],
      gone: [
        "Actuellement indisponible. Nous ne savons pas quand cet article sera de nouveau approvisionné.",
        "Temporairement en rupture de stock.",
        "Il n'est pas en stock",
        "Il n’est plus disponible",
        "Épuisé",
        "Plus d'exemplaires en stock",
      ],
      preorder: ["Précommande", "Cet article paraîtra le 3 mars 2026.", "Pas encore paru"],
      backorder: ["Disponible à partir du 3 mars", "En stock le 3 mars 2026.", "Sur commande", "Bientôt en stock."],
    },
  ],
  BE: [
    {
      language: "fr-BE",
      in_stock: ["En stock", "Disponible immédiatement"],
      low_stock: ["Plus que 3 en stock", "Il reste 2 exemplaires"],
      gone: ["N'est pas disponible", "Pas actuellement en stock"],
      preorder: ["Pré-commandez maintenant", "Sortie le 12 mai"],
      backorder: ["Livrable à partir du 12 mai", "En cours de réapprovisionnement"],
    },
    {
      language: "nl-BE",
      in_stock: ["Direct leverbaar", "Beschikbaar"],
      low_stock: ["Nog enkele stuks op voorraad", "Laatste exemplaar"],
      gone: ["Geen voorraad", "Niet beschikbaar"],
      preorder: ["Reserveer nu", "Nog niet uitgebracht"],
      backorder: ["Op voorraad vanaf 12 mei", "Beschikbaar op bestelling"],
    },
  ],
  NL: [
    {
      language: "nl",
      in_stock: ["Leverbaar", "Op voorraad", "Wordt gewoonlijk verzonden binnen 2 dagen"],
      low_stock: ["Nog slechts 3 op voorraad.", "Nog maar 1 op voorraad", "Nog 4 op voorraad", "Bijna uitverkocht"],
      gone: [
        "Niet leverbaar",
        "Niet meer leverbaar",
        "Momenteel niet verkrijgbaar.",
        "Tijdelijk niet op voorraad",
        "Uitverkocht",
      ],
      preorder: ["Nu reserveren", "Nog niet verschenen", "Verschijnt op 3 maart", "Pre-order"],
      backorder: [
        "Leverbaar vanaf 3 maart",
        "Vanaf 3 maart op voorraad",
        "Op voorraad op 3 maart",
        "Op bestelling",
        "Binnenkort weer leverbaar",
      ],
    },
  ],
  IT: [
    {
      language: "it",
      in_stock: ["Disponibilità immediata.", "Disponibile", "Generalmente spedito entro 3 giorni"],
      low_stock: [
        "Disponibilità: solo 3 -- ordina subito",
        "Ne restano solo 2",
        "Ultimi pezzi disponibili",
        "Solo 4 disponibili",
      ],
      gone: ["Attualmente non disponibile.", "Non è più disponibile", "Esaurito", "Non in magazzino"],
      preorder: ["Preordina ora", "Non ancora pubblicato", "Verrà pubblicato il 3 marzo"],
      backorder: ["Disponibile dal 3 marzo", "Disponibile a partire dal 3 marzo 2026", "Disponibile su ordinazione"],
    },
  ],
  ES: [
    {
      language: "es",
      in_stock: ["En stock.", "Disponible", "Envío en 4 a 5 días."],
      low_stock: ["Quedan 3 en stock", "Solo queda(n) 4 en stock", "Queda 1 en stock", "Quedan pocas unidades"],
      gone: [
        "Se agotó",
        "No disponible por el momento.",
        "Temporalmente sin stock.",
        "No está en stock",
        "No quedan unidades",
      ],
      preorder: [
        "Reserva ahora",
        "Disponible para reserva",
        "Se publicará el 3 de marzo",
        "Todavía no se ha publicado",
      ],
      backorder: ["Disponible bajo pedido", "Disponible a partir del 3 de marzo", "En stock el 3 de marzo de 2026."],
    },
  ],
};
