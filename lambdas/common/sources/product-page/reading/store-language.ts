/** Language preference sent to each shop: its own, so that number and availability texts have known forms. */
const LANGUAGES: Readonly<Record<string, string>> = {
  "www.amazon.com": "en-US,en;q=0.9",
  "www.amazon.ca": "en-CA,en;q=0.9",
  "www.amazon.com.mx": "es-MX,es;q=0.9",
  "www.amazon.com.br": "pt-BR,pt;q=0.9",
  "www.amazon.co.uk": "en-GB,en;q=0.9",
  "www.amazon.de": "de-DE,de;q=0.9",
  "www.amazon.fr": "fr-FR,fr;q=0.9",
  "www.amazon.it": "it-IT,it;q=0.9",
  "www.amazon.es": "es-ES,es;q=0.9",
  "www.amazon.nl": "nl-NL,nl;q=0.9",
  "www.amazon.com.be": "fr-BE,fr;q=0.9,nl;q=0.8",
  "www.amazon.ie": "en-IE,en;q=0.9",
  "www.amazon.pl": "pl-PL,pl;q=0.9",
  "www.amazon.se": "sv-SE,sv;q=0.9",
  "www.amazon.com.tr": "tr-TR,tr;q=0.9",
  "www.amazon.ae": "en-AE,en;q=0.9",
  "www.amazon.sa": "ar-SA,ar;q=0.9",
  "www.amazon.eg": "ar-EG,ar;q=0.9",
  "www.amazon.in": "en-IN,en;q=0.9",
  "www.amazon.co.jp": "ja-JP,ja;q=0.9",
  "www.amazon.com.au": "en-AU,en;q=0.9",
  "www.amazon.sg": "en-SG,en;q=0.9",
};

/** Value of `Accept-Language` for a shop. */
export const storeLanguage = (marketplace: string): string => LANGUAGES[marketplace] ?? "en;q=0.9";
