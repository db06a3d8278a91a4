//! The listings of the presets and of the combinations equal the stored ones, which `tests/listings/check.py` runs in
//! PyTorch.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use pinhole_export::pytorch::listing;
use pinhole_protocol::{CheckedExperiment, Preset, TrainingStart, presets};
use serde_json::{Value, json};

use crate::combinations::{Combination, combinations};

/// Variable that writes the files instead of comparing with them.
const RENEW: &str = "PINHOLE_RENEW_LISTINGS";

/// Every experiment with a stored listing, by the file's name.
fn experiments() -> BTreeMap<String, (CheckedExperiment, TrainingStart)> {
    let of_preset = |Preset { name, experiment, start, .. }| (name.to_owned(), experiment, start);
    let of_combination = |Combination { name, experiment, start }| (format!("combinations/{name}"), experiment, start);
    let all = presets().into_iter().map(of_preset).chain(combinations().into_iter().map(of_combination));
    all.map(|(name, experiment, start)| {
        let checked = experiment.check().unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, (checked, start))
    })
    .collect()
}

/// Asserts that a file has this text; writes it if asked to.
fn assert_stored(name: &str, text: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "listings", name].iter().collect();
    if env::var_os(RENEW).is_some() {
        fs::write(&path, text).expect("the folder of the listings is writable");
    }
    assert!(
        text == fs::read_to_string(&path).unwrap_or_default(),
        "{name} differs from what is stored. If that is meant, write it anew by `{RENEW}=1 cargo test -p \
         pinhole-export`, run tests/listings/check.py, and look at the difference. The new text:\n\n{text}"
    );
}

#[test]
fn every_experiment_has_the_stored_listing() {
    for (name, (experiment, start)) in experiments() {
        assert_stored(&format!("{name}.py"), &listing(&experiment, start).text);
    }
}

/// The tensors of every plan, with which the script compares those of PyTorch's modules.
#[test]
fn the_stored_shapes_are_those_of_the_plans() {
    let of = |(name, (experiment, _)): (String, (CheckedExperiment, TrainingStart))| {
        let plan = experiment.plan();
        let trained = plan.tensors().into_iter().filter(|tensor| tensor.is_trained);
        let mut shapes: Vec<Vec<usize>> = trained.map(|tensor| tensor.shape).collect();
        shapes.sort_unstable();
        let input = [plan.input.channels, plan.input.height, plan.input.width];
        let expected = json!({
            "input": input, "code_values": plan.code.len(), "parameters": plan.parameters(), "shapes": shapes,
        });
        (name, expected)
    };
    let expected: Vec<(String, Value)> = experiments().into_iter().map(of).collect();
    let lines: Vec<String> = expected.iter().map(|(name, value)| format!("{}: {value}", json!(name))).collect();
    assert_stored("expected.json", &format!("{{\n{}\n}}\n", lines.join(",\n")));
}

#[test]
fn a_preset_is_wholly_expressed() {
    for Preset { name, experiment, start, .. } in presets() {
        let listing = listing(&experiment.check().expect("a preset is valid"), start);
        assert_eq!(listing.omissions, Vec::<String>::new(), "{name}");
        assert!(listing.text.starts_with("import"), "{name}");
    }
}
