//! Names of label columns, in the languages of most files.

/// Kind of a name of label columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LabelName {
    /// It says that the column marks anomalies: whatever the values are, one of them is the anomaly.
    Anomaly,
    /// It says that the column has classes, such as `class`: their names must be those of an anomaly label too.
    Class,
}

/// Names in lower-case letters and digits, the most certain first.
#[rustfmt::skip] // one per line, they are longer than a screen
const NAMES: [(LabelName, &[&str]); 5] = [
    (
        LabelName::Class,
        &[
            "label", "labels", "etikett", "etiqueta", "etichetta", "étiquette", "rótulo", "rotulo", "etykieta",
            "etiket", "метка", "标签", "標籤", "ラベル", "正解ラベル", "라벨", "레이블", "تسمية",
        ],
    ),
    (
        LabelName::Anomaly,
        &[
            "isanomaly", "anomaly", "anomalous", "isoutlier", "outlier", "outliers", "isodd", "odd", "isabnormal",
            "isfraud", "fraud", "fraudulent", "isattack", "ismalicious", "malicious",
        ],
    ),
    (
        LabelName::Class,
        &[
            "groundtruth", "target", "class", "classes", "y",
        ],
    ),
    (
        LabelName::Anomaly,
        &[
            "attack", "attackcat", "attacktype", "intrusion", "defect", "defective", "failure", "machinefailure",
            "fault", "anomalie", "anomalía", "anomalia", "аномалия", "anomali", "ausreißer", "ausreisser",
            "afwijking", "avvikelse", "avvik", "betrug", "istbetrug", "fraude", "frode", "oszustwo",
            "мошенничество", "bedrägeri", "fehler", "fehlerhaft", "defekt", "störung", "stoerung", "ausfall",
            "défaut", "defaut", "panne", "defecto", "fallo", "falla", "difetto", "guasto", "defeito", "falha",
            "storing", "fel", "fejl", "feil", "usterka", "wada", "awaria", "дефект", "неисправность", "arıza",
            "hata", "poikkeama", "vika", "异常", "異常", "是否异常", "是否異常", "欺诈", "詐欺", "是否欺诈", "故障", "是否故障", "缺陷", "是否缺陷",
            "不良", "異常フラグ", "不良フラグ", "欠陥", "不正", "이상", "이상여부", "불량", "불량여부", "결함", "고장", "고장여부", "사기", "사기여부", "شاذ",
            "شذوذ", "احتيال", "عطل", "خلل", "عيب",
        ],
    ),
    (
        LabelName::Class,
        &[
            "category", "diagnosis", "result", "outcome", "klasse", "classe", "clase", "klass", "klasa", "třída",
            "класс", "sınıf", "befund", "diagnose", "diagnostic", "diagnóstico", "ergebnis", "prüfergebnis",
            "pruefergebnis", "résultat", "resultat", "resultado", "risultato", "esito", "resultaat", "uitslag",
            "wynik", "výsledek", "результат", "sonuç", "luokka", "tulos", "标记", "標記", "标注", "类别", "類別", "分类", "分類",
            "结果", "結果", "检测结果", "檢測結果", "检验结果", "檢驗結果", "判定", "判定结果", "判定結果", "诊断", "診斷", "诊断结果", "クラス", "検査結果",
            "合否", "良否", "診断", "클래스", "분류", "판정", "결과", "검사결과", "판정결과", "진단", "التصنيف", "تصنيف", "الفئة", "فئة",
            "النتيجة", "نتيجة", "التشخيص", "تشخيص",
        ],
    ),
];

/// Rank of a name among those of labels, and its kind; `None`: it names no label.
pub(super) fn label_name(name: &str) -> Option<(usize, LabelName)> {
    let plain: String = name.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect();
    let names = NAMES.iter().flat_map(|(kind, names)| names.iter().map(move |name| (name, *kind)));
    names.enumerate().find(|(_, (name, _))| **name == plain).map(|(rank, (_, kind))| (rank, kind))
}
