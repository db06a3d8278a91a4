//! What a network learns beside its reconstruction: a regression of an attribute, and latent numbers tied to attributes
//! and labels, of generated digits and of a table with empty cells.

use std::fmt::Write as _;

use pinhole_anomaly::{
    SharedTable, Table,
    jobs::{Job, ScanJob},
};
use pinhole_engine::{
    Model,
    data::{self, SamplePlan, SampleSet, SamplesJob},
    measure::{HeldOut, measure},
    training::{Start, TrainingRun},
};
use pinhole_protocol::{
    Activation, BottleneckSpec, DataSpec, Experiment, GridShape, ImageSource, Measure, Measurement, NetworkSpec,
    Objective, RegressionSpec, Schedule, Tie, TieTarget,
};
use pinhole_table::source::MemorySource;

use crate::common::{checked, cpu, file, run_to_end};

/// A dense network with a linear code of 16.
fn experiment(objective: Objective) -> Experiment {
    Experiment {
        network: NetworkSpec {
            encoder: NetworkSpec::dense_blocks(&[64]),
            bottleneck: BottleneckSpec::Dense { size: 16, activation: Activation::Linear },
            ..NetworkSpec::default()
        },
        objective,
        schedule: Schedule { epochs: 8, batch_size: 32, learning_rate: 3e-3, ..Schedule::default() },
        seed: 1,
        ..Experiment::default()
    }
}

fn to(latent: usize, attribute: &str) -> Tie {
    Tie { latent, target: TieTarget::Attribute(attribute.into()) }
}

fn with_regression(mut experiment: Experiment, attribute: &str) -> Experiment {
    experiment.network.regression = Some(RegressionSpec { attribute: attribute.into() });
    experiment
}

fn train(experiment: Experiment, samples: &SampleSet) -> (Model, HeldOut) {
    let mut run = TrainingRun::new(&cpu(), checked(experiment), samples, Start::Fresh).expect("the run can start");
    run_to_end(&mut run).expect("the CPU does not fail");
    let held_out = run.held_out().clone();
    (run.into_model("test".into()), held_out)
}

fn measured(model: &Model, held_out: &HeldOut, wanted: Measure) -> Measurement {
    let measured = pollster::block_on(measure(model, held_out, &[wanted], None, &async || ()));
    let measurement = measured.expect("the measure is applicable")[0];
    println!("{measurement:?}");
    measurement
}

fn refusal(experiment: Experiment, samples: &SampleSet) -> String {
    match TrainingRun::new(&cpu(), checked(experiment), samples, Start::Fresh) {
        Ok(_) => panic!("it is not refused"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_regression_head_predicts_the_slant_and_its_file_keeps_the_scale() {
    let digits = data::strokes(0, 2_000);
    let objective = Objective { regression: 0.3, ..Objective::default() };
    let (model, held_out) = train(with_regression(experiment(objective), "slant"), &digits);
    let r2 = measured(&model, &held_out, Measure::RegressionR2);
    assert!(r2.value > 0.7 && r2.samples == 200, "{r2:?}");
    let mae = measured(&model, &held_out, Measure::RegressionMae);
    assert!(mae.value < 0.6 * mae.reference.expect("that of the mean"), "{mae:?}");
    let opened = Model::from_file("opened", &file(&model), &cpu()).expect("it was written");
    assert_eq!(measured(&opened, &held_out, Measure::RegressionMae), mae);
}

#[test]
fn tied_numbers_are_their_attributes_and_the_label() {
    let digits = data::strokes(0, 2_000);
    let label = Tie { latent: 2, target: TieTarget::Label { classes: 10 } };
    let train_with = |tying| {
        let ties = vec![to(0, "slant"), to(1, "pen width"), label.clone()];
        train(experiment(Objective { ties, tying, ..Objective::default() }), &digits)
    };
    let [(tied, held_out), (untied, _)] = [0.1, 0.0].map(train_with);
    let [of_tied, of_untied] = [&tied, &untied].map(|model| measured(model, &held_out, Measure::TiedCorrelation));
    assert!(of_tied.value > 0.85 && of_untied.value.abs() < 0.5, "{of_tied:?} {of_untied:?}");
    assert!(of_tied.reference.expect("the best other number") < of_tied.value, "{of_tied:?}");
    let [of_tied, of_untied] = [&tied, &untied].map(|model| measured(model, &held_out, Measure::TiedAccuracy));
    assert!(of_tied.value > 0.8 && of_untied.value < 0.4, "{of_tied:?} {of_untied:?}");
    let [error, without] = [&tied, &untied].map(|model| measured(model, &held_out, Measure::ReconstructionError).value);
    assert!(error < 1.5 * without, "{error} against {without}");
}

/// Boxes whose weight, missing in two of three rows, is a sum of their sides.
fn boxes() -> SharedTable {
    let mut text = String::from("width,height,weight\n");
    for row in 0..300 {
        let (width, height) = (1 + row % 7, 1 + row % 11);
        let weight = if row % 3 == 0 { (2 * width + 3 * height).to_string() } else { String::new() };
        writeln!(text, "{width},{height},{weight}").expect("text can be written");
    }
    let (table, _) = Table::open(Box::new(MemorySource::new("boxes.csv", text)), None).expect("a table");
    run(ScanJob::new(&table).expect("it can be read"));
    table
}

fn run<J: Job>(mut job: J) -> J::Output {
    loop {
        if let Some(output) = pollster::block_on(job.advance()).expect("the table is good") {
            return output;
        }
    }
}

#[test]
fn a_column_is_learnt_from_the_others_where_it_is_known() {
    let table = boxes();
    let plan = || SamplePlan::new(&table.borrow(), None).expect("it has columns");
    let unknown = plan().with_attributes(vec!["volume".into()]).expect_err("no such column").to_string();
    assert!(unknown.contains("“volume”") && unknown.contains("width, height, weight"), "{unknown}");
    let plan = plan().with_attributes(vec!["weight".into()]).expect("it is a column");
    let rows = run(SamplesJob::new(&table, plan, None, 0).expect("two columns are left"));
    assert_eq!((rows.shape().channels, rows.len()), (2, 300));
    let weights = rows.attributes().find("weight").expect("it was asked for");
    assert_eq!(weights.values.iter().flatten().count(), 100);
    let mut of_rows = with_regression(experiment(Objective { regression: 1.0, ..Objective::default() }), "weight");
    of_rows.data = DataSpec { source: ImageSource::TableRows, limit: None };
    of_rows.network.input = GridShape { channels: 2, height: 1, width: 1 };
    of_rows.network.output_activation = Activation::Linear;
    of_rows.schedule.epochs = 30;
    let (model, held_out) = train(of_rows, &rows);
    let r2 = measured(&model, &held_out, Measure::RegressionR2);
    assert!(r2.value > 0.9 && r2.samples < 30, "{r2:?}");
}

#[test]
fn samples_without_the_attribute_are_refused_with_those_that_they_have() {
    let slant = with_regression(experiment(Objective::default()), "slant");
    let sentence = refusal(slant, &data::digits8x8(GridShape::MNIST));
    assert!(sentence.contains("generated digits") && sentence.ends_with('.'), "{sentence}");
    let label = Tie { latent: 0, target: TieTarget::Label { classes: 9 } };
    let sentence = refusal(experiment(Objective { ties: vec![label], ..Objective::default() }), &data::strokes(0, 20));
    assert!(sentence.contains("the tie tells 9 apart"), "{sentence}");
}
