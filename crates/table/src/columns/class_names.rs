//! Names of the normal and of the anomalous class, in lower case, in the languages of most files.

/// Names of the anomalous class.
#[rustfmt::skip] // one per line, they are longer than a screen
pub(super) const ANOMALY_WORDS: [&str; 201] = [
    "true", "yes", "y", "t", "anomaly", "anomalous", "anomalies", "abnormal", "attack", "fraud", "fraudulent",
    "malignant", "outlier", "odd", "o", "malicious", "malware", "intrusion", "fail", "failed", "failure", "fault",
    "faulty", "defect", "defective", "bad", "positive", "spam", "phishing", "sick", "nok", "not ok", "reject",
    "rejected", "wahr", "ja", "schlecht", "anomal", "anomalie", "fehler", "fehlerhaft", "defekt", "ausfall",
    "ausschuss", "betrug", "störung", "nio", "n.i.o", "krank", "bösartig", "auffällig", "ausreißer", "vrai", "oui",
    "mauvais", "anormal", "défaut", "défectueux", "panne", "fraude", "malade", "non conforme", "rebut", "verdadero",
    "sí", "si", "malo", "anómalo", "anomalo", "anomalía", "defectuoso", "defecto", "fallo", "falla", "enfermo",
    "vero", "sì", "cattivo", "anomalia", "difettoso", "difetto", "guasto", "scarto", "frode", "malato", "non ok",
    "verdadeiro", "sim", "ruim", "mau", "anômalo", "defeituoso", "defeito", "falha", "doente", "waar", "slecht",
    "afwijkend", "afwijking", "storing", "ziek", "sant", "sand", "dålig", "dårlig", "fel", "fejl", "feil",
    "avvikande", "avvik", "prawda", "tak", "zły", "wadliwy", "wada", "usterka", "awaria", "nieprawidłowy", "oszustwo",
    "chory", "истина", "да", "плохо", "плохой", "брак", "дефект", "аномалия", "отказ", "мошенничество", "evet",
    "kötü", "hatalı", "arızalı", "arıza", "kusurlu", "dolandırıcılık", "ng", "fout", "poikkeama", "viallinen", "vika",
    "hylätty", "vadný", "vada", "chyba", "porucha", "anomálie", "авария", "неисправен", "неисправность", "异常", "異常",
    "不合格", "故障", "缺陷", "不良", "不良品", "次品", "是", "欺诈", "詐欺", "攻击", "攻擊", "恶性", "惡性", "失败", "失敗", "报废", "有", "あり", "はい",
    "欠陥", "不適合", "攻撃", "不正", "이상", "비정상", "불량", "불량품", "불합격", "부적합", "고장", "결함", "사기", "예", "네", "공격", "شاذ",
    "غير طبيعي", "معطل", "معيب", "تالف", "خلل", "عطل", "احتيال", "نعم", "مرفوض", "خبيث", "سيئ", "مريض", "afvigelse",
];

/// Names of the normal class.
#[rustfmt::skip]
pub(super) const NORMAL_WORDS: [&str; 116] = [
    "false", "no", "n", "f", "normal", "benign", "inlier", "legit", "legitimate", "ok", "good", "healthy", "pass",
    "passed", "negative", "ham", "nominal", "background", "accept", "accepted", "falsch", "nein", "gut", "io", "i.o",
    "in ordnung", "gesund", "gutartig", "unauffällig", "faux", "non", "bon", "conforme", "sain", "légitime", "falso",
    "bueno", "sano", "correcto", "legítimo", "buono", "normale", "idoneo", "não", "nao", "bom", "saudável", "onwaar",
    "nee", "goed", "normaal", "gezond", "falskt", "falsk", "nej", "nei", "bra", "god", "frisk", "fałsz", "nie",
    "dobry", "prawidłowy", "normalny", "zdrowy", "ложь", "нет", "хорошо", "хороший", "норма", "годен", "hayır", "iyi",
    "sağlam", "fehlerfrei", "intakt", "normál", "normální", "normaali", "ehjä", "dobrý", "исправен", "normalt", "正常",
    "合格", "良好", "良品", "良", "无", "無", "否", "健康", "通过", "通過", "良性", "健常", "なし", "いいえ", "適合", "정상", "양호", "양품", "합격",
    "적합", "아니오", "아니요", "무", "طبيعي", "سليم", "سليمة", "عادي", "جيد", "صالح", "مقبول", "حميد", "لا",
];

/// Names of classes that also occur in columns other than labels.
#[rustfmt::skip]
pub(super) const COMMON_WORDS: [&str; 76] = [
    "true", "false", "yes", "no", "y", "n", "t", "f", "o", "positive", "negative", "pass", "passed", "failed",
    "accepted", "rejected", "god", "fel", "bon", "mau", "si", "on", "wahr", "falsch", "ja", "nein", "vrai", "faux",
    "oui", "non", "verdadero", "falso", "sí", "vero", "sì", "verdadeiro", "sim", "não", "nao", "waar", "onwaar",
    "nee", "sant", "sand", "falskt", "falsk", "nej", "nei", "prawda", "fałsz", "tak", "nie", "истина", "ложь", "да",
    "нет", "evet", "hayır", "是", "否", "有", "无", "無", "はい", "いいえ", "あり", "なし", "예", "네", "아니오", "아니요", "무", "نعم",
    "لا", "良", "健康",
];
