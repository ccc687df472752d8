import type { NoticeId } from "./licence.ts";

/** The notices in one language; `[Amazon Site]` stands for the shop's name. */
export type Translation = Readonly<Record<NoticeId, string>>;

const de: Translation = {
  prices:
    "Produktpreise und Verfügbarkeit entsprechen dem angegebenen Stand (Datum/Uhrzeit) und können sich ändern. Für den Kauf dieses Produkts gelten die Angaben zu Preis und Verfügbarkeit, die zum Kaufzeitpunkt auf [Amazon Site] angezeigt werden.",
  content:
    "BESTIMMTE INHALTE AUF DIESER WEBSITE STAMMEN VON AMAZON. DIESE INHALTE WERDEN OHNE GEWÄHR BEREITGESTELLT UND KÖNNEN JEDERZEIT GEÄNDERT ODER ENTFERNT WERDEN.",
  associate: "Als Amazon-Partner verdiene ich an qualifizierten Verkäufen.",
};
const fr: Translation = {
  prices:
    "Les prix et la disponibilité des produits sont exacts à la date et à l'heure indiquées et sont susceptibles de changer. Les informations de prix et de disponibilité affichées sur [Amazon Site] au moment de l'achat s'appliquent à l'achat de ce produit.",
  content:
    "CERTAINS CONTENUS DE CE SITE PROVIENNENT D'AMAZON. CES CONTENUS SONT FOURNIS « EN L'ÉTAT » ET PEUVENT ÊTRE MODIFIÉS OU SUPPRIMÉS À TOUT MOMENT.",
  associate:
    "En tant que Partenaire Amazon, je réalise un bénéfice sur les achats remplissant les conditions requises.",
};
const it: Translation = {
  prices:
    "I prezzi e la disponibilità dei prodotti sono accurati alla data e all'ora indicate e possono cambiare. All'acquisto di questo prodotto si applicano il prezzo e la disponibilità mostrati su [Amazon Site] al momento dell'acquisto.",
  content:
    "ALCUNI CONTENUTI DI QUESTO SITO PROVENGONO DA AMAZON. QUESTI CONTENUTI SONO FORNITI «COSÌ COME SONO» E POSSONO ESSERE MODIFICATI O RIMOSSI IN QUALSIASI MOMENTO.",
  associate: "In qualità di Affiliato Amazon ricevo un guadagno dagli acquisti idonei.",
};
const es: Translation = {
  prices:
    "Los precios y la disponibilidad de los productos son exactos en la fecha y hora indicadas y están sujetos a cambios. A la compra de este producto se aplicará la información de precio y disponibilidad que se muestre en [Amazon Site] en el momento de la compra.",
  content:
    "PARTE DEL CONTENIDO DE ESTE SITIO PROCEDE DE AMAZON. ESTE CONTENIDO SE OFRECE «TAL CUAL» Y PUEDE CAMBIAR O RETIRARSE EN CUALQUIER MOMENTO.",
  associate: "Como Afiliado de Amazon, obtengo ingresos por las compras que cumplen los requisitos.",
};
const pt: Translation = {
  prices:
    "Os preços e a disponibilidade dos produtos são exatos na data e hora indicadas e estão sujeitos a alterações. À compra deste produto aplicam-se o preço e a disponibilidade exibidos em [Amazon Site] no momento da compra.",
  content:
    "PARTE DO CONTEÚDO DESTE SITE VEM DA AMAZON. ESTE CONTEÚDO É FORNECIDO «COMO ESTÁ» E PODE SER ALTERADO OU REMOVIDO A QUALQUER MOMENTO.",
  associate: "Como Associado da Amazon, ganho com compras qualificadas.",
};
const nl: Translation = {
  prices:
    "Productprijzen en beschikbaarheid zijn juist op de aangegeven datum en tijd en kunnen veranderen. Op de aankoop van dit product zijn de prijs en beschikbaarheid van toepassing die op het moment van aankoop op [Amazon Site] worden getoond.",
  content:
    "BEPAALDE INHOUD OP DEZE SITE IS AFKOMSTIG VAN AMAZON. DEZE INHOUD WORDT GELEVERD ZOALS ZE IS EN KAN OP ELK MOMENT WORDEN GEWIJZIGD OF VERWIJDERD.",
  associate: "Als Amazon-partner verdien ik aan in aanmerking komende aankopen.",
};
const pl: Translation = {
  prices:
    "Ceny i dostępność produktów są aktualne na podany dzień i godzinę i mogą ulec zmianie. Do zakupu tego produktu mają zastosowanie cena i dostępność wyświetlane w [Amazon Site] w chwili zakupu.",
  content:
    "NIEKTÓRE TREŚCI NA TEJ STRONIE POCHODZĄ Z AMAZON. TREŚCI TE SĄ UDOSTĘPNIANE W STANIE, W JAKIM SĄ, I MOGĄ ZOSTAĆ ZMIENIONE LUB USUNIĘTE W KAŻDEJ CHWILI.",
  associate: "Jako partner Amazon zarabiam na kwalifikujących się zakupach.",
};
const sv: Translation = {
  prices:
    "Produktpriser och tillgänglighet är korrekta vid angivet datum och klockslag och kan ändras. För köp av denna produkt gäller den information om pris och tillgänglighet som visas på [Amazon Site] vid köptillfället.",
  content:
    "VISST INNEHÅLL PÅ DEN HÄR WEBBPLATSEN KOMMER FRÅN AMAZON. INNEHÅLLET TILLHANDAHÅLLS I BEFINTLIGT SKICK OCH KAN ÄNDRAS ELLER TAS BORT NÄR SOM HELST.",
  associate: "Som Amazon-partner tjänar jag pengar på kvalificerade köp.",
};
const tr: Translation = {
  prices:
    "Ürün fiyatları ve stok durumu belirtilen tarih ve saat itibarıyla doğrudur ve değişebilir. Bu ürünün satın alınmasında, satın alma anında [Amazon Site] üzerinde gösterilen fiyat ve stok bilgileri geçerlidir.",
  content:
    "BU SİTEDEKİ BAZI İÇERİKLER AMAZON'DAN GELMEKTEDİR. BU İÇERİKLER OLDUĞU GİBİ SUNULUR VE HER AN DEĞİŞTİRİLEBİLİR VEYA KALDIRILABİLİR.",
  associate: "Bir Amazon Ortağı olarak, koşulları karşılayan alışverişlerden kazanç sağlarım.",
};
const ar: Translation = {
  prices:
    "أسعار المنتجات وتوفرها دقيقة في التاريخ والوقت الموضحين وهي قابلة للتغيير. وتنطبق على شراء هذا المنتج معلومات السعر والتوفر المعروضة على [Amazon Site] وقت الشراء.",
  content: "بعض المحتوى الظاهر في هذا الموقع مصدره أمازون. يُقدَّم هذا المحتوى كما هو، ويجوز تغييره أو إزالته في أي وقت.",
  associate: "بصفتي شريكًا لأمازون، أكسب من عمليات الشراء المؤهلة.",
};
const ja: Translation = {
  prices:
    "商品の価格と在庫状況は表示された日時の時点のものであり、変更される場合があります。本商品の購入には、購入時に[Amazon Site]に表示される価格と在庫状況の情報が適用されます。",
  content:
    "本サイト上の一部のコンテンツはAmazonから提供されたものです。これらのコンテンツは現状のまま提供され、随時変更または削除される場合があります。",
  associate: "Amazonのアソシエイトとして、適格販売により収入を得ています。",
};

/** Translations of our own, by language. Amazon's wording is English. */
export const TRANSLATIONS = { ar, de, es, fr, it, ja, nl, pl, pt, sv, tr } as const satisfies Record<
  string,
  Translation
>;
