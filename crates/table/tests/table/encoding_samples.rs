//! Words of the languages of each encoding, for small tables: five lists per language, each with its heading first.

#![allow(clippy::unicode_not_nfc)] // Windows-1258 has the tones of Vietnamese as characters of their own

use std::fmt::Write as _;

use pinhole_protocol::table::TextEncoding::{self, *};

/// Five lists of words of a language, each with its heading first, separated by `|`.
type Lists = [&'static str; 5];

/// Encodings, and the lists that can be written in them.
pub const SAMPLES: &[(&[TextEncoding], Lists)] = &[
    (
        &[Windows1252, Iso8859_15, Macintosh],
        [
            "Straße|Königsallee|Mühlenweg|Grüner Weg|Bahnhofstraße|Schloßplatz|Am Bäckerhügel|Lange Straße|Ährenfeld",
            "Größe|groß|mittelgroß|größer|sehr groß|übergroß|größtenteils klein|für Männer|für Mädchen",
            "Département|Côte-d'Or|Hérault|Finistère|Rhône|Lozère|Ardèche|Isère|Bouches-du-Rhône|Nièvre",
            "Descripción|Educación pública|Administración|Pensión|Años anteriores|Señalización|Tráfico aéreo|Investigación",
            "Município|São Paulo|Florianópolis|Maceió|Goiânia|Vitória|Brasília|São Luís|Jundiaí|Ribeirão Preto",
        ],
    ),
    (
        &[Windows1252, Iso8859_15],
        [
            "Kommune|Århus|Ålborg|Sønderborg|Køge|Helsingør|Hillerød|Næstved|Rødovre|Ærø|Tårnby",
            "Ort|Malmö|Göteborg|Jönköping|Norrköping|Örebro|Västerås|Umeå|Gävle|Luleå|Växjö",
            "Paikka|Hämeenlinna|Jyväskylä|Pöytyä|Äänekoski|Mäntsälä|Ylöjärvi|Riihimäki|Seinäjoki",
            "Città|Forlì|Cefalù|Città di Castello|Cantù|Patti è più giù|San Donà|Mondovì|Nardò|perché è così",
            "Staður|Reykjavík|Kópavogur|Hafnarfjörður|Ísafjörður|Egilsstaðir|Höfn|Þórshöfn|Mosfellsbær|Húsavík",
        ],
    ),
    (
        &[Windows1250, Iso8859_2],
        [
            "Województwo|Łódzkie|Śląskie|Małopolskie|Świętokrzyskie|Warmińsko-mazurskie|Dolnośląskie|Wielkopolskie|Zażółć gęślą jaźń",
            "Město|Plzeň|Ústí nad Labem|České Budějovice|Hradec Králové|Jablonec|Děčín|Třebíč|Příbram|Žďár nad Sázavou",
            "Település|Győr|Nyíregyháza|Kecskemét|Székesfehérvár|Hódmezővásárhely|Gyöngyös|Szentgotthárd|Törökbálint|Kőszeg|Békés",
            "Mjesto|Čakovec|Šibenik|Požega|Križevci|Koprivnica|Županja|Sinj i Kaštela|Đakovo|Umag|Poreč|Velika Gorica",
            "Obec|Košice|Žilina|Banská Štiavnica|Prešov|Nové Zámky|Ružomberok|Dunajská Streda|Trenčín|Piešťany|Ľubotice",
        ],
    ),
    (
        &[Windows1257],
        [
            "Savivaldybė|Šiauliai|Panevėžys|Klaipėda|Mažeikiai|Kėdainiai|Ukmergė|Plungė|Tauragė|Kuršėnai|Radviliškis|Šilutė",
            "Pilsēta|Rīga|Liepāja|Jelgava|Jūrmala|Rēzekne|Jēkabpils|Ogre un Ķegums|Tukums|Cēsis|Kuldīga|Bauska|Gulbene un Ļaudona",
            "Pavadinimas|Lietuvių kalba|Vidutinė mėnesio temperatūra|Gyventojų skaičius|Miškų plotas|Žemės ūkis|Mokykla|Šilumos tinklai|Pajamų mokestis",
            "Nosaukums|Iedzīvotāju skaits|Vidējā temperatūra|Mežu platība|Zemkopība|Ēku pārvalde|Skolēnu skaits|Pašvaldība|Ūdens līmenis",
            "Gatvė|Vilniaus gatvė|Žvėryno gatvė|Laisvės alėja|Ąžuolų gatvė|Šv. Jono gatvė|Dariaus ir Girėno gatvė|Vyšnių gatvė|Beržų gatvė|Liepų gatvė",
        ],
    ),
    (
        &[Windows1254],
        [
            "Şehir|İstanbul|İzmir|Eskişehir|Diyarbakır|Şanlıurfa|Muğla|Balıkesir|Aydın|Kırşehir|Ağrı|Iğdır|Çanakkale",
            "Açıklama|Müşteri şikâyeti|Ödeme yapıldı|Sipariş gönderildi|İade edildi|Fatura düzenlendi|Teslimat gecikti|Ürün değiştirildi|Görüşme yapıldı",
            "İlçe|Beşiktaş|Kadıköy|Üsküdar|Şişli|Beyoğlu|Bakırköy|Sarıyer|Çankaya|Keçiören|Kuşadası|Karşıyaka",
            "Ölçüm|sıcaklık|basınç|hız|ağırlık|yükseklik|titreşim|güç|gürültü|ışık şiddeti|bağıl nem|akış hızı",
            "Ay|Ocak|Şubat|Mart|Nisan|Mayıs|Haziran|Temmuz|Ağustos|Eylül|Ekim|Kasım|Aralık|Çarşamba günü|Perşembe günü|Pazar günü değil",
        ],
    ),
    (
        &[Windows1251, Koi8R, Koi8U, Iso8859_5, Ibm866],
        [
            "Город|Москва|Санкт-Петербург|Новосибирск|Екатеринбург|Казань|Нижний Новгород|Челябинск|Самара|Омск|Ростов-на-Дону",
            "Наименование|Датчик температуры|Насос подачи воды|Электродвигатель|Подшипник|Компрессор|Редуктор|Клапан обратный",
            "Состояние|исправен|неисправен|требуется ремонт|в работе|остановлен|наладка|ожидание|авария на линии",
            "Показатель|Средняя зарплата|Число жителей|Площадь участка|Объём продаж|Выручка за месяц|Доля рынка|Прибыль до налогов",
            "Дата и время|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|январь|февраль|март|апрель|июнь",
        ],
    ),
    (
        &[Windows1253, Iso8859_7],
        [
            "Πόλη|Αθήνα|Θεσσαλονίκη|Πάτρα|Ηράκλειο|Λάρισα|Βόλος|Ιωάννινα|Χανιά|Χαλκίδα|Καβάλα|Σέρρες",
            "Περιγραφή|αισθητήρας θερμοκρασίας|αντλία νερού|ηλεκτρικός κινητήρας|βαλβίδα|συμπιεστής|μετασχηματιστής",
            "Κατάσταση|σε λειτουργία|εκτός λειτουργίας|βλάβη|συντήρηση|αναμονή|κανονική|επείγουσα επισκευή",
            "Ημέρα|Δευτέρα|Τρίτη|Τετάρτη|Πέμπτη|Παρασκευή|Σάββατο|Κυριακή|Ιανουάριος|Φεβρουάριος|Μάρτιος",
            "Προϊόν|ελαιόλαδο|κρασί|φέτα|μέλι|ζυμαρικά|ψωμί|γάλα|γιαούρτι|πορτοκάλια|ντομάτες|πατάτες",
        ],
    ),
    (
        &[Windows1255],
        [
            "עיר|ירושלים|תל אביב|חיפה|באר שבע|אשדוד|נתניה|ראשון לציון|פתח תקווה|חולון|רמת גן",
            "תיאור|חיישן טמפרטורה|משאבת מים|מנוע חשמלי|שסתום|מדחס אוויר|תחזוקה שוטפת|החלפת מסנן",
            "מצב|תקין|לא תקין|בתחזוקה|מושבת|פעיל|ממתין לאישור|נדרש תיקון|סגור",
            "יום|ראשון|שני|שלישי|רביעי|חמישי|שישי|שבת|ינואר|פברואר|מרץ|אפריל",
            "מוצר|לחם|חלב|גבינה|ביצים|תפוחים|עגבניות|מלפפונים|שמן זית|קפה שחור|סוכר",
        ],
    ),
    (
        &[Windows1256],
        [
            "المدينة|القاهرة|الإسكندرية|الرياض|جدة|بغداد|دمشق|عمان|بيروت|الدوحة|الكويت|المنامة",
            "الوصف|مستشعر الحرارة|مضخة المياه|محرك كهربائي|صمام الأمان|ضاغط الهواء|صيانة دورية|استبدال المرشح",
            "الحالة|سليم|معطل|قيد الصيانة|متوقف|يعمل بشكل طبيعي|في الانتظار|يحتاج إلى إصلاح",
            "اليوم|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|يناير|فبراير|مارس|أبريل",
            "المنتج|خبز|حليب|جبن أبيض|بيض|تفاح|طماطم|خيار|زيت الزيتون|قهوة عربية|سكر",
        ],
    ),
    (
        &[Windows874],
        [
            "จังหวัด|กรุงเทพมหานคร|เชียงใหม่|ขอนแก่น|นครราชสีมา|สงขลา|ชลบุรี|ภูเก็ต|อุดรธานี|พิษณุโลก",
            "รายละเอียด|เครื่องวัดอุณหภูมิ|ปั๊มน้ำ|มอเตอร์ไฟฟ้า|วาล์ว|เครื่องอัดอากาศ|บำรุงรักษา|เปลี่ยนตัวกรอง",
            "สถานะ|ปกติ|ผิดปกติ|กำลังซ่อม|หยุดทำงาน|รอการอนุมัติ|ต้องซ่อมแซม|พร้อมใช้งาน",
            "วัน|จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์|มกราคม|กุมภาพันธ์|มีนาคม|เมษายน",
            "สินค้า|ขนมปัง|นมสด|ไข่ไก่|ข้าวหอมมะลิ|น้ำปลา|มะเขือเทศ|แตงกวา|กาแฟ|น้ำตาลทราย",
        ],
    ),
    (
        // Its tones are characters of their own.
        &[Windows1258],
        [
            "Thành phố|Hà Nội|Hồ Chí Minh|Đà Nẵng|Hải Phòng|Cần Thơ|Huế|Nha Trang|Đà Lạt|Vũng Tàu|Biên Hòa|Mỹ Tho",
            "Mô tả|cảm biến nhiệt độ|máy bơm nước|động cơ điện|van an toàn|máy nén khí|bảo trì định kỳ|thay bộ lọc",
            "Trạng thái|bình thường|bất thường|đang sửa chữa|đã dừng|đang hoạt động|chờ xác nhận|cần kiểm tra",
            "Ngày|thứ hai|thứ ba|thứ tư|thứ năm|thứ sáu|thứ bảy|chủ nhật|tháng một|tháng mười hai|cuối năm",
            "Sản phẩm|bánh mì|sữa tươi|trứng gà|nước mắm|cà chua|dưa chuột|cà phê|đường trắng|gạo thơm",
        ],
    ),
    (
        &[ShiftJis, EucJp],
        [
            "都市|東京|大阪|名古屋|札幌|福岡|仙台|広島|横浜|神戸|京都|新潟",
            "商品名|温度センサー|水ポンプ|電動モーター|バルブ|コンプレッサー|定期点検|フィルター交換|表示ソフト|予備ポンプ",
            "状態|正常|異常|停止中|運転中|点検中|修理が必要|待機|確認してください",
            "曜日|月曜日|火曜日|水曜日|木曜日|金曜日|土曜日|日曜日|午前十時|午後三時",
            "説明|この機能は使えません|データを表示する|お客様からの問い合わせ|能力不足のため|構成を変更した|十分な在庫がある",
        ],
    ),
    (
        &[Gb18030],
        [
            "城市|北京|上海|广州|深圳|成都|杭州|武汉|西安|南京|重庆|天津|苏州",
            "名称|温度传感器|水泵|电动机|阀门|空气压缩机|定期检修|更换滤芯|备用电源|控制系统",
            "状态|正常|异常|停机|运行中|检修中|需要维修|等待确认|已经完成",
            "日期|星期一|星期二|星期三|星期四|星期五|星期六|星期日|上午十点|下午三点",
            "说明|该设备已经停止使用|数据显示异常|客户投诉处理中|库存不足|配置已更改|请尽快联系供应商",
        ],
    ),
    (
        &[Big5],
        [
            "城市|臺北|高雄|臺中|臺南|新竹|基隆|嘉義|花蓮|宜蘭|屏東|桃園",
            "名稱|溫度感測器|水泵|電動機|閥門|空氣壓縮機|定期檢修|更換濾芯|備用電源|控制系統|功能測試",
            "狀態|正常|異常|停機|運轉中|檢修中|需要維修|等待確認|已經完成|許可證過期",
            "日期|星期一|星期二|星期三|星期四|星期五|星期六|星期日|上午十點|下午三點",
            "說明|該設備已經停止使用|資料顯示異常|客戶投訴處理中|庫存不足|設定已變更|請儘快聯絡供應商",
        ],
    ),
    (
        &[EucKr],
        [
            "도시|서울|부산|대구|인천|광주|대전|울산|수원|창원|고양|제주",
            "설명|온도 센서|물 펌프|전동기|밸브|공기 압축기|정기 점검|필터 교체|예비 전원|제어 시스템",
            "상태|정상|이상|정지|운전 중|점검 중|수리 필요|대기|확인 완료",
            "요일|월요일|화요일|수요일|목요일|금요일|토요일|일요일|오전 열시|오후 세시",
            "제품|빵|우유|치즈|달걀|사과|토마토|오이|올리브유|커피|설탕|간장",
        ],
    ),
    (
        &[Iso8859_3],
        [
            "Urbo|Ĉefurbo|Ĝenevo|Ŝanhajo|Ĵakarto|Ĥarkovo|Aŭstralio",
            "Belt|Ħamrun|Ħal Qormi|Ġgantija|Żejtun|Birżebbuġa|Għaxaq",
            "Ĉapitro|unua|dua|ĉiuj|preskaŭ ĉio",
            "Stat|tajjeb ħafna|mhux żgur|ġdid|żbaljat",
            "Priskribo|ŝaltita|malŝaltita|ĝusta|erara ĉe ŝarĝo",
        ],
    ),
    (
        &[Iso8859_4, Iso8859_10, Iso8859_13],
        [
            "Linn|Pärnu|Põlva|Võru|Jõgeva|Kärdla|Mustjõe",
            "Pilsēta|Liepāja|Rēzekne|Cēsis|Kuldīga",
            "Miestas|Šiauliai|Klaipėda|Mažeikiai|Ukmergė",
            "Olek|töökorras|rikkis|hooldusel|väljas",
            "Ala|põld|mägi|jõgi|väli|öö",
        ],
    ),
    (
        &[Iso8859_14],
        [
            "Tref|Llanŵ|Tŷ Ddewi|Yr Ŵyddgrug|Pwllheli a'r Ŷd",
            "Dŵr|glân|budr|dŵr poeth|tŷ bach",
            "Baile|Béal Átha|Áth Ċliaṫ|Sliġeaċ",
            "Cyflwr|iawn|tân|gŵyl|ŷd",
            "Enw|Siân|Gwên|Ŵan|Llŷr",
        ],
    ),
    (
        &[Iso8859_16],
        [
            "Oraș|București|Iași|Timișoara|Brașov|Galați|Constanța|Ploiești",
            "Județ|Argeș|Bistrița-Năsăud|Brăila|Călărași|Caraș-Severin|Mehedinți",
            "Stare|funcționează|oprit|defecțiune|în așteptare",
            "Zi|luni|marți|miercuri|sâmbătă|duminică",
            "Produs|pâine|brânză|roșii|smântână|țuică",
        ],
    ),
    (
        &[Iso8859_6],
        [
            "المدينة|القاهرة|الرياض|بغداد|دمشق",
            "الحالة|سليم|معطل|متوقف",
            "اليوم|الأحد|الاثنين|السبت",
            "المنتج|خبز|حليب|تفاح",
            "الوصف|صمام الأمان|ضاغط الهواء",
        ],
    ),
    (
        &[Iso8859_8],
        [
            "עיר|ירושלים|חיפה|אשדוד|נתניה",
            "מצב|תקין|לא תקין|פעיל|סגור",
            "יום|ראשון|שני|שבת",
            "מוצר|לחם|חלב|סוכר",
            "תיאור|משאבת מים|מנוע חשמלי",
        ],
    ),
];

/// A table of a list of words: a column of numbers, the words, and more numbers, each row another word.
pub fn table(list: &str, rows: usize) -> String {
    let mut words = list.split('|');
    let heading = words.next().unwrap_or_default();
    let words: Vec<&str> = words.collect();
    let mut text = format!("id,{heading},value\n");
    for row in 0..rows {
        writeln!(text, "{},{},{}.{}", row + 1, words[row % words.len()], row * 37 % 101, row % 10).expect("text");
    }
    text
}
