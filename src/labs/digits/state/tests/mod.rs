//! Tests of the lab's state.

mod random_runs;

use pinhole_protocol::{Bytes, ChangedPictures, EpochRecord, RunModel, table::RowsSummary};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

#[wasm_bindgen_test(unsupported = test)]
fn another_network_cannot_be_trained_further() {
    let model = ModelSummary { name: "m".into(), experiment: Experiment::default(), history: Vec::new() };
    let lab = Rc::new(Lab::default()).reduce(LabAction::Edit(Experiment::default()));
    let lab = lab.reduce(LabAction::SetModel(model.into())).reduce(LabAction::SetStart(TrainingStart::Continue));
    let mut edited = Experiment::default();
    edited.schedule.epochs = 9;
    let lab = lab.reduce(LabAction::Edit(edited.clone()));
    assert_eq!(lab.start, TrainingStart::Continue);
    edited.network.set_latent_size(3);
    let lab = lab.reduce(LabAction::Edit(edited));
    assert_eq!(lab.start, TrainingStart::Fresh);
}

#[wasm_bindgen_test(unsupported = test)]
fn an_edit_can_be_undone_and_redone() {
    let first = Rc::new(Lab::default());
    let edited = first.clone().reduce(LabAction::Edit(Experiment { seed: 3, ..Experiment::default() }));
    assert_eq!(edited.can_undo_redo(), (true, false));
    let same = edited.clone().reduce(LabAction::Edit((*edited.experiment).clone()));
    assert_eq!(same, edited, "no step without a change");
    let undone = edited.clone().reduce(LabAction::UndoOrRedo(UndoStep::Undo));
    assert_eq!((&undone.experiment, undone.can_undo_redo()), (&first.experiment, (false, true)));
    let redone = undone.reduce(LabAction::UndoOrRedo(UndoStep::Redo));
    assert_eq!(redone.experiment, edited.experiment);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_preset_sets_the_training_start() {
    let student = presets().into_iter().find(|preset| preset.name == "student").expect("a preset");
    let lab = Rc::new(Lab::default()).reduce(LabAction::ChoosePreset(student));
    assert_eq!(lab.start, TrainingStart::Distil);
    let mut edited = (*lab.experiment).clone();
    edited.network.set_latent_size(9);
    let edited = lab.reduce(LabAction::Edit(edited));
    assert_eq!(edited.start, TrainingStart::Distil, "a student may be any network");
    let undone = edited.reduce(LabAction::UndoOrRedo(UndoStep::Undo)).reduce(LabAction::UndoOrRedo(UndoStep::Undo));
    assert_eq!((undone.start, undone.can_undo_redo()), (TrainingStart::Fresh, (false, true)));
    assert_eq!(undone.reduce(LabAction::UndoOrRedo(UndoStep::Redo)).start, TrainingStart::Distil);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_link_to_a_preset_starts_as_the_preset_does() {
    let find = |name| presets().into_iter().find(|preset| preset.name == name).expect("a preset");
    let lab = Rc::new(Lab::default()).reduce(LabAction::OpenExperiment(find("student").experiment));
    assert_eq!(lab.start, TrainingStart::Distil);
    let again = lab.clone().reduce(LabAction::OpenExperiment((*lab.experiment).clone()));
    assert_eq!(again, lab, "the same link once more changes nothing");
    let lab = lab.reduce(LabAction::OpenExperiment(find("article").experiment));
    assert_eq!(lab.start, TrainingStart::Fresh);
}

#[wasm_bindgen_test(unsupported = test)]
fn data_that_a_preset_brings_go_with_it() {
    let choose = |lab: Rc<Lab>, name| {
        let preset = presets().into_iter().find(|preset| preset.name == name).expect("a preset");
        lab.reduce(LabAction::ChoosePreset(preset))
    };
    let few = DataSpec { source: ImageSource::Strokes, limit: Some(60) };
    let experiment = Experiment { data: few.clone(), ..Experiment::default() };
    let lab = choose(Rc::new(Lab::default()).reduce(LabAction::Edit(experiment)), "transfer");
    assert_eq!(lab.experiment.data.source, ImageSource::Digits8x8);
    assert_eq!(choose(lab.clone(), "transfer").experiment.data, lab.experiment.data);
    assert_eq!(choose(lab, "article").experiment.data, few);

    let real = DataSpec { source: ImageSource::Digits8x8, limit: None };
    let experiment = Experiment { data: real.clone(), ..Experiment::default() };
    let lab = choose(Rc::new(Lab::default()).reduce(LabAction::Edit(experiment)), "article");
    assert_eq!(lab.experiment.data, real, "a person's choice stays");
    let transfer = presets().into_iter().find(|preset| preset.name == "transfer").expect("a preset");
    let linked = Rc::new(Lab::default()).reduce(LabAction::OpenExperiment(transfer.experiment));
    assert_eq!(choose(linked, "article").experiment.data, DataSpec::default());
}

fn described(width: usize) -> LabAction {
    let (name, warnings) = ("pumps.csv".into(), Vec::new());
    LabAction::TableDescribed(Ok(RowsSummary {
        name,
        rows: 40,
        width,
        classes: 2,
        numeric_columns: Vec::new(),
        warnings,
    }))
}

#[wasm_bindgen_test(unsupported = test)]
fn a_table_opened_here_becomes_the_data() {
    let before = Rc::new(Lab::default()).reduce(LabAction::TableChanged);
    let elsewhere = before.clone().reduce(described(7));
    assert_eq!(elsewhere.experiment, before.experiment, "it was opened in another lab");
    let lab = before.reduce(LabAction::RequestTable).reduce(described(7));
    assert_eq!(lab.experiment.data, DataSpec { source: ImageSource::TableRows, limit: None });
    assert_eq!(lab.experiment.network.input, GridShape { channels: 7, height: 1, width: 1 });
    assert!((*lab.experiment).clone().check_with(lab.table.rows().as_deref()).is_ok());
    let lab = lab.reduce(LabAction::TableChanged).reduce(described(9));
    assert_eq!(lab.experiment.network.input.channels, 9, "another table, whose rows are wider");
    let running = lab.reduce(LabAction::StartRun(TrainingStart::Fresh)).reduce(described(5));
    assert_eq!(running.experiment.network.input.channels, 9, "a run keeps its own");
}

#[wasm_bindgen_test(unsupported = test)]
fn no_drawing_is_sent_once_a_run_on_rows_is_requested() {
    let lab = Rc::new(Lab::default()).reduce(LabAction::RequestTable).reduce(described(7));
    assert_eq!(lab.active_input(), GridShape::MNIST, "the current model reads pictures");
    let lab = lab.reduce(LabAction::StartRun(TrainingStart::Fresh));
    assert_eq!(lab.active_input().len(), 7);
    let ended = lab.reduce(LabAction::RunStarted).reduce(LabAction::RunEnded(TrainingEnd::Finished));
    let pictures =
        ended.reduce(LabAction::Edit(Experiment::default())).reduce(LabAction::StartRun(TrainingStart::Fresh));
    assert_eq!(pictures.active_input().len(), 7, "until it has pictures, the current model reads rows");
    assert_eq!(pictures.reduce(LabAction::RunStarted).active_input(), GridShape::MNIST);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_refused_table_does_not_become_the_data() {
    let lab = Rc::new(Lab::default()).reduce(LabAction::RequestTable).reduce(LabAction::CancelTable);
    let lab = lab.reduce(LabAction::TableChanged).reduce(described(7));
    assert_eq!(lab.experiment, Lab::default().experiment);
}

fn images(channels: usize, side: usize) -> Rc<DataSummary> {
    let shape = GridShape { channels, height: side, width: side };
    let (name, warnings, preview) = ("o".into(), Vec::new(), Bytes::default());
    DataSummary { name, images: 9, shape, classes: 0, warnings, preview, changed: ChangedPictures::default() }.into()
}

#[wasm_bindgen_test(unsupported = test)]
fn the_experiment_of_a_link_that_needs_images_stays_when_they_are_opened() {
    let data = DataSpec { source: ImageSource::Opened, limit: Some(5) };
    let linked = Experiment { data, ..Experiment::default() };
    let lab = Rc::new(Lab::default())
        .reduce(LabAction::OpenExperiment(linked.clone()))
        .reduce(LabAction::ImagesOpened(images(3, 32)));
    assert_eq!(*lab.experiment, linked);
    let lab = lab.reduce(LabAction::ImagesOpened(images(3, 32)));
    assert_eq!(lab.experiment.network.input.channels, 3, "other images keep their own shape");
}

#[wasm_bindgen_test(unsupported = test)]
fn opened_images_keep_their_shape() {
    let opened = |channels, side| {
        let lab = Rc::new(Lab::default()).reduce(LabAction::ImagesOpened(images(channels, side)));
        assert_eq!(lab.experiment.data.source, ImageSource::Opened);
        lab.experiment.network.input
    };
    assert_eq!(opened(3, 32), GridShape { channels: 3, height: 32, width: 32 });
    assert_eq!(opened(1, 500), GridShape::MNIST, "larger ones are made smaller");
}

#[wasm_bindgen_test(unsupported = test)]
fn the_trained_model_becomes_the_current_one() {
    let record = EpochRecord { epoch: 1, train_loss: 0.1, validation_loss: None };
    let start = || Rc::new(Lab::default()).reduce(LabAction::StartRun(TrainingStart::Fresh));
    let stopped_early = start().reduce(LabAction::RunEnded(TrainingEnd::Stopped));
    assert_eq!(stopped_early.model, None);
    let trained = start().reduce(LabAction::RunStarted).reduce(LabAction::EpochFinished(record));
    assert_eq!(trained.model, None, "not before the run has ended");
    assert!(trained.active_model().is_some(), "but it can be inspected");
    let ended = trained.reduce(LabAction::RunEnded(TrainingEnd::Finished));
    assert_eq!(ended.model.as_ref().map(|model| model.history.clone()), Some(vec![record]));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_runs_two_networks_can_be_chosen_until_another_model_is_opened() {
    let models = RunModels { best_epoch: 2, last_epoch: 5, has_more_steps: false, current: RunModel::Best };
    let ended =
        Rc::new(Lab::default()).reduce(LabAction::RunStarted).reduce(LabAction::RunEnded(TrainingEnd::Finished));
    let lab = ended.reduce(LabAction::SetRunModels(models));
    assert_eq!(lab.run_models, Some(models));
    assert_eq!(lab.clone().reduce(LabAction::RunStarted).run_models, None);
    let other = ModelSummary { name: "m".into(), experiment: Experiment::default(), history: Vec::new() };
    assert_eq!(lab.reduce(LabAction::SetModel(other.into())).run_models, None);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_first_preset_exists() {
    assert_eq!(preset_of(&Lab::default().experiment).map(|preset| preset.name), Some(FIRST_PRESET));
}

#[wasm_bindgen_test(unsupported = test)]
fn curves_are_cleared_only_by_runs_from_other_weights() {
    let lab = Rc::new(Lab::default()).reduce(LabAction::StartRun(TrainingStart::Continue));
    assert_eq!(lab.fresh_runs, 0);
    assert!(lab.phase.is_active());
    let lab = lab.reduce(LabAction::RunEnded(TrainingEnd::Stopped)).reduce(LabAction::StartRun(TrainingStart::Fresh));
    assert_eq!(lab.fresh_runs, 1);
}
