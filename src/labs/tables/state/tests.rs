//! What becomes of the lab as news arrive.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::labs::tables::example;

fn hear(lab: Rc<Lab>, event: &TableEvent) -> Rc<Lab> {
    match LabAction::of(event) {
        Some(action) => lab.reduce(action),
        None => lab,
    }
}

fn offer(work: Work, name: impl Into<AttrValue>) -> LabAction {
    LabAction::Offer { work, name: name.into() }
}

fn progress(activity: TableActivity) -> TableEvent {
    TableEvent::Progress(TableProgress {
        activity,
        share: 0.5,
        count: 20,
        per_s: 10.0,
        remaining_s: 2.0,
        losses: Vec::new(),
    })
}

fn opened(name: &str) -> Rc<Lab> {
    let lab = Rc::new(Lab::default()).reduce(offer(Work::Reading, name.to_owned()));
    let lab = hear(lab, &TableEvent::Opened(Box::new(example::preview(name))));
    hear(lab, &TableEvent::Scanned(Box::new(example::summary())))
}

fn trained() -> Rc<Lab> {
    let lab = opened("pumps.csv").reduce(LabAction::Begin(Work::Training));
    let lab = hear(lab, &TableEvent::DetectorReady(Box::new(example::detector())));
    hear(lab, &TableEvent::Scored(Box::new(example::scored("pumps.csv"))))
}

#[wasm_bindgen_test(unsupported = test)]
fn a_file_is_shown_at_once_and_ready_at_its_end() {
    let lab = Rc::new(Lab::default()).reduce(offer(Work::Reading, "pumps.csv"));
    assert_eq!(lab.work, Some(Work::Reading));
    let lab = hear(lab, &TableEvent::Opened(Box::new(example::preview("pumps.csv"))));
    assert_eq!((lab.name(), lab.work), ("pumps.csv", Some(Work::Reading)));
    assert!(lab.hand.summary.is_none());
    let lab = hear(lab, &TableEvent::Scanned(Box::new(example::summary())));
    assert_eq!(lab.work, None);
    assert_eq!(lab.hand.plan.columns.len(), 3);
}

#[wasm_bindgen_test(unsupported = test)]
fn training_ends_with_the_scores() {
    let lab = opened("pumps.csv").reduce(LabAction::Begin(Work::Training));
    let lab = hear(lab, &progress(TableActivity::Training));
    let lab = hear(lab, &TableEvent::DetectorReady(Box::new(example::detector())));
    assert!(lab.work.is_some() && lab.hand.detector.is_some());
    let lab = hear(lab, &progress(TableActivity::Scoring));
    assert_eq!(lab.work, Some(Work::Training), "scoring is its last part");
    let lab = hear(lab, &TableEvent::Scored(Box::new(example::scored("pumps.csv"))));
    assert_eq!((lab.work, lab.flagged), (None, 2));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_given_up_leaves_everything_as_it_was() {
    let before = trained();
    let lab = before.clone().reduce(offer(Work::Reading, "other.csv"));
    let lab = hear(lab, &TableEvent::Opened(Box::new(example::preview("other.csv"))));
    assert_eq!(lab.name(), "other.csv");
    for action in [LabAction::Hear(Box::new(TableEvent::Cancelled)), LabAction::Fail(FailureKind::File)] {
        let lab = lab.clone().reduce(action);
        assert_eq!((&lab.hand, lab.work), (&before.hand, None));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_detector_stays_when_scoring_is_given_up() {
    let lab = opened("pumps.csv").reduce(LabAction::Begin(Work::Training));
    let lab = hear(lab, &TableEvent::DetectorReady(Box::new(example::detector())));
    let lab = hear(lab, &TableEvent::Cancelled);
    assert!(lab.hand.detector.is_some() && lab.hand.scored.is_none() && lab.work.is_none());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_question_that_is_refused_ends_no_work() {
    let lab = opened("pumps.csv").reduce(LabAction::Begin(Work::Training));
    assert_eq!(lab.clone().reduce(LabAction::Fail(FailureKind::State)).work, None, "it was refused itself");
    let lab = hear(lab, &progress(TableActivity::Training));
    assert_eq!(lab.clone().reduce(LabAction::Fail(FailureKind::State)).work, Some(Work::Training));
    let lab = lab.reduce(LabAction::Fail(FailureKind::File));
    assert_eq!(lab.work, None);
    let lab = hear(lab, &progress(TableActivity::Training));
    assert_eq!(lab.work, Some(Work::Training), "it was another file, and training goes on");
}

#[wasm_bindgen_test(unsupported = test)]
fn reading_differently_while_reading_starts_over() {
    let lab = Rc::new(Lab::default()).reduce(offer(Work::Reading, "pumps.csv"));
    let lab = hear(lab, &TableEvent::Opened(Box::new(example::preview("pumps.csv"))));
    let lab = lab.reduce(offer(Work::Reading, "pumps.csv"));
    // The first reading says that it ended; the second opens.
    let lab = hear(lab, &TableEvent::Cancelled);
    let lab = hear(lab, &TableEvent::Opened(Box::new(example::preview("pumps.csv"))));
    assert_eq!((lab.name(), lab.work), ("pumps.csv", Some(Work::Reading)));
    assert_eq!(hear(lab, &TableEvent::Scanned(Box::new(example::summary()))).work, None);
}

#[wasm_bindgen_test(unsupported = test)]
fn another_file_is_scored_without_being_scanned() {
    let lab = trained().reduce(offer(Work::Scoring, "june.csv"));
    let lab = hear(lab, &TableEvent::Opened(Box::new(example::preview("june.csv"))));
    assert_eq!(lab.work, Some(Work::Scoring));
    let lab = hear(lab, &TableEvent::Scored(Box::new(example::scored("june.csv"))));
    assert_eq!((lab.name(), lab.work, lab.hand.summary.is_none()), ("june.csv", None, true));
    assert!(lab.hand.detector.is_some());
}

#[wasm_bindgen_test(unsupported = test)]
fn another_detector_has_not_scored_the_table() {
    let lab = trained().reduce(LabAction::Begin(Work::OpeningDetector));
    let lab = hear(lab, &TableEvent::DetectorReady(Box::new(example::detector())));
    assert!(lab.hand.scored.is_none() && lab.work.is_none() && lab.hand.summary.is_some());
}

#[wasm_bindgen_test(unsupported = test)]
fn another_worker_knows_nothing_but_the_settings_stay() {
    let before = trained();
    let lab = before.clone().reduce(LabAction::Forget);
    assert!(lab.hand.preview.is_none() && lab.hand.detector.is_none() && lab.work.is_none());
    assert_eq!(lab.hand.plan, before.hand.plan);
}

#[wasm_bindgen_test(unsupported = test)]
fn results_stay_while_a_tuned_detector_scores() {
    let lab = trained().reduce(LabAction::Begin(Work::FineTuning));
    let lab = hear(lab, &progress(TableActivity::FineTuning));
    let lab = hear(lab, &TableEvent::DetectorReady(Box::new(example::detector())));
    assert!(lab.hand.scored.is_some() && lab.work.is_some(), "what fine-tuning did is told there");
    let cancelled = hear(lab.clone(), &TableEvent::Cancelled);
    assert!(
        cancelled.hand.scored.is_none() && cancelled.hand.detector.is_some(),
        "old scores are not the new detector's"
    );
    let lab = hear(lab, &TableEvent::Scored(Box::new(example::scored("pumps.csv"))));
    assert!(lab.hand.scored.is_some() && lab.work.is_none());
}
