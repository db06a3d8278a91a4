//! The label column: found by its name or its classes in many languages, and not where there is none.

use crate::reading::{has_warning, scan_column};

#[test]
fn labels_are_known_in_the_languages_of_east_asia_and_in_arabic() {
    for (name, [normal, anomalous]) in [
        ("标签", ["正常", "异常"]),
        ("检验结果", ["合格", "不合格"]),
        ("是否欺诈", ["否", "是"]),
        ("類別", ["正常", "異常"]),
        ("判定", ["OK", "NG"]),
        ("ラベル", ["正常", "異常"]),
        ("検査結果", ["良品", "不良品"]),
        ("異常フラグ", ["なし", "あり"]),
        ("라벨", ["정상", "이상"]),
        ("불량여부", ["양호", "불량"]),
        ("판정 결과", ["합격", "불합격"]),
        ("التصنيف", ["طبيعي", "شاذ"]),
        ("النتيجة", ["سليم", "معطل"]),
        ("luokka", ["normaali", "poikkeama"]),
    ] {
        let summary = scan_column(name, |row| if row % 20 == 3 { anomalous } else { normal }.to_owned());
        let label = summary.label.unwrap_or_else(|| panic!("{name} is a label"));
        assert_eq!((label.column, label.anomalous_values), (0, vec![anomalous.to_owned()]), "{name}");
    }
}

#[test]
fn labels_are_known_by_their_classes_alone() {
    for [normal, anomalous] in [
        ["正常", "异常"],
        ["良品", "不良品"],
        ["정상", "불량"],
        ["سليم", "معطل"],
        ["goed", "fout"],
        ["норма", "авария"],
    ] {
        let summary = scan_column("x", |row| if row % 20 == 3 { anomalous } else { normal }.to_owned());
        assert_eq!(summary.label.map(|label| label.anomalous_values), Some(vec![anomalous.to_owned()]));
    }
}

#[test]
fn two_classes_without_an_anomaly_are_no_label() {
    for (name, classes) in [
        ("target", ["north", "south"]),
        ("class", ["economy", "business"]),
        ("label", ["Sony", "EMI"]),
        ("result", ["win", "loss"]),
        ("Klasse", ["5a", "5b"]),
        ("category", ["food", "toys"]),
        ("类别", ["食品", "玩具"]),
        ("クラス", ["東", "西"]),
    ] {
        let summary = scan_column(name, |row| classes[row * 7 / 3 % 2].to_owned());
        assert_eq!(summary.label, None, "{name}");
        assert!(has_warning(&summary, "is named like a label"), "{name} {:?}", summary.warnings);
    }
    for (name, classes) in [("weather", ["good", "bad"]), ("sex", ["male", "female"]), ("size", ["normal", "large"])] {
        let summary = scan_column(name, |row| classes[row * 7 / 3 % 2].to_owned());
        assert_eq!(summary.label, None, "{name}");
        assert!(!has_warning(&summary, "named like a label"), "{name}");
    }
}

#[test]
fn named_classes_with_an_anomaly_stay_labels() {
    for (name, classes, anomalous) in [
        ("target", ["0", "1"], "1"),
        ("class", ["normal", "attack"], "attack"),
        ("diagnosis", ["benign", "malignant"], "malignant"),
        ("y", ["1", "-1"], "-1"),
        ("isFraud", ["a", "b"], "b"),
    ] {
        let summary = scan_column(name, |row| classes[usize::from(row % 5 < 2)].to_owned());
        assert_eq!(summary.label.map(|label| label.anomalous_values), Some(vec![anomalous.to_owned()]), "{name}");
    }
    // A rare class of unknown meaning.
    let summary = scan_column("class", |row| if row % 12 == 5 { "B" } else { "A" }.to_owned());
    assert_eq!(summary.label.map(|label| label.anomalous_values), Some(vec!["B".to_owned()]));
}
