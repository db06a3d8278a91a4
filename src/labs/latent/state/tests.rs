//! Tests of the lab's state.

use pinhole_protocol::{
    Bytes, Event, GridShape, TrainingEnd,
    latent::{LatentActivity, LatentEvent, LatentProgress, MapQuality, Projection, Snapshot},
    table::TableEvent,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::labs::tables::fixtures;

/// Vectors of four samples with labels.
pub fn vectors(width: usize) -> VectorSet {
    let values = SampleValues::Categories { names: vec!["3".into(), "8".into()], indices: Bytes(vec![0, 1, 1, 255]) };
    VectorSet {
        name: "Two numbers, epoch 40".into(),
        count: 4,
        total: 4,
        width,
        are_held_out: true,
        are_coordinates: false,
        columns: vec![SampleColumn { name: "Label".into(), values }],
        decoding: Decoding::Pictures { shape: GridShape::MNIST },
        has_prior: false,
        thumbnails: None,
        warnings: Vec::new(),
    }
}

fn latent(event: LatentEvent) -> LabAction {
    LabAction::Receive(Box::new(Event::Latent(event)))
}

fn snapshot(epoch: usize) -> LabAction {
    let positions = Floats(vec![epoch as f32; 8]);
    latent(LatentEvent::Snapshot(Snapshot { epoch, positions, labels: Bytes(vec![0, 1, 1, 255]) }))
}

fn projected(is_partial: bool) -> LabAction {
    latent(LatentEvent::Projected(Box::new(ProjectedMap {
        projection: Projection::Pca,
        seed: 1,
        positions: Floats(vec![1.0; 8]),
        is_partial,
        pca: None,
        quality: MapQuality::default(),
        seconds: 0.1,
    })))
}

fn progress(value: f32) -> LabAction {
    latent(LatentEvent::Progress(LatentProgress {
        activity: LatentActivity::Layout,
        done: 1,
        total: 2,
        per_second: 1.0,
        seconds_left: None,
        is_paused: false,
        positions: Some(Floats(vec![value; 8])),
    }))
}

fn training_started() -> LabAction {
    LabAction::Receive(Box::new(Event::TrainingStarted { train_images: 1, validation_images: 1 }))
}

fn lab(actions: impl IntoIterator<Item = LabAction>) -> Rc<Lab> {
    actions.into_iter().fold(Rc::default(), Lab::reduce)
}

fn opened() -> LabAction {
    latent(LatentEvent::Opened(Box::new(vectors(2))))
}

#[wasm_bindgen_test(unsupported = test)]
fn a_run_is_followed_until_a_moment_is_chosen() {
    let lab = lab([training_started(), snapshot(0), snapshot(1)]);
    assert_eq!(lab.shown, Shown::Epoch(1));
    let lab = lab.reduce(LabAction::ShowMoment(Shown::Epoch(0))).reduce(snapshot(2));
    assert_eq!(lab.shown, Shown::Epoch(0), "it is looked at");
    let lab = lab.reduce(LabAction::ShowMoment(Shown::Epoch(2))).reduce(snapshot(3));
    assert_eq!(lab.shown, Shown::Epoch(3), "the newest is followed again");
    let ended = LabAction::Receive(Box::new(Event::TrainingEnded(TrainingEnd::Stopped)));
    let lab = lab.reduce(ended);
    assert!(lab.is_stale && !lab.is_training);
    assert_eq!(lab.history.epochs().len(), 4);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_long_run_keeps_few_maps() {
    let mut lab = lab([training_started()]);
    for epoch in 0..500 {
        lab = lab.reduce(snapshot(epoch));
    }
    let epochs: Vec<usize> = lab.history.epochs().iter().map(|epoch| epoch.number).collect();
    assert!(epochs.len() <= 48 && epochs.is_sorted(), "{epochs:?}");
    assert_eq!((epochs.first(), epochs.last()), (Some(&0), Some(&499)));
    assert_eq!(lab.shown, Shown::Epoch(epochs.len() - 1));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_projection_that_is_stopped_or_refused_leaves_the_last_map() {
    let start = || LabAction::Start(JobKind::Projecting);
    let lab = lab([opened(), start(), projected(false), start(), progress(5.0)]);
    assert_eq!(lab.positions.as_deref(), Some(&Floats(vec![5.0; 8])), "it is seen while it is laid out");
    for end in [latent(LatentEvent::Cancelled), LabAction::Refuse("Perplexity is too high.".into())] {
        let lab = lab.clone().reduce(end);
        assert_eq!(lab.positions.as_deref(), Some(&Floats(vec![1.0; 8])));
        assert!(lab.job.is_none());
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn vectors_that_are_refused_or_stopped_leave_those_before_them() {
    let start = LabAction::Start(JobKind::Opening);
    let refuse = LabAction::Refuse("There is no number in line 3.".into());
    let opening = lab([opened(), LabAction::SetSource(Source::File), start]);
    assert_eq!(opening.selection_origin(), SelectionOrigin::Samples, "those before them are on the map");
    for end in [refuse, latent(LatentEvent::Cancelled)] {
        let lab = opening.clone().reduce(end);
        assert_eq!((lab.source, lab.is_stale, lab.count()), (Source::HeldOut, false, 4));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_selection_becomes_a_column() {
    let select = |indices| LabAction::Select(Some(Rc::new(Selection::new(SelectionOrigin::Samples, indices, "Lasso"))));
    let name = |name: &str| LabAction::LabelSelection(name.into());
    let lab = lab([opened(), select(vec![0, 1]), name("left"), select(vec![1, 3]), name("right"), name("left")]);
    let column = lab.colour_column().expect("the map is coloured by it");
    assert_eq!(column.name, "My label");
    let SampleValues::Categories { names, indices } = &column.values else { panic!("categories") };
    assert_eq!((names.join(" "), indices.0.as_slice()), ("left right".into(), &[0, 0, 255, 0][..]));
    assert_eq!(lab.category(1), Some("8"), "the engine's labels come first");
}

#[wasm_bindgen_test(unsupported = test)]
fn other_vectors_begin_anew() {
    let chosen = Chosen { a: Some(1), b: None };
    let settings = ProjectionSettings { pair: [4, 5], ..ProjectionSettings::default() };
    let lab = lab([opened(), projected(false), LabAction::Choose(chosen), LabAction::SetSettings(settings), opened()]);
    assert_eq!((lab.chosen, lab.map.is_none(), lab.is_stale), (Chosen::default(), true, false));
    assert_eq!(lab.settings.pair, [0, 1], "the code has two numbers");
    let lab = lab.reduce(LabAction::Reset);
    assert!(lab.vectors.is_none() && lab.is_stale);
}

#[wasm_bindgen_test(unsupported = test)]
fn without_a_model_the_rows_of_a_scored_table_are_mapped() {
    let scored = || LabAction::Receive(Box::new(Event::Table(TableEvent::Scored(Box::new(fixtures::scored("a.csv"))))));
    assert_eq!(lab([scored()]).source, Source::Detector);
    let ended = LabAction::Receive(Box::new(Event::TrainingEnded(TrainingEnd::Finished)));
    let lab = lab([ended, scored()]);
    assert_eq!((lab.source, lab.model), (Source::HeldOut, ModelState::Known));
}
