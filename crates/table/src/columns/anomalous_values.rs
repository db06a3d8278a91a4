//! Which values of a label mean odd.

use pinhole_protocol::table::LabelValue;

const ODD_WORDS: [&str; 30] = [
    "true",
    "yes",
    "y",
    "t",
    "anomaly",
    "anomalous",
    "anomalies",
    "abnormal",
    "attack",
    "fraud",
    "fraudulent",
    "malignant",
    "outlier",
    "odd",
    "o",
    "malicious",
    "malware",
    "intrusion",
    "fail",
    "failed",
    "failure",
    "fault",
    "faulty",
    "defect",
    "defective",
    "bad",
    "positive",
    "spam",
    "phishing",
    "sick",
];
const NORMAL_WORDS: [&str; 18] = [
    "false",
    "no",
    "n",
    "f",
    "normal",
    "benign",
    "inlier",
    "legit",
    "legitimate",
    "ok",
    "good",
    "healthy",
    "pass",
    "passed",
    "negative",
    "ham",
    "nominal",
    "background",
];

/// Words that many columns hold which say nothing of oddness.
const COMMON_WORDS: [&str; 14] =
    ["true", "false", "yes", "no", "y", "n", "t", "f", "o", "positive", "negative", "pass", "passed", "failed"];

/// Whether values speak of ordinary and odd rows by themselves, such as `ok` and `fault`.
pub fn are_telling<'a>(values: impl Iterator<Item = &'a str>) -> bool {
    let (mut is_normal_named, mut is_odd_named) = (false, false);
    for value in values {
        let word = value.trim().trim_end_matches('.').to_lowercase();
        let word = word.as_str();
        if !COMMON_WORDS.contains(&word) {
            is_normal_named |= NORMAL_WORDS.contains(&word);
            is_odd_named |= ODD_WORDS.contains(&word);
        }
    }
    is_normal_named && is_odd_named
}

/// The values that mean odd, of values sorted by how often they occur: by their words (scikit-learn's -1 and 1 included);
/// else, among 0 and 1, the 1; else the rarest.
pub fn anomalous_values(values: &[LabelValue]) -> Vec<String> {
    let word = |value: &LabelValue| value.value.trim().trim_end_matches('.').to_lowercase();
    let words: Vec<String> = values.iter().map(word).collect();
    let among = |list: &[&str]| words.iter().map(|word| list.contains(&word.as_str())).collect::<Vec<bool>>();
    let number = |target: f64| {
        let is_it = |word: &String| word.parse::<f64>().is_ok_and(|value| (value - target).abs() < f64::EPSILON);
        words.iter().map(is_it).collect::<Vec<bool>>()
    };
    let any = |picked: &[bool]| picked.contains(&true);
    let (is_normal, is_odd) = (among(&NORMAL_WORDS), among(&ODD_WORDS));
    let picked: Vec<bool> = if any(&is_normal) {
        is_normal.iter().map(|is_normal| !is_normal).collect()
    } else if any(&is_odd) {
        is_odd
    } else if values.len() == 2 && any(&number(-1.0)) && any(&number(1.0)) {
        number(-1.0)
    } else if values.len() == 2 && any(&number(0.0)) && any(&number(1.0)) {
        number(1.0)
    } else {
        (0..values.len()).map(|index| index + 1 == values.len()).collect()
    };
    values.iter().zip(picked).filter(|(_, is_odd)| *is_odd).map(|(value, _)| value.value.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[(&str, u64)], odd: &[&str]) {
        let values: Vec<_> =
            values.iter().map(|(value, rows)| LabelValue { value: (*value).into(), rows: *rows }).collect();
        assert_eq!(anomalous_values(&values), odd);
    }

    #[test]
    fn words_come_before_counts() {
        check(&[("0", 90), ("1", 10)], &["1"]);
        check(&[("1", 90), ("0", 10)], &["1"]);
        check(&[("1.0", 9), ("0.0", 1)], &["1.0"]);
        check(&[("1", 90), ("-1", 10)], &["-1"]);
        check(&[("neptune", 50), ("normal.", 40), ("smurf", 3)], &["neptune", "smurf"]);
        check(&[("Malignant", 60), ("B", 30)], &["Malignant"]);
        check(&[("n", 60), ("o", 3)], &["o"]);
        check(&[("a", 60), ("b", 30), ("c", 2)], &["c"]);
    }
}
