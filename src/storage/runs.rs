//! Stored runs, and their weights.

use js_sys::{Date, Math};
use pinhole_protocol::{Bytes, EpochRecord, Experiment, TrainingStart};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::{
    budget::{self, BUDGET_BYTES},
    database::{Store, Transaction},
    drafts::tab_id,
    error::StorageError,
};
use crate::{js_deserializer, route::Route};

/// Run of the Digits lab.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NetworkRun {
    pub experiment: Experiment,
    /// Model that its training started from.
    pub start: TrainingStart,
    /// Losses of its finished epochs.
    pub curve: Vec<EpochRecord>,
}

impl NetworkRun {
    /// Number of its last finished epoch.
    pub fn epoch(&self) -> usize {
        self.curve.last().map_or(0, |record| record.epoch)
    }
}

/// Fit of the Tables lab, whose weights are a detector file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectorRun {
    /// Architecture, such as `20-128-64-128-20, dropout 0.2`.
    pub architecture: String,
}

/// The part of a run that depends on its lab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    Network(Box<NetworkRun>),
    Detector(DetectorRun),
}

impl RunKind {
    /// Lab in which it was trained, and is restored.
    pub const fn lab(&self) -> Route {
        match self {
            Self::Network(_) => Route::Digits,
            Self::Detector(_) => Route::Tables,
        }
    }
}

impl Default for RunKind {
    fn default() -> Self {
        Self::Network(Box::default())
    }
}

/// Run without its weights.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredRun {
    /// Unique among all tabs.
    pub id: String,
    /// Name of its model, or of the detector's method.
    pub name: String,
    /// Name of the data that it learns from.
    pub data: String,
    pub kind: RunKind,
    /// True if a person has marked it to be kept.
    pub is_starred: bool,
    /// Bytes of its weights; 0 once they were deleted to make room.
    pub bytes: usize,
    /// Time of its start, in milliseconds since 1970.
    pub began_at_ms: f64,
    /// Time of storage, in milliseconds since 1970.
    pub stored_at_ms: f64,
    /// True if it is offered when the page is opened: the last run of a tab, until a person discards it.
    pub is_offered: bool,
    /// Id of the tab that has stored it.
    pub tab: String,
}

/// Outcome of storing a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is stored.
    Kept,
    /// It is stored; the weights of this many older runs were deleted to make room.
    InPlaceOf(usize),
    /// It is stored again: meanwhile the storage was emptied.
    Again,
    /// It is not stored: another tab has stored the run of this id meanwhile, and keeps it.
    OfAnotherTab,
}

/// Stores a run with its weights, and deletes the oldest weights if all together exceed the budget. `seen_at_ms` is the
/// time of storage that this tab knows of; `None` if the run was not stored before.
///
/// # Errors
/// When the browser refuses: what was stored before stays.
pub async fn store_run(run: &StoredRun, weights: &Bytes, seen_at_ms: Option<f64>) -> Result<Stored, StorageError> {
    let mut runs = load_runs().await?;
    let known = runs.iter().position(|stored| stored.id == run.id).map(|index| runs.remove(index));
    if known.as_ref().is_some_and(|known| Some(known.stored_at_ms) != seen_at_ms) {
        return Ok(Stored::OfAnotherTab);
    }
    // A person may have starred it meanwhile.
    let is_starred = known.as_ref().is_some_and(|known| known.is_starred);
    let run = StoredRun { is_starred, bytes: weights.0.len(), tab: tab_id(), ..run.clone() };
    let is_superseded = |other: &&StoredRun| {
        other.is_offered && other.tab == run.tab && other.id != run.id && other.kind.lab() == run.kind.lab()
    };
    let superseded: Vec<StoredRun> = runs.iter().filter(is_superseded).cloned().collect();
    let id = run.id.clone();
    let (value, weights) = (to_value(&run)?, to_value(weights)?);
    runs.push(run);
    let excess = budget::excess(&runs, &id, BUDGET_BYTES);
    let transaction = Transaction::write().await?;
    transaction.put(Store::Runs, &id, &value)?;
    transaction.put(Store::Weights, &id, &weights)?;
    for run in superseded {
        transaction.put(Store::Runs, &run.id, &to_value(&StoredRun { is_offered: false, ..run.clone() })?)?;
    }
    for run in runs.iter().filter(|run| excess.contains(&&*run.id)) {
        transaction.delete(Store::Weights, &run.id)?;
        transaction.put(Store::Runs, &run.id, &to_value(&StoredRun { bytes: 0, is_offered: false, ..run.clone() })?)?;
    }
    transaction.done().await?;
    Ok(match excess.len() {
        _ if known.is_none() && seen_at_ms.is_some() => Stored::Again,
        0 => Stored::Kept,
        count => Stored::InPlaceOf(count),
    })
}

/// Loads all runs, the newest first. One that cannot be read (a later version wrote it) is left out.
///
/// # Errors
/// When the browser refuses.
pub async fn load_runs() -> Result<Vec<StoredRun>, StorageError> {
    let values = Transaction::read().await?.get_all(Store::Runs).await?;
    let mut runs: Vec<StoredRun> =
        values.iter().filter_map(|value: JsValue| js_deserializer::decode(value).ok()).collect();
    runs.sort_by(|one, other| other.stored_at_ms.total_cmp(&one.stored_at_ms));
    Ok(runs)
}

/// Loads the weights of a run: a checkpoint file, or a detector file.
///
/// # Errors
/// When the browser refuses.
pub async fn load_weights(id: &str) -> Result<Option<Bytes>, StorageError> {
    let value = Transaction::read().await?.get(Store::Weights, id).await?;
    Ok(js_deserializer::decode(value).ok())
}

/// Deletes a run with its weights.
///
/// # Errors
/// When the browser refuses.
pub async fn delete_run(id: &str) -> Result<(), StorageError> {
    let transaction = Transaction::write().await?;
    transaction.delete(Store::Runs, id)?;
    transaction.delete(Store::Weights, id)?;
    transaction.done().await
}

/// Stars a run, or takes its star.
///
/// # Errors
/// When the browser refuses.
pub async fn set_starred(id: &str, is_starred: bool) -> Result<(), StorageError> {
    change(id, |run| run.is_starred = is_starred).await
}

/// Offers a run no more when the page is opened.
///
/// # Errors
/// When the browser refuses.
pub async fn withdraw(id: &str) -> Result<(), StorageError> {
    change(id, |run| run.is_offered = false).await
}

async fn change(id: &str, edit: impl FnOnce(&mut StoredRun)) -> Result<(), StorageError> {
    let value = Transaction::read().await?.get(Store::Runs, id).await?;
    let Ok(mut run) = js_deserializer::decode::<StoredRun>(value) else { return Ok(()) };
    edit(&mut run);
    let transaction = Transaction::write().await?;
    transaction.put(Store::Runs, id, &to_value(&run)?)?;
    transaction.done().await
}

/// New id of a run or a tab.
pub fn new_id() -> String {
    format!("{:x}-{:x}", Date::now() as u64, (Math::random() * f64::from(u32::MAX)) as u32)
}

/// A value for the database.
pub(super) fn to_value(value: &impl Serialize) -> Result<JsValue, StorageError> {
    value.serialize(&serde_wasm_bindgen::Serializer::new()).map_err(|_| StorageError::Refused)
}

/// Record of version 1: the only model that was stored.
#[derive(Deserialize)]
struct Version1 {
    bytes: Bytes,
    experiment: Experiment,
    #[serde(default)]
    start: TrainingStart,
    epoch: usize,
    kept_at_ms: f64,
}

/// Id, run and weights of a record of version 1; `None` if it cannot be read.
pub(super) fn from_version_1(value: JsValue) -> Option<(JsValue, JsValue, JsValue)> {
    let Version1 { bytes, experiment, start, epoch, kept_at_ms } = js_deserializer::decode(value).ok()?;
    // Its losses are in the file alone.
    let curve =
        if epoch == 0 { Vec::new() } else { vec![EpochRecord { epoch, train_loss: 0.0, validation_loss: None }] };
    let run = StoredRun {
        id: new_id(),
        name: "Your last model".into(),
        kind: RunKind::Network(Box::new(NetworkRun { experiment, start, curve })),
        bytes: bytes.0.len(),
        began_at_ms: kept_at_ms,
        stored_at_ms: kept_at_ms,
        is_offered: true,
        ..StoredRun::default()
    };
    Some((run.id.as_str().into(), to_value(&run).ok()?, to_value(&bytes).ok()?))
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    fn run(id: &str, epoch: usize) -> StoredRun {
        let curve = vec![EpochRecord { epoch, train_loss: 0.5, validation_loss: Some(0.25) }];
        let kind = RunKind::Network(Box::new(NetworkRun { curve, ..NetworkRun::default() }));
        StoredRun { id: id.into(), name: "Article".into(), kind, stored_at_ms: epoch as f64, ..StoredRun::default() }
    }

    fn epoch(run: &StoredRun) -> usize {
        if let RunKind::Network(network) = &run.kind { network.epoch() } else { 0 }
    }

    #[wasm_bindgen_test]
    async fn runs_of_two_tabs_are_stored_beside_each_other() {
        for id in ["one", "two"] {
            delete_run(id).await.expect("storage");
        }
        for epoch in 1..=2 {
            for (id, offset) in [("one", 0), ("two", 10)] {
                let run = run(id, epoch + offset);
                let seen = (epoch > 1).then_some(run.stored_at_ms - 1.0);
                let stored = store_run(&run, &Bytes(vec![epoch as u8; 3]), seen).await;
                assert_eq!(stored, Ok(Stored::Kept));
            }
        }
        let stored = store_run(&run("one", 9), &Bytes(vec![9]), Some(1.0)).await;
        assert_eq!(stored, Ok(Stored::OfAnotherTab), "since epoch 1 somebody else has stored it");
        set_starred("one", true).await.expect("storage");
        let runs: Vec<StoredRun> =
            load_runs().await.expect("storage").into_iter().filter(|run| ["one", "two"].contains(&&*run.id)).collect();
        let shown: Vec<_> = runs.iter().map(|run| (&*run.id, epoch(run), run.bytes, run.is_starred)).collect();
        assert_eq!(shown, [("two", 12, 3, false), ("one", 2, 3, true)], "the newest first");
        assert_eq!(load_weights("one").await, Ok(Some(Bytes(vec![2; 3]))));
        delete_run("one").await.expect("storage");
        assert_eq!(load_weights("one").await, Ok(None));
        assert_eq!(store_run(&run("one", 3), &Bytes(vec![3]), Some(2.0)).await, Ok(Stored::Again), "it was deleted");
        assert_eq!(load_weights("two").await, Ok(Some(Bytes(vec![2; 3]))));
    }

    #[wasm_bindgen_test]
    async fn a_detector_is_stored_beside_the_runs_of_networks() {
        let kind = RunKind::Detector(DetectorRun { architecture: "4-8-4".into() });
        let detector = StoredRun { id: "detector".into(), data: "payments.csv".into(), kind, ..StoredRun::default() };
        store_run(&detector, &Bytes(vec![7; 5]), None).await.expect("storage");
        let runs = load_runs().await.expect("storage");
        let stored = runs.iter().find(|run| run.id == "detector").expect("it was stored");
        assert_eq!((&stored.kind, stored.kind.lab(), stored.bytes), (&detector.kind, Route::Tables, 5));
        assert_eq!(RunKind::default().lab(), Route::Digits);
        delete_run("detector").await.expect("storage");
        assert_eq!(load_weights("detector").await, Ok(None));
    }
}
