import type { AvailabilityWords } from "./words.ts";

const NOT = "(?:yok|değil|kalmadı|bulunmuyor|bulunmamakta|olmayacak)";

/** Turkish: TR. */
export const TURKISH: AvailabilityWords = {
  months: "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık".split(" "),
  orderable: ["şimdi sipariş ver\\p{L}*.{0,4} (?:biz|stok|ürün|gel)"],
  out_of_stock: [
    `stok(?:ta|larda|larımızda|umuzda)? (?:\\p{L}+ ){0,2}${NOT}`,
    "(?:geçici olarak|bir süreliğine) (?:temin edilemiyor|stokta yok|mevcut değil|satışta değil)",
    "(?:stok\\p{L}* )?tüken(?:di|miş|mişti)\\p{L}*",
    "stok dışı",
  ],
  unavailable: [
    `mevcut ${NOT}`,
    "temin edile(?:miyor|mez|memekte)",
    `(?:satışta|satılık) ${NOT}`,
    "satılmıyor|satışı durdurul|satıştan kaldırıl",
    "bilmiyoruz|bilinmiyor",
  ],
  preorder: [
    "ön ?sipariş",
    "henüz (?:\\p{L}+ )?(?:çıkmadı|yayınlanmadı|yayımlanmadı|piyasaya)",
    "(?:çıkış|yayın) tarihi",
    "(?:tarihinde|yakında) (?:\\p{L}+ )?(?:çıkacak|yayınlanacak|yayımlanacak|piyasaya|satışa)",
    "<date>[^.]{0,14}(?:çıkacak|yayınlanacak|yayımlanacak|satışa (?:sunulacak|çıkacak))",
  ],
  backorder: [
    "sipariş(?:e özel| üzerine| ile temin)",
    "stok(?:ta|larda|larımızda)? (?:\\p{L}+ )?ol(?:acak|ması)",
    "<date>[^.,;]{0,22}(?:stokta|stoklarda|mevcut|temin|gelecek)",
    "stokta:? <date>",
    "(?:yakında|kısa süre(?:de| içinde)|çok yakında) (?:\\p{L}+ )?(?:stokta|mevcut|stoklarda|temin)",
    "(?:tekrar|yeniden) (?:stokta|stoğa|gelecek)",
  ],
  low_stock: [
    "(?:sadece|yalnızca|yalnız) (?:<n>|bir|birkaç|son)(?! ?(?:gün|saat|tl|₺))",
    "(?:<n>|birkaç|az) (?:adet|ürün|tane|parça)? ?kaldı",
    "son (?:<n>|bir|birkaç|ürün|adet|parça)",
    "(?:tükenmek|bitmek) üzere",
    "(?:sınırlı|az) (?:sayıda|stok)",
  ],
  in_stock: [
    "stok(?:ta|larda|larımızda)",
    "^(?:hemen |şu anda )?mevcut[.!]?$",
    "(?:kargoya|kargoda|sevkiyata) (?:verilir|hazır|teslim)",
    "(?:içinde|günde) (?:kargo|gönder|sevk)\\p{L}*",
    "gönderime hazır",
  ],
};
