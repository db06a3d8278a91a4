//! Values of a label that mark an anomaly.

use pinhole_protocol::table::LabelValue;

use super::class_names::{ANOMALY_WORDS, COMMON_WORDS, NORMAL_WORDS};

/// True if both classes are among the values by unambiguous names, such as `ok` and `fault`.
pub fn name_both_classes<'a>(values: impl Iterator<Item = &'a str>) -> bool {
    let (mut has_normal, mut has_anomaly) = (false, false);
    for value in values {
        let word = value.trim().trim_end_matches('.').to_lowercase();
        let word = word.as_str();
        if !COMMON_WORDS.contains(&word) {
            has_normal |= NORMAL_WORDS.contains(&word);
            has_anomaly |= ANOMALY_WORDS.contains(&word);
        }
    }
    has_normal && has_anomaly
}

/// True if a value is the name of an anomalous class.
pub fn is_anomaly_name(value: &str) -> bool {
    ANOMALY_WORDS.contains(&value.trim().trim_end_matches('.').to_lowercase().as_str())
}

/// True if a value is the name of a normal or an anomalous class.
pub fn name_a_class<'a>(mut values: impl Iterator<Item = &'a str>) -> bool {
    values.any(|value| {
        let word = value.trim().trim_end_matches('.').to_lowercase();
        NORMAL_WORDS.contains(&word.as_str()) || ANOMALY_WORDS.contains(&word.as_str())
    })
}

/// The values that mark an anomaly. `values` are sorted by frequency, the most frequent first.
///
/// All values except the names of the normal class; else the names of the anomalous class; else -1 of -1 and 1 (as in
/// scikit-learn); else 1 of 0 and 1; else the rarest value.
pub fn anomalous_values(values: &[LabelValue]) -> Vec<String> {
    let word = |value: &LabelValue| value.value.trim().trim_end_matches('.').to_lowercase();
    let words: Vec<String> = values.iter().map(word).collect();
    let among = |names: &[&str]| words.iter().map(|word| names.contains(&word.as_str())).collect::<Vec<bool>>();
    let equals = |target: f64| {
        let is_equal = |word: &String| word.parse::<f64>().is_ok_and(|value| (value - target).abs() < f64::EPSILON);
        words.iter().map(is_equal).collect::<Vec<bool>>()
    };
    let any = |picked: &[bool]| picked.contains(&true);
    let (is_normal, is_anomaly) = (among(&NORMAL_WORDS), among(&ANOMALY_WORDS));
    let picked: Vec<bool> = if any(&is_normal) {
        is_normal.iter().map(|is_normal| !is_normal).collect()
    } else if any(&is_anomaly) {
        is_anomaly
    } else if values.len() == 2 && any(&equals(-1.0)) && any(&equals(1.0)) {
        equals(-1.0)
    } else if values.len() == 2 && any(&equals(0.0)) && any(&equals(1.0)) {
        equals(1.0)
    } else {
        (0..values.len()).map(|index| index + 1 == values.len()).collect()
    };
    values.iter().zip(picked).filter(|(_, is_anomaly)| *is_anomaly).map(|(value, _)| value.value.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[(&str, u64)], anomalous: &[&str]) {
        let values: Vec<_> =
            values.iter().map(|(value, rows)| LabelValue { value: (*value).into(), rows: *rows }).collect();
        assert_eq!(anomalous_values(&values), anomalous);
    }

    #[test]
    fn class_names_come_before_frequencies() {
        check(&[("0", 90), ("1", 10)], &["1"]);
        check(&[("1", 90), ("0", 10)], &["1"]);
        check(&[("1.0", 9), ("0.0", 1)], &["1.0"]);
        check(&[("1", 90), ("-1", 10)], &["-1"]);
        check(&[("neptune", 50), ("normal.", 40), ("smurf", 3)], &["neptune", "smurf"]);
        check(&[("Malignant", 60), ("B", 30)], &["Malignant"]);
        check(&[("n", 60), ("o", 3)], &["o"]);
        check(&[("gut", 60), ("schlecht", 3)], &["schlecht"]);
        check(&[("nein", 60), ("ja", 3)], &["ja"]);
        check(&[("i.O.", 60), ("n.i.O.", 3)], &["n.i.O."]);
        check(&[("conforme", 60), ("non conforme", 3)], &["non conforme"]);
        check(&[("bueno", 60), ("malo", 3)], &["malo"]);
        check(&[("goed", 60), ("slecht", 3)], &["slecht"]);
        check(&[("годен", 60), ("брак", 3)], &["брак"]);
        check(&[("a", 60), ("b", 30), ("c", 2)], &["c"]);
    }
}
