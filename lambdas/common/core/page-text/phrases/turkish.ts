import type { Phrases } from "./phrases.ts";

const NOT = "(?:yok|değil|kalmadı|bulunmuyor|bulunmamakta|olmayacak)";

/** Turkish: TR. */
export const TURKISH: Phrases = {
  months: "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık".split(" "),
  monthBefore: [],
  monthAfter: ["ay(?:ı|ında|ından)", "baş(?:ı|ında|ından)", "ortas(?:ı|ında)", "son(?:u|unda)"],
  orderable: ["şimdi sipariş ver\\p{L}{0,30}.{0,4} (?:biz|stok|ürün|gel)"],
  outOfStock: [
    `stok(?:ta|larda|larımızda|umuzda)? (?:\\p{L}{1,30} ){0,2}${NOT}`,
    "(?:geçici olarak|bir süreliğine) (?:temin edilemiyor|stokta yok|mevcut değil|satışta değil)",
    "(?:stok\\p{L}{0,30} )?tüken(?:di|miş|mişti)\\p{L}{0,30}",
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
    "henüz (?:\\p{L}{1,30} )?(?:çıkmadı|yayınlanmadı|yayımlanmadı|piyasaya)",
    "(?:çıkış|yayın) tarihi",
    "(?:tarihinde|yakında) (?:\\p{L}{1,30} )?(?:çıkacak|yayınlanacak|yayımlanacak|piyasaya|satışa)",
    "<date>[^.]{0,14}(?:çıkacak|yayınlanacak|yayımlanacak|satışa (?:sunulacak|çıkacak))",
  ],
  backorder: [
    "sipariş(?:e özel| üzerine| ile temin)",
    "stok(?:ta|larda|larımızda)? (?:\\p{L}{1,30} )?ol(?:acak|ması)",
    "<date>[^.,;]{0,22}(?:stokta|stoklarda|mevcut|temin|gelecek)",
    "stokta:? <date>",
    "(?:yakında|kısa süre(?:de| içinde)|çok yakında) (?:\\p{L}{1,30} )?(?:stokta|mevcut|stoklarda|temin)",
    "(?:tekrar|yeniden) (?:stokta|stoğa|gelecek)",
  ],
  lowStock: [
    "(?:sadece|yalnızca|yalnız) (?:<n>|bir|birkaç|son)(?! ?(?:gün|saat|tl|₺))",
    "(?:<n>|birkaç|az) (?:adet|ürün|tane|parça)? ?kaldı",
    "son (?:<n>|bir|birkaç|ürün|adet|parça)",
    "(?:tükenmek|bitmek) üzere",
    "(?:sınırlı|az) (?:sayıda|stok)",
  ],
  inStock: [
    "stok(?:ta|larda|larımızda)",
    "^(?:hemen |şu anda )?mevcut[.!]?$",
    "(?:kargoya|kargoda|sevkiyata) (?:verilir|hazır|teslim)",
    "(?:içinde|günde) (?:kargo|gönder|sevk)\\p{L}{0,30}",
    "gönderime hazır",
  ],
  sellers: [
    "(?:şu|bu|diğer|aşağıdaki) satıcılardan (?:temin edilebilir|satın al|edinilebilir|alınabilir)",
    "satıcılardan? (?:mevcut|temin edilebilir)",
  ],
  elsewhere: [
    "(?:konum|adres|bölge|ülke|yer)\\p{L}{0,10} [^.!]{0,30}(?:gönderile(?:mez|mi|me)|gönderilm(?:ez|iyor|emekte)|gönderm(?:ez|iyor)|teslim edile(?:mez|mi)|teslim(?:at)? (?:yapıla(?:maz|mı)|edilm)|kargolana(?:maz|mı)|mevcut değil)",
    "hiçbir satıcı[^.!]{0,30}(?:gönder|teslim)",
    "farklı bir (?:teslimat )?(?:konum|adres)",
  ],
  unfeatured: ["öne çıkan (?:bir )?teklif(?:ler)? (?:yok|bulunmuyor|bulunmamaktadır|mevcut değil)"],
  choose: ["(?:beden|renk|boyut|numara|seçenek)\\p{L}{0,3}[^.!]{0,10} seç"],
  refurbished: ["yenilenmiş"],
  used: ["kullanılmış", "ikinci el"],
  rental: ["kirala"],
  brand: ["marka"],
  manufacturer: ["üretici"],
  store: ["(.{1,120}?) (?:mağazasını|store'u) ziyaret edin"],
  back: ["sonuçlara (?:geri )?dön"],
  notFound: ["sayfa bulunamadı"],
  wrong: ["bir sorun oluştu", "bir hata oluştu"],
  reload: ["sayfayı (?:yenile|tekrar yükle|yeniden yükle)"],
};
