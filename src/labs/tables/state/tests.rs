//! Tests of the lab's state over sequences of events.

use pinhole_protocol::table::ColumnFormat;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::labs::tables::fixtures;

fn after_event(lab: Rc<Lab>, event: &TableEvent) -> Rc<Lab> {
    match LabAction::from_event(event) {
        Some(action) => lab.reduce(action),
        None => lab,
    }
}

fn open_file(job: JobKind, name: impl Into<AttrValue>) -> LabAction {
    LabAction::OpenFile { job, name: name.into() }
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
    let lab = Rc::new(Lab::default()).reduce(open_file(JobKind::Reading, name.to_owned()));
    let lab = after_event(lab, &TableEvent::Opened(Box::new(fixtures::preview(name))));
    after_event(lab, &TableEvent::Scanned(Box::new(fixtures::summary())))
}

fn trained() -> Rc<Lab> {
    let lab = opened("pumps.csv").reduce(LabAction::Start(JobKind::Training));
    let lab = after_event(lab, &TableEvent::DetectorReady(Box::new(fixtures::detector())));
    after_event(lab, &TableEvent::Scored(Box::new(fixtures::scored("pumps.csv"))))
}

/// Message of a failure.
const REFUSED: &str = "It was refused.";

fn failed(kind: FailureKind) -> LabAction {
    LabAction::Failure(Failure { kind, message: REFUSED.into() })
}

#[wasm_bindgen_test(unsupported = test)]
fn a_file_is_shown_while_it_is_read_and_ready_at_its_end() {
    let lab = Rc::new(Lab::default()).reduce(open_file(JobKind::Reading, "pumps.csv"));
    assert_eq!(lab.job, Some(JobKind::Reading));
    let lab = after_event(lab, &TableEvent::Opened(Box::new(fixtures::preview("pumps.csv"))));
    assert_eq!((lab.name(), lab.job), ("pumps.csv", Some(JobKind::Reading)));
    assert!(lab.data.summary.is_none());
    let lab = after_event(lab, &TableEvent::Scanned(Box::new(fixtures::summary())));
    assert_eq!(lab.job, None);
    assert_eq!(lab.data.plan.columns.len(), 3);
}

#[wasm_bindgen_test(unsupported = test)]
fn training_ends_with_the_scores() {
    let lab = opened("pumps.csv").reduce(LabAction::Start(JobKind::Training));
    let lab = after_event(lab, &progress(TableActivity::Training));
    let lab = after_event(lab, &TableEvent::DetectorReady(Box::new(fixtures::detector())));
    assert!(lab.job.is_some() && lab.data.detector.is_some());
    let lab = after_event(lab, &progress(TableActivity::Scoring));
    assert_eq!(lab.job, Some(JobKind::Training), "scoring is its last part");
    let lab = after_event(lab, &TableEvent::Scored(Box::new(fixtures::scored("pumps.csv"))));
    assert_eq!((lab.job, lab.flagged), (None, 2));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_cancelled_or_failed_job_changes_nothing() {
    let before = trained();
    let lab = before.clone().reduce(open_file(JobKind::Reading, "other.csv"));
    let lab = after_event(lab, &TableEvent::Opened(Box::new(fixtures::preview("other.csv"))));
    assert_eq!(lab.name(), "other.csv");
    for action in [LabAction::Event(Box::new(TableEvent::Cancelled)), failed(FailureKind::File)] {
        let lab = lab.clone().reduce(action);
        assert_eq!((&lab.data, lab.job), (&before.data, None));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_detector_stays_when_scoring_is_cancelled() {
    let lab = opened("pumps.csv").reduce(LabAction::Start(JobKind::Training));
    let lab = after_event(lab, &TableEvent::DetectorReady(Box::new(fixtures::detector())));
    let lab = after_event(lab, &TableEvent::Cancelled);
    assert!(lab.data.detector.is_some() && lab.data.scored.is_none() && lab.job.is_none());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_refused_query_ends_no_job() {
    let lab = opened("pumps.csv").reduce(LabAction::Start(JobKind::Training));
    assert_eq!(lab.clone().reduce(failed(FailureKind::State)).job, None, "the job itself was refused");
    let lab = after_event(lab, &progress(TableActivity::Training));
    assert_eq!(lab.clone().reduce(failed(FailureKind::State)).job, Some(JobKind::Training));
    let lab = lab.reduce(failed(FailureKind::File));
    assert_eq!(lab.job, None);
    let lab = after_event(lab, &progress(TableActivity::Training));
    assert_eq!(lab.job, Some(JobKind::Training), "the failure was of another file, and training goes on");
}

#[wasm_bindgen_test(unsupported = test)]
fn another_dialect_restarts_reading() {
    let lab = Rc::new(Lab::default()).reduce(open_file(JobKind::Reading, "pumps.csv"));
    let lab = after_event(lab, &TableEvent::Opened(Box::new(fixtures::preview("pumps.csv"))));
    let lab = lab.reduce(open_file(JobKind::Reading, "pumps.csv"));
    // The first reading reports its cancellation, then the second opens the file.
    let lab = after_event(lab, &TableEvent::Cancelled);
    let lab = after_event(lab, &TableEvent::Opened(Box::new(fixtures::preview("pumps.csv"))));
    assert_eq!((lab.name(), lab.job), ("pumps.csv", Some(JobKind::Reading)));
    assert_eq!(after_event(lab, &TableEvent::Scanned(Box::new(fixtures::summary()))).job, None);
}

#[wasm_bindgen_test(unsupported = test)]
fn another_file_is_scored_without_being_scanned() {
    let lab = trained().reduce(open_file(JobKind::Scoring, "june.csv"));
    let lab = after_event(lab, &TableEvent::Opened(Box::new(fixtures::preview("june.csv"))));
    assert_eq!(lab.job, Some(JobKind::Scoring));
    let lab = after_event(lab, &TableEvent::Scored(Box::new(fixtures::scored("june.csv"))));
    assert_eq!((lab.name(), lab.job, lab.data.summary.is_none()), ("june.csv", None, true));
    assert!(lab.data.detector.is_some());
}

#[wasm_bindgen_test(unsupported = test)]
fn another_detector_drops_the_scores() {
    let lab = trained().reduce(LabAction::Start(JobKind::OpeningDetector));
    let lab = after_event(lab, &TableEvent::DetectorReady(Box::new(fixtures::detector())));
    assert!(lab.data.scored.is_none() && lab.job.is_none() && lab.data.summary.is_some());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_new_worker_holds_no_table_but_the_settings_stay() {
    let before = trained();
    let lab = before.clone().reduce(LabAction::Reset);
    assert!(lab.data.preview.is_none() && lab.data.detector.is_none() && lab.job.is_none());
    assert_eq!(lab.data.plan, before.data.plan);
}

#[wasm_bindgen_test(unsupported = test)]
fn results_stay_while_a_fine_tuned_detector_scores() {
    let lab = trained().reduce(LabAction::Start(JobKind::FineTuning));
    let lab = after_event(lab, &progress(TableActivity::FineTuning));
    let lab = after_event(lab, &TableEvent::DetectorReady(Box::new(fixtures::detector())));
    assert!(lab.data.scored.is_some() && lab.job.is_some(), "the results show the effect of fine-tuning");
    let cancelled = after_event(lab.clone(), &TableEvent::Cancelled);
    assert!(
        cancelled.data.scored.is_none() && cancelled.data.detector.is_some(),
        "old scores are not the new detector's"
    );
    let lab = after_event(lab, &TableEvent::Scored(Box::new(fixtures::scored("pumps.csv"))));
    assert!(lab.data.scored.is_some() && lab.job.is_none());
}

#[wasm_bindgen_test(unsupported = test)]
fn choices_last_over_another_dialect_and_end_with_another_file() {
    let edited = DetectorPlan { contamination: 0.01, label: None, ..(*opened("may.csv").data.plan).clone() };
    let lab = opened("may.csv").reduce(LabAction::Plan(edited.clone()));
    let dialect = Dialect { day_first: true, ..Dialect::default() };
    let lab = lab.reduce(LabAction::Reread { choice: Some(Box::new(dialect.clone())) });
    let reread = TablePreview { dialect: dialect.clone(), ..fixtures::preview("may.csv") };
    let lab = after_event(lab, &TableEvent::Opened(Box::new(reread)));
    let unit = ColumnFormat { column: 1, unit: Some("bar".into()), ..ColumnFormat::default() };
    let read = Dialect { columns: vec![unit], ..dialect.clone() };
    let summary = TableSummary { dialect: read.clone(), ..fixtures::summary() };
    let lab = after_event(lab, &TableEvent::Scanned(Box::new(summary)));
    assert_eq!(lab.data.preview.as_ref().map(|preview| &preview.dialect), Some(&read), "as the whole file asks for");
    assert_eq!((&*lab.data.plan, lab.opened_files), (&edited, 1));
    assert_eq!(lab.data.dialect_to_read(), None);
    let settings = lab.data.settings().cloned().expect("a table is open");

    let opening = lab.reduce(open_file(JobKind::Reading, "june.csv"));
    let opening = after_event(opening, &TableEvent::Opened(Box::new(fixtures::preview("june.csv"))));
    assert!(opening.data.settings().is_some_and(TableSettings::is_default) && opening.opened_files == 2);
    let cancelled = after_event(opening.clone(), &TableEvent::Cancelled);
    assert_eq!(cancelled.data.settings(), Some(&settings), "the choices for the table before");

    let lab = after_event(opening, &TableEvent::Scanned(Box::new(fixtures::summary())));
    let lab = lab.reduce(LabAction::TakeUp(Box::new(settings)));
    assert_eq!((&*lab.data.plan, lab.data.dialect_to_read()), (&edited, Some(dialect)));
    let lab = lab.reduce(LabAction::StartOver);
    assert_eq!(lab.data.plan, opened("may.csv").data.plan);
    assert_eq!(lab.data.dialect_to_read(), None);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_label_is_checked_once_until_it_changes() {
    let (before, lab) = (Lab::default(), opened("pumps.csv"));
    let label = lab.data.plan.label.clone().expect("it is guessed");
    assert!(lab.plan_to_check(&before).is_some_and(|plan| plan.label.as_ref() == Some(&label)));
    let warnings = vec!["\"flow\" leaks it.".to_owned()];
    let lab = after_event(lab, &TableEvent::LabelChecked { label, warnings: warnings.clone() });
    assert_eq!(lab.label_warnings(), warnings);
    let mut plan = (*lab.data.plan).clone();
    plan.seed = 5;
    let reseeded = lab.clone().reduce(LabAction::Plan(plan.clone()));
    assert!(reseeded.plan_to_check(&lab).is_none() && reseeded.label_warnings() == warnings);
    plan::set_anomalous(&mut plan, "ok", true);
    let relabelled = reseeded.clone().reduce(LabAction::Plan(plan.clone()));
    assert!(relabelled.plan_to_check(&reseeded).is_some() && relabelled.label_warnings().is_empty());
    plan.label = None;
    let unlabelled = relabelled.clone().reduce(LabAction::Plan(plan));
    assert!(unlabelled.plan_to_check(&relabelled).is_none());
}

#[wasm_bindgen_test(unsupported = test)]
fn columns_are_asked_for_before_a_file_is_scored_and_nothing_changes_meanwhile() {
    let ask = || {
        let lab = trained().reduce(open_file(JobKind::Scoring, "june.csv"));
        after_event(lab, &TableEvent::UnmatchedColumns(fixtures::unmatched_columns()))
    };
    let lab = ask();
    assert_eq!((lab.job, lab.name()), (Some(JobKind::Scoring), "pumps.csv"));
    assert!(lab.unmatched.is_some() && lab.data.scored.is_some());
    let refusal = |lab: &Lab| lab.unmatched.as_ref().map(|question| question.refusal.clone());
    assert_eq!(refusal(&lab), Some(None));
    let lab = lab.reduce(failed(FailureKind::Setting));
    assert_eq!(refusal(&lab), Some(Some(REFUSED.into())), "a refused answer leaves the question");
    let cancelled = after_event(lab.clone(), &TableEvent::Cancelled);
    assert_eq!((cancelled.job, cancelled.unmatched.is_none()), (None, true));
    assert_eq!(cancelled.data, trained().data);
    let lab = after_event(lab, &TableEvent::Opened(Box::new(fixtures::preview("june.csv"))));
    assert_eq!((lab.job, lab.unmatched.is_none()), (Some(JobKind::Scoring), true));
}
