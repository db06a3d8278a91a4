//! A fitted detector as the bytes of a detector file, and back.

use std::collections::BTreeMap;

use pinhole_protocol::table::Method;
use serde::{Deserialize, Serialize};

use super::{
    FittedDetector,
    metadata::{Calibration, DetectorMetadata},
};
use crate::{
    AnomalyError,
    baselines::{BaselineError, Histograms, IsolationForest, NamedTensor, Pca},
    detector::{
        Array, ColumnPredictors, Detector, DetectorFile, DetectorFileError, Ensemble, FeatureTable, InlierScaler,
        MemberScales, OptionalMembers,
    },
    scoring::ColumnReference,
};

/// Name of the array of expected values that an isolation forest comes with.
const MEANS: &str = "forest.mean";

/// Everything beside the arrays. Serialised names are those of format 1.
#[derive(Deserialize, Serialize)]
struct Extra {
    #[serde(rename = "facts")]
    metadata: DetectorMetadata,
    /// Of an ensemble: scales of its members' scores.
    #[serde(rename = "votes")]
    scales: Option<MemberScales>,
    /// Of an ensemble: scale of the rows that trained it.
    #[serde(rename = "trim")]
    inlier_scaler: Option<InlierScaler>,
}

impl FittedDetector {
    /// Bytes of a detector file: a safetensors file with everything that scoring needs. Neighbours and fine-tuning need
    /// prepared rows of the training table; without them (`with_replay` false) the other members score alone, with the
    /// threshold that flags as many rows by their scores, and their own score reference.
    ///
    /// # Errors
    /// When the metadata cannot be written.
    pub fn to_file(&self, with_replay: bool) -> Result<Vec<u8>, AnomalyError> {
        let mut metadata = self.metadata.clone();
        if !with_replay && self.replay().is_some_and(|rows| !rows.is_empty()) {
            let Calibration { threshold, score_reference } = metadata.without_neighbours.take().unwrap_or_default();
            metadata.threshold = threshold;
            metadata.score_reference = score_reference;
        }
        let mut arrays = BTreeMap::new();
        let (mut network, mut scales, mut inlier_scaler) = (None, None, None);
        match &self.detector {
            Detector::Ensemble(ensemble) => {
                network = Some(ensemble.network().clone());
                scales = Some(ensemble.scales().clone());
                inlier_scaler = Some(ensemble.inlier_scaler().clone());
                let OptionalMembers { forest, columns, histograms } = ensemble.optional_members();
                let members = [
                    forest.map(|forest| forest.to_tensors()),
                    columns.map(|columns| columns.to_tensors()),
                    histograms.map(|histograms| histograms.to_tensors()),
                ];
                add(&mut arrays, members.into_iter().flatten().flatten().collect());
            }
            Detector::Pca(pca) => add(&mut arrays, pca.to_tensors()),
            Detector::IsolationForest { forest, means } => {
                add(&mut arrays, forest.to_tensors());
                arrays.insert(MEANS.into(), Array { shape: vec![means.len()], values: means.clone() });
            }
        }
        let extra = serde_json::to_value(Extra { metadata, scales, inlier_scaler })
            .map_err(|_| AnomalyError::State("The detector holds a number that a file cannot: train it again."))?;
        let replay = self.replay().filter(|rows| with_replay && !rows.is_empty()).cloned();
        let groups = self.preparation().groups().into_iter().map(|group| group.features).collect();
        let file = DetectorFile { method: self.plan().method, autoencoder: network, arrays, groups, extra, replay };
        Ok(file.to_bytes())
    }

    /// Reads a detector file.
    ///
    /// # Errors
    /// When it is damaged, no detector, or of a newer version.
    pub fn from_file(name: &str, bytes: &[u8]) -> Result<Self, AnomalyError> {
        read(name, bytes).map_err(|problem| AnomalyError::DetectorFile { name: name.to_owned(), problem })
    }
}

fn add(arrays: &mut BTreeMap<String, Array>, tensors: Vec<NamedTensor>) {
    for NamedTensor { name, shape, values } in tensors {
        arrays.insert(name.to_owned(), Array { shape, values });
    }
}

fn read(name: &str, bytes: &[u8]) -> Result<FittedDetector, DetectorFileError> {
    let broken = |problem: String| DetectorFileError::Damaged(problem);
    let file = DetectorFile::from_bytes(bytes)?;
    let Extra { metadata, scales, inlier_scaler } =
        serde_json::from_value(file.extra).map_err(|error| broken(error.to_string()))?;
    let width = metadata.preparation.feature_count();
    if file.groups.last().map_or(0, |group| group.end) != width || metadata.plan.method != file.method {
        return Err(broken("its columns are not those of its preparation".into()));
    }
    if metadata.references.len() != metadata.preparation.columns.len()
        || references(&metadata).any(|reference| !reference.is_valid())
    {
        return Err(broken("the distributions of its training table are damaged".into()));
    }
    if !metadata.has_valid_columns() {
        return Err(broken("the columns that are derived from others are not those of its preparation".into()));
    }
    let tensors = named(&file.arrays);
    let forest = |tensors: &[NamedTensor]| {
        IsolationForest::from_tensors(tensors, width).map_err(|error: BaselineError| broken(error.to_string()))
    };
    let detector = match file.method {
        Method::Autoencoder => {
            let network = file.autoencoder.ok_or_else(|| broken("it holds no network".into()))?;
            let (scales, inlier_scaler) = scales
                .zip(inlier_scaler.filter(|scaler| scaler.is_valid(width)))
                .ok_or_else(|| broken("the scales of its ensemble members are missing".into()))?;
            let cells = metadata.preparation.cells();
            let damaged = |error: BaselineError| broken(error.to_string());
            let members = OptionalMembers {
                forest: scales.forest.is_some().then(|| forest(&tensors)).transpose()?,
                columns: scales
                    .columns
                    .is_some()
                    .then(|| ColumnPredictors::from_tensors(&tensors, cells.clone()).map_err(damaged))
                    .transpose()?,
                histograms: scales
                    .histograms
                    .is_some()
                    .then(|| Histograms::from_tensors(&tensors, cells).map_err(damaged))
                    .transpose()?,
            };
            let empty = FeatureTable { values: Vec::new(), width, groups: file.groups, cells: Vec::new() };
            let references = file.replay.unwrap_or(empty);
            Detector::Ensemble(Box::new(Ensemble::new(network, references, members, inlier_scaler, scales)))
        }
        Method::Pca => Detector::Pca(Pca::from_tensors(&tensors, width).map_err(|error| broken(error.to_string()))?),
        Method::IsolationForest => {
            let means = file.arrays.get(MEANS).filter(|array| array.values.len() == width);
            let means =
                means.ok_or_else(|| broken("the expected values of its forest are missing".into()))?.values.clone();
            Detector::IsolationForest { forest: forest(&tensors)?, means }
        }
    };
    Ok(FittedDetector { name: name.to_owned(), metadata, detector })
}

/// Every distribution of the training table.
fn references(metadata: &DetectorMetadata) -> impl Iterator<Item = &ColumnReference> {
    let without_neighbours = metadata.without_neighbours.iter().flat_map(|calibration| &calibration.score_reference);
    metadata.references.iter().chain(&metadata.score_reference).chain(without_neighbours)
}

/// The arrays with the names that the baselines read.
fn named(arrays: &BTreeMap<String, Array>) -> Vec<NamedTensor> {
    const NAMES: [&str; 10] = [
        "histograms.bounds",
        "histograms.surprises",
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
    NAMES.into_iter().chain(ColumnPredictors::TENSORS).filter_map(array).collect()
}
