import type { ShopTexts } from "./shop-texts.ts";

/** Made-up texts in the usual phrases of PL, SE, TR, AE, SA, EG, IN, JP, AU and SG. */
export const FURTHER_SHOPS: Readonly<Record<string, readonly ShopTexts[]>> = {
  PL: [
    {
      language: "pl",
      in_stock: ["Dostępny", "W magazynie", "Zwykle wysyłka w ciągu 2 dni"],
      low_stock: ["Zostało tylko 2", "Pozostały tylko 3 szt. w magazynie", "Ostatnie sztuki", "Została jedna sztuka"],
      gone: ["Obecnie niedostępny.", "Chwilowo niedostępny", "Brak w magazynie", "Nie jest już dostępny", "Wyprzedane"],
      preorder: ["Przedsprzedaż", "Premiera 3 marca", "Jeszcze się nie ukazał"],
      backorder: ["Dostępny od 3 marca", "Na zamówienie", "Wkrótce dostępny"],
    },
  ],
  SE: [
    {
      language: "sv",
      in_stock: ["I lager.", "Finns i lager", "Skickas inom 2 dagar", "Tillgänglig"],
      low_stock: ["Endast 2 kvar i lager.", "Bara några få kvar", "Snart slut"],
      gone: [
        "För närvarande inte tillgänglig.",
        "Finns inte i lager",
        "Ej i lager",
        "Slutsåld",
        "Tillfälligt slut i lager",
      ],
      preorder: ["Förbeställ nu", "Släpps den 3 mars", "Ännu inte släppt"],
      backorder: ["Beställningsvara", "I lager från den 3 mars", "Tillgänglig från 3 mars", "Snart åter i lager"],
    },
  ],
  TR: [
    {
      language: "tr",
      in_stock: ["Stokta var", "Stokta", "2 gün içinde kargoya verilir"],
      low_stock: ["Stokta sadece 3 adet kaldı.", "Son 2 ürün", "Yalnızca 4 adet", "Tükenmek üzere"],
      gone: ["Şu anda mevcut değil.", "Stokta yok", "Stokta kalmadı", "Tükendi", "Temin edilemiyor"],
      preorder: ["Ön sipariş", "Henüz yayınlanmadı", "3 Mart tarihinde çıkacak"],
      backorder: ["3 Mart tarihinde stokta olacak", "3 Mart'tan itibaren mevcut", "Sipariş üzerine", "Yakında stokta"],
    },
  ],
  AE: [
    {
      language: "en-AE",
      in_stock: ["In stock", "Ships within 2 days"],
      low_stock: ["Only 4 left in stock", "Limited stock"],
      gone: ["Currently unavailable", "Temporarily out of stock"],
      preorder: ["This item is to be released on 5 May"],
      backorder: ["In stock on 5 May", "Available soon"],
    },
    {
      language: "ar-AE",
      in_stock: ["متاح", "في المخزون"],
      low_stock: ["فقط 3 في المخزون", "آخر قطعة"],
      gone: ["غير متاح حالياً", "نفدت الكمية"],
      preorder: ["احجز مسبقاً"],
      backorder: ["متاح ابتداءً من 5 مايو"],
    },
  ],
  SA: [
    {
      language: "ar-SA",
      in_stock: ["متوفر", "متوفر في المخزون."],
      low_stock: ["تبقى ٣ فقط في المخزون", "لم يتبقَّ سوى 2", "متبقي 4 قطع"],
      gone: ["غير متوفر حالياً.", "لم يعد متوفراً", "ليس متوفراً", "نفد من المخزون"],
      preorder: ["الطلب المسبق", "لم يصدر بعد"],
      backorder: ["متوفر قريبا", "سيتوفر في 3 مارس", "متوفر من ٣ مارس", "حسب الطلب"],
    },
  ],
  EG: [
    {
      language: "ar-EG",
      in_stock: ["متوفر الآن", "يُشحن خلال يومين"],
      low_stock: ["تبقّى ٥ قطع فقط - اطلبه الآن", "باقي 2 فقط", "كمية محدودة"],
      gone: ["غير متوفر مؤقتًا", "لا يتوفر حاليا", "غير موجود في المخزون"],
      preorder: ["اطلبه مسبقًا", "سيصدر في 9 أبريل"],
      backorder: ["سيكون متوفراً في ٩ أبريل", "تحت الطلب"],
    },
  ],
  IN: [
    {
      language: "en-IN",
      in_stock: ["In stock", "Usually dispatched in 3 to 4 days."],
      low_stock: ["Only 2 left in stock.", "Hurry, only 1 left!"],
      gone: ["Currently unavailable.", "Sold out", "This product is not available"],
      preorder: ["Pre-order: releases on 14 August"],
      backorder: ["Available from 14 August", "On backorder"],
    },
    {
      language: "hi",
      in_stock: ["स्टॉक में", "स्टॉक में है", "उपलब्ध है"],
      low_stock: ["स्टॉक में केवल 3 बचे हैं", "केवल २ बाकी", "सिर्फ़ 1 बचा है", "सीमित स्टॉक"],
      gone: ["अभी उपलब्ध नहीं है", "स्टॉक में नहीं है", "स्टॉक खत्म", "फ़िलहाल अनुपलब्ध"],
      preorder: ["प्री-ऑर्डर करें", "यह 3 मार्च को रिलीज़ होगा", "अभी तक रिलीज़ नहीं हुआ"],
      backorder: ["3 मार्च से उपलब्ध", "जल्द ही उपलब्ध होगा", "ऑर्डर पर उपलब्ध"],
    },
  ],
  JP: [
    {
      language: "ja",
      in_stock: ["在庫あり。", "通常2～3日以内に発送します。", "在庫がございます", "在庫あり。3月3日にお届け"],
      low_stock: ["残り3点 ご注文はお早めに", "残り３点", "在庫わずか", "在庫あり（残り1個）"],
      gone: [
        "現在在庫切れです。この商品の再入荷予定は立っておりません。",
        "一時的に在庫切れ",
        "現在お取り扱いできません。",
        "在庫なし",
        "売り切れ",
        "在庫はありません",
        "予約受付は終了しました",
      ],
      preorder: ["3月3日発売予定です", "この商品は2026年3月3日に発売予定です。", "予約受付中", "未発売"],
      backorder: ["3月上旬入荷予定", "2026年3月3日に入荷予定です", "お取り寄せ", "近日入荷"],
    },
  ],
  AU: [
    {
      language: "en-AU",
      in_stock: ["In stock.", "Available to ship in 1-2 days"],
      low_stock: ["Only 6 left in stock.", "Last one left"],
      gone: ["Currently unavailable", "Never in stock", "Discontinued"],
      preorder: ["Pre-order now", "Not yet published"],
      backorder: ["Available in early July", "In stock on 2 July"],
    },
  ],
  SG: [
    {
      language: "en-SG",
      in_stock: ["In Stock", "In stock. Get it by March 5", "Shipped within 3 days"],
      low_stock: ["Only 8 left in stock", "3 remaining"],
      gone: ["Unavailable", "Not available at the moment", "No stock"],
      preorder: ["Preorder", "This item will be released on 9 August."],
      backorder: ["Back in stock on 9 August", "Special order"],
    },
  ],
};
