//! Verdicts on synthetic codes whose answer is known.

use pinhole_latent::Vectors;
use pinhole_numerics::random::{Stream, generator};
use pinhole_protocol::{
    Bytes, Floats,
    latent::{SampleColumn, SampleValues},
};
use rand::RngExt as _;
use rand_distr::StandardNormal;

use super::*;

const SAMPLES: usize = 240;

fn vectors(values: Vec<f32>, width: usize) -> Vectors {
    Vectors::new(values, width).expect("whole vectors")
}

/// Normal noise, [count, width].
fn noise(count: usize, width: usize, seed: u64) -> Vec<f32> {
    let mut rng = generator(seed, Stream::Measure, 0);
    (0..count * width).map(|_| rng.sample::<f32, _>(StandardNormal)).collect()
}

/// Samples of six values around three places that differ in the first, with their classes.
fn samples(count: usize, seed: u64) -> (Vectors, Vec<Option<u8>>) {
    let noise = noise(count, 6, seed);
    let classes: Vec<Option<u8>> = (0..count).map(|row| Some((row % 3) as u8)).collect();
    let rows = noise.chunks_exact(6).zip(&classes);
    let values = rows.flat_map(|(noise, class)| {
        let place = f32::from(class.unwrap_or_default()) * 3.0;
        (0..6).map(move |index| if index == 0 { 0.1_f32.mul_add(noise[0], place) } else { noise[index] })
    });
    (vectors(values.collect(), 6), classes)
}

/// A code of one number that is the first value, and its reconstruction: that value alone.
fn code_of_first(samples: &Vectors) -> (Vectors, Vectors) {
    let codes = samples.rows().map(|row| row[0]).collect();
    let rebuilt = samples.rows().flat_map(|row| [row[0], 0.0, 0.0, 0.0, 0.0, 0.0]).collect();
    (vectors(codes, 1), vectors(rebuilt, 6))
}

fn measured() -> MeasuredCode {
    let (inputs, labels) = samples(SAMPLES, 1);
    let (codes, reconstructions) = code_of_first(&inputs);
    MeasuredCode {
        codes,
        labels,
        label_names: vec!["low".into(), "middle".into(), "high".into()],
        is_anomalous: Vec::new(),
        columns: Vec::new(),
        samples: Some(MeasuredSamples {
            noun: "rows",
            shape: None,
            reconstructions,
            training: samples(SAMPLES, 2).0,
            denoising: None,
            drawn: Ok(DrawnFromCode { distribution: "the prior".into(), samples: samples(100, 3).0 }),
            inputs,
        }),
        logvar: None,
        supervised: Err("No network was trained with labels.".into()),
    }
}

fn verdict(code: &MeasuredCode, question: Question) -> Verdict {
    pollster::block_on(answer(code, question, false, &async || ())).expect("it is measured").verdict
}

fn value(verdict: &Verdict, index: usize) -> f64 {
    verdict.candidates[index].value.expect("it has a figure")
}

#[test]
fn a_code_that_is_the_first_component_is_no_better_than_pca() {
    let found = verdict(&measured(), Question::Compress);
    assert_eq!(found.candidates[1].name, "PCA, 1 number");
    assert!((value(&found, 0) - value(&found, 1)).abs() < 0.01, "{found:?}");
    assert_eq!(found.grade, Grade::Fair);
    assert!(found.sentence.starts_with("PCA with 1 component rebuilds as well"), "{}", found.sentence);
}

#[test]
fn a_code_that_rebuilds_all_is_good_and_the_components_that_it_saves_are_counted() {
    let mut code = measured();
    let samples = code.samples.as_mut().expect("there are samples");
    samples.reconstructions = samples.inputs.clone();
    // Nearly perfect, so that all but the last component are needed.
    let found = verdict(&code, Question::Compress);
    assert_eq!(found.grade, Grade::Good);
    assert!(
        found.sentence.starts_with("With 1 number this code explains 100.0 % of the variance"),
        "{}",
        found.sentence
    );
    code.codes = vectors(noise(SAMPLES, 6, 8), 6);
    assert!(verdict(&code, Question::Compress).sentence.contains("nothing is compressed"));
}

#[test]
fn denoising_needs_a_corruption_and_is_told_in_db() {
    let mut code = measured();
    let found = verdict(&code, Question::Denoise);
    assert_eq!(found.grade, Grade::NotApplicable);
    assert!(found.sentence.starts_with("It was not trained with a corruption"));
    let samples = code.samples.as_mut().expect("there are samples");
    let shifted = |by: f32| vectors(samples.inputs.values().iter().map(|value| value + by).collect(), 6);
    samples.denoising = Some(Denoising { noisy: shifted(1.0), denoised: shifted(0.1) });
    let found = verdict(&code, Question::Denoise);
    assert!((value(&found, 0) - 20.0).abs() < 0.01 && found.grade == Grade::Good, "{found:?}");
}

#[test]
fn labels_are_further_apart_than_in_raw_samples() {
    let found = verdict(&measured(), Question::Group);
    // PCA finds the same number.
    assert_eq!((found.grade, found.measure.as_str()), (Grade::Fair, "Silhouette by label"), "{found:?}");
    assert!(value(&found, 0) > 0.9 && value(&found, 2) < 0.6, "{found:?}");
}

#[test]
fn without_labels_groups_are_clusters() {
    let mut code = measured();
    code.labels = vec![None; SAMPLES];
    let found = verdict(&code, Question::Group);
    assert_eq!(found.measure, "Silhouette by k-means, 3 clusters");
    assert!(value(&found, 0) > value(&found, 2) + 0.1, "{found:?}");
    // One label is as none.
    code.labels = vec![Some(4); SAMPLES];
    assert!(verdict(&code, Question::Group).measure.contains("k-means"));
}

#[test]
fn classes_are_told_from_few_labels() {
    let mut code = measured();
    let found = verdict(&code, Question::Classify);
    assert_eq!(found.measure, "Accuracy of a linear probe with 100 labels");
    assert!(value(&found, 0) > 0.99, "{found:?}");
    assert_eq!(found.candidates.last().expect("there are some").name, "Supervised network, equal size");
    assert!(found.sentence.ends_with("No network was trained with labels."), "{}", found.sentence);
    code.supervised = Ok(0.5);
    assert!(verdict(&code, Question::Classify).sentence.contains("reaches 50.0 %"));
    // Labels of a few are enough for the least number.
    for label in &mut code.labels[60..] {
        *label = None;
    }
    assert!(verdict(&code, Question::Classify).measure.contains("20 labels"));
}

#[test]
fn missing_labels_and_one_label_are_said() {
    let mut code = measured();
    code.labels = vec![None; SAMPLES];
    assert!(verdict(&code, Question::Classify).sentence.contains("have no labels"));
    code.labels = vec![Some(2); SAMPLES];
    assert!(verdict(&code, Question::Classify).sentence.contains("the same label"));
    code.labels = (0..SAMPLES).map(|row| (row < 12).then_some((row % 2) as u8)).collect();
    assert!(verdict(&code, Question::Classify).sentence.contains("12 labelled samples are too few"));
}

#[test]
fn anomalies_are_told_by_their_errors() {
    let mut code = measured();
    assert!(verdict(&code, Question::Detect).sentence.contains("No label says"));
    code.is_anomalous = vec![Some(false); SAMPLES];
    assert!(verdict(&code, Question::Detect).sentence.contains("of one kind"));
    let samples = code.samples.as_mut().expect("there are samples");
    samples.reconstructions = samples.inputs.clone();
    let mut values = samples.reconstructions.values().to_vec();
    for row in 0..20 {
        code.is_anomalous[row] = Some(true);
        values[row * 6 + 2] += 5.0;
    }
    code.is_anomalous[20] = None;
    samples.reconstructions = vectors(values, 6);
    let found = verdict(&code, Question::Detect);
    assert!((value(&found, 0) - 1.0).abs() < 1e-12 && found.grade == Grade::Good, "{found:?}");
}

#[test]
fn samples_of_the_same_kind_are_like_real_ones_and_copies_are_told() {
    let mut code = measured();
    let found = verdict(&code, Question::Generate);
    assert!((value(&found, 0) - 1.0).abs() < 0.15 && found.grade == Grade::Good, "{found:?}");
    let samples = code.samples.as_mut().expect("there are samples");
    samples.drawn = Ok(DrawnFromCode { distribution: "a mixture".into(), samples: samples.training.clone() });
    let found = verdict(&code, Question::Generate);
    assert_eq!(found.grade, Grade::Poor);
    assert!(found.sentence.contains("100.0 % of the samples from a mixture are nearly copies"), "{}", found.sentence);
    let samples = code.samples.as_mut().expect("there are samples");
    samples.drawn = Err("Its code alone cannot be decoded.".into());
    assert_eq!(verdict(&code, Question::Generate).sentence, "Its code alone cannot be decoded.");
}

#[test]
fn all_measures_have_a_figure_for_the_code() {
    let mut code = measured();
    let classes: Vec<u8> = code.labels.iter().map(|label| label.unwrap_or(255)).collect();
    code.columns = vec![
        SampleColumn { name: "first".into(), values: SampleValues::Numbers(Floats(code.codes.values().to_vec())) },
        SampleColumn {
            name: "class".into(),
            values: SampleValues::Categories { names: code.label_names.clone(), indices: Bytes(classes) },
        },
    ];
    code.logvar = Some(vectors(vec![0.0; SAMPLES], 1));
    let found = pollster::block_on(answer(&code, Question::Compress, true, &async || ())).expect("it is measured");
    assert_eq!(found.samples, SAMPLES);
    let value = |name: &str| {
        let measure = found.more.iter().find(|measure| measure.name == name);
        measure.unwrap_or_else(|| panic!("{name} is missing")).candidates[0].value.expect("it has a figure")
    };
    assert!((value("Correlation with “first”") - 1.0).abs() < 1e-9);
    assert!(value("Correlation ratio with the label") > 0.99);
    assert!((value("Mutual information with “class” in nats, numbers in 20 bins") - 3.0_f64.ln()).abs() < 1e-6);
    assert!(value("low: F1 with 100 labels") > 0.99);
    assert!((value("Intrinsic dimension (TwoNN)") - 1.0).abs() < 0.3);
    for name in ["Mean squared error", "Continuity, 12 neighbours", "KL divergence in nats", "Variance"] {
        assert!(value(name).is_finite());
    }
    assert!(found.more.iter().all(|measure| !measure.candidates.is_empty()));
}

#[test]
fn vectors_from_a_file_are_grouped_and_classified() {
    let code = MeasuredCode { samples: None, ..measured() };
    for question in [Question::Compress, Question::Denoise, Question::Detect, Question::Generate] {
        assert_eq!(verdict(&code, question).grade, Grade::NotApplicable, "{question:?}");
    }
    assert!(value(&verdict(&code, Question::Group), 0) > 0.9);
    assert!(value(&verdict(&code, Question::Classify), 0) > 0.99);
}

#[test]
fn equal_codes_and_few_codes_are_said() {
    let code = MeasuredCode { codes: vectors(vec![1.0; SAMPLES], 1), ..measured() };
    for question in Question::ALL {
        let found = verdict(&code, question);
        assert!(found.candidates.iter().filter_map(|candidate| candidate.value).all(f64::is_finite), "{found:?}");
    }
    assert!(value(&verdict(&code, Question::Group), 0).abs() < 1e-12);
    let more = pollster::block_on(answer(&code, Question::Group, true, &async || ())).expect("it is measured").more;
    let values = more.iter().flat_map(|measure| &measure.candidates).filter_map(|candidate| candidate.value);
    assert!(values.into_iter().all(f64::is_finite));
    let few = MeasuredCode { codes: vectors(vec![1.0], 1), labels: vec![None], samples: None, ..code };
    let error = pollster::block_on(answer(&few, Question::Group, false, &async || ())).expect_err("too few");
    assert_eq!(error.to_string(), "A code is measured on at least 4 samples, and there are 1: open more.");
}
