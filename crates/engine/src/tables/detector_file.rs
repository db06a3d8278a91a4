//! Detectors to bytes and back.

use std::collections::BTreeMap;

use pinhole_protocol::table::Method;
use serde::{Deserialize, Serialize};

use super::stored::{Facts, StoredDetector};
use crate::{
    EngineError,
    baselines::{BaselineError, IsolationForest, NamedTensor, Pca},
    detector::{Array, Detector, DetectorFile, Ensemble, FeatureTable, Trim, Votes},
    model_file::ModelFileError,
};

/// Name of the forest's expected values among a file's arrays.
const MEANS: &str = "forest.mean";

/// Everything beside the arrays.
#[derive(Deserialize, Serialize)]
struct Extra {
    facts: Facts,
    /// Of an ensemble: how its members' votes are standardised, and the scale of the rows that trained it.
    votes: Option<Votes>,
    trim: Option<Trim>,
}

impl StoredDetector {
    /// The bytes of a detector file: safetensors with everything that scoring needs. Neighbours and fine-tuning need rows
    /// of the training table, prepared; without them (`with_replay` false) the other members vote alone, and the
    /// threshold is found anew on the first table that is scored.
    ///
    /// # Errors
    /// When the facts cannot be written.
    pub fn to_file(&self, with_replay: bool) -> Result<Vec<u8>, EngineError> {
        let mut facts = self.facts.clone();
        if !with_replay {
            facts.threshold = None;
            facts.score_reference = None;
        }
        let mut arrays = BTreeMap::new();
        let (mut network, mut votes, mut trim) = (None, None, None);
        match &self.detector {
            Detector::Ensemble(ensemble) => {
                network = Some(ensemble.network().clone());
                votes = Some(ensemble.votes());
                trim = Some(ensemble.trim().clone());
                if let Some(forest) = ensemble.forest() {
                    add(&mut arrays, forest.to_tensors());
                }
            }
            Detector::Pca(pca) => add(&mut arrays, pca.to_tensors()),
            Detector::IsolationForest { forest, means } => {
                add(&mut arrays, forest.to_tensors());
                arrays.insert(MEANS.into(), Array { shape: vec![means.len()], values: means.clone() });
            }
        }
        let extra = serde_json::to_value(Extra { facts, votes, trim })
            .map_err(|_| EngineError::State("The detector holds what a file cannot: train it again."))?;
        let replay = self.replay().filter(|rows| with_replay && !rows.is_empty()).cloned();
        let groups = self.preparation().groups().into_iter().map(|group| group.features).collect();
        let file = DetectorFile { method: self.plan().method, autoencoder: network, arrays, groups, extra, replay };
        Ok(file.to_bytes())
    }

    /// Reads a detector file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_file(name: &str, bytes: &[u8]) -> Result<Self, EngineError> {
        read(name, bytes).map_err(|problem| EngineError::ModelFile { name: name.to_owned(), problem })
    }
}

fn add(arrays: &mut BTreeMap<String, Array>, tensors: Vec<NamedTensor>) {
    for NamedTensor { name, shape, values } in tensors {
        arrays.insert(name.to_owned(), Array { shape, values });
    }
}

fn read(name: &str, bytes: &[u8]) -> Result<StoredDetector, ModelFileError> {
    let broken = |problem: String| ModelFileError::Experiment(problem);
    let file = DetectorFile::from_bytes(bytes)?;
    let Extra { facts, votes, trim } = serde_json::from_value(file.extra).map_err(|error| broken(error.to_string()))?;
    let width = facts.preparation.feature_count();
    if file.groups.last().map_or(0, |group| group.end) != width || facts.plan.method != file.method {
        return Err(broken("its columns are not those of its preparation".into()));
    }
    if facts.references.len() != facts.preparation.columns.len()
        || facts.references.iter().chain(&facts.score_reference).any(|reference| !reference.is_sound())
    {
        return Err(broken("what it knows of its training table is damaged".into()));
    }
    let tensors = named(&file.arrays);
    let forest = |tensors: &[NamedTensor]| {
        IsolationForest::from_tensors(tensors, width).map_err(|error: BaselineError| broken(error.to_string()))
    };
    let detector = match file.method {
        Method::Autoencoder => {
            let network = file.autoencoder.ok_or_else(|| broken("it holds no network".into()))?;
            let (votes, trim) = votes
                .zip(trim.filter(|trim| trim.is_sound(width)))
                .ok_or_else(|| broken("how its members vote is missing".into()))?;
            let forest = if votes.has_forest() { Some(forest(&tensors)?) } else { None };
            let references =
                file.replay.unwrap_or_else(|| FeatureTable { values: Vec::new(), width, groups: file.groups });
            Detector::Ensemble(Box::new(Ensemble::new(network, references, forest, trim, votes)))
        }
        Method::Pca => Detector::Pca(Pca::from_tensors(&tensors, width).map_err(|error| broken(error.to_string()))?),
        Method::IsolationForest => {
            let means = file.arrays.get(MEANS).filter(|array| array.values.len() == width);
            let means = means.ok_or_else(|| broken("what its forest expects is missing".into()))?.values.clone();
            Detector::IsolationForest { forest: forest(&tensors)?, means }
        }
    };
    Ok(StoredDetector { name: name.to_owned(), facts, detector })
}

/// The arrays under the names that methods look for.
fn named(arrays: &BTreeMap<String, Array>) -> Vec<NamedTensor> {
    const NAMES: [&str; 8] = [
        "pca.means",
        "pca.scales",
        "pca.loss",
        "forest.sample",
        "forest.value",
        "forest.feature",
        "forest.left",
        "forest.rows",
    ];
    let array = |name: &'static str| {
        let Array { shape, values } = arrays.get(name)?;
        Some(NamedTensor { name, shape: shape.clone(), values: values.clone() })
    };
    NAMES.into_iter().filter_map(array).collect()
}
