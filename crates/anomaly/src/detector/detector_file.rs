//! The file format of a detector.
//!
//! It is a safetensors file as a model file is, with one metadata key, `pinhole`:
//!
//! | field | holds |
//! |---|---|
//! | `kind` | `detector`: a model file has none |
//! | `format_version` | 3; a reader refuses a higher one, and reads format 2, whose ensembles had fewer members, and 1, whose experiments had other words |
//! | `app_version` | the Pinhole that wrote it |
//! | `method` | the scoring method |
//! | `experiment`, `warnings`, `steps` | of the autoencoder, if there is one |
//! | `groups` | the features that each column became: [first, end] each |
//! | `extra` | metadata of the fitted detector: preparation, threshold, reference distributions |
//!
//! The autoencoder's tensors are named as in a model file. Other methods and members name theirs `pca.…`, `forest.…`,
//! `columns.…` or `histograms.…`; `replay`
//! are prepared rows of the training table. All are 32-bit floats.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use pinhole_numerics::tensor_file::{self, TensorFileError, floats};
use pinhole_protocol::{APP_VERSION, Experiment, migration::from_old_json, table::Method};
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use super::{
    autoencoder::AutoencoderDetector,
    dense::{by_layer, is_supported},
    feature_table::FeatureTable,
};

/// Version of the format that this crate writes, and the newest that it reads.
pub const FORMAT_VERSION: u32 = 3;
/// First version whose experiments have the words of today.
const CURRENT_WORDS_VERSION: u32 = 2;
/// The metadata key, and the kind that distinguishes a detector from a model.
const KEY: &str = "pinhole";
const KIND: &str = "detector";
/// Longest header: 19,999 columns, each with a reference of 100 numbers, take some 40 MB.
const MAX_HEADER_BYTES: u64 = 100_000_000;
/// Name of the tensor of replay rows.
const REPLAY: &str = "replay";

/// Reason for which a detector file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DetectorFileError {
    /// Header or tensors that cannot be read.
    #[error(transparent)]
    Tensors(#[from] TensorFileError),
    /// A safetensors file of another program.
    #[error(
        "This .safetensors file was not made by Pinhole: it holds weights, but no experiment that says what they do."
    )]
    Foreign,
    /// A model of pictures where a detector of tables was expected.
    #[error("This file holds no detector: open a .safetensors file that the Tables lab or `pinhole fit` has saved.")]
    NotADetector,
    /// Written by a later version.
    #[error(
        "The detector was saved by a newer Pinhole ({app_version}, file format {format_version}): update this one to open it."
    )]
    TooNew {
        /// Format.
        format_version: u32,
        /// Version of the Pinhole that wrote it.
        app_version: String,
    },
    /// A part that is missing or contradicts another.
    #[error("The detector file is damaged: {0}.")]
    Damaged(String),
}

/// An array of a method other than the autoencoder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Array {
    /// Extent of each dimension.
    pub shape: Vec<usize>,
    /// Row-major.
    pub values: Vec<f32>,
}

/// Everything that a detector file holds.
#[derive(Clone, Debug)]
pub struct DetectorFile {
    /// The scoring method.
    pub method: Method,
    /// The network, if the method is the autoencoder.
    pub autoencoder: Option<AutoencoderDetector>,
    /// Arrays of other methods by name, such as `pca.means`.
    pub arrays: BTreeMap<String, Array>,
    /// Features that each column became.
    pub groups: Vec<Range<usize>>,
    /// Metadata of the fitted detector: preparation, threshold, reference distributions.
    pub extra: serde_json::Value,
    /// Prepared training rows, if they were saved.
    pub replay: Option<FeatureTable>,
}

#[derive(Deserialize, Serialize)]
struct Versions {
    kind: String,
    format_version: u32,
    app_version: String,
}

#[derive(Deserialize, Serialize)]
struct Header {
    #[serde(flatten)]
    versions: Versions,
    method: Method,
    network: Option<NetworkHeader>,
    groups: Vec<[usize; 2]>,
    extra: serde_json::Value,
}

#[derive(Deserialize, Serialize)]
struct NetworkHeader {
    experiment: Experiment,
    warnings: Vec<String>,
    steps: usize,
}

impl DetectorFile {
    /// Bytes of the file.
    ///
    /// # Panics
    /// Never: the header is plain data, and every array is checked to fit its shape by its constructor.
    pub fn to_bytes(&self) -> Vec<u8> {
        let json = serde_json::to_string(&self.header()).expect("a header is plain data, which JSON can hold");
        let mut tensors: Vec<(String, Vec<usize>, &[f32])> = Vec::new();
        if let Some(autoencoder) = &self.autoencoder {
            let values = autoencoder.weights().iter().flat_map(|layer| [&layer.weight[..], &layer.bias]);
            let plans = autoencoder.experiment().plan().tensors();
            tensors.extend(plans.into_iter().zip(values).map(|(plan, values)| (plan.name, plan.shape, values)));
        }
        for (name, array) in &self.arrays {
            tensors.push((name.clone(), array.shape.clone(), &array.values));
        }
        if let Some(replay) = &self.replay {
            tensors.push((REPLAY.to_owned(), vec![replay.len(), replay.width], &replay.values));
        }
        let views = tensors.iter().map(|(name, shape, values)| {
            let bytes: Cow<'_, [u8]> = Cow::Borrowed(bytemuck::cast_slice(values));
            (name.clone(), Stored { shape: shape.clone(), bytes })
        });
        safetensors::serialize(views, Some(HashMap::from([(KEY.to_owned(), json)])))
            .expect("names are distinct, shapes fit and the header is below the limit")
    }

    fn header(&self) -> Header {
        Header {
            versions: Versions { kind: KIND.into(), format_version: FORMAT_VERSION, app_version: APP_VERSION.into() },
            method: self.method,
            network: self.autoencoder.as_ref().map(|autoencoder| NetworkHeader {
                experiment: autoencoder.experiment().spec().clone(),
                warnings: autoencoder.warnings().to_vec(),
                steps: autoencoder.steps(),
            }),
            groups: self.groups.iter().map(|group| [group.start, group.end]).collect(),
            extra: self.extra.clone(),
        }
    }

    /// Reads a detector file.
    ///
    /// # Errors
    /// When it is damaged, no detector, or of a newer version. No bytes make this panic or allocate more than a few
    /// times their own length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DetectorFileError> {
        let json = tensor_file::metadata(bytes, KEY, MAX_HEADER_BYTES)?.ok_or(DetectorFileError::Foreign)?;
        let header = read_header(&json)?;
        let tensors = tensor_file::tensors(bytes)?;
        let autoencoder = header.network.map(|network| read_network(network, &tensors)).transpose()?;
        let groups: Vec<Range<usize>> = header.groups.iter().map(|&[start, end]| start..end).collect();
        let width = check_groups(&groups)?;
        if autoencoder.as_ref().is_some_and(|autoencoder| autoencoder.width() != width) {
            return Err(DetectorFileError::Damaged("its columns do not make up the network's input".into()));
        }
        let mut arrays = BTreeMap::new();
        let mut replay = None;
        for (name, view) in tensors.iter() {
            if name == REPLAY {
                let rows = view.shape().first().copied().unwrap_or(0);
                let values = floats(&tensors, name, &[rows, width])?;
                replay = Some(FeatureTable { values, width, groups: groups.clone(), cells: Vec::new() });
            } else if ["pca.", "forest.", "columns.", "histograms."].iter().any(|method| name.starts_with(method)) {
                let values = floats(&tensors, name, view.shape())?;
                arrays.insert(name.to_owned(), Array { shape: view.shape().to_vec(), values });
            }
        }
        Ok(Self { method: header.method, autoencoder, arrays, groups, extra: header.extra, replay })
    }
}

/// A tensor as `safetensors` writes it.
struct Stored<'a> {
    shape: Vec<usize>,
    bytes: Cow<'a, [u8]>,
}

impl safetensors::View for Stored<'_> {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

fn read_header(json: &str) -> Result<Header, DetectorFileError> {
    let unreadable = |error: serde_json::Error| DetectorFileError::Damaged(error.to_string());
    let Ok(Versions { kind, format_version, app_version }) = serde_json::from_str(json) else {
        return Err(DetectorFileError::NotADetector);
    };
    if kind != KIND {
        return Err(DetectorFileError::NotADetector);
    }
    if format_version > FORMAT_VERSION {
        return Err(DetectorFileError::TooNew { format_version, app_version });
    }
    let header = if format_version >= CURRENT_WORDS_VERSION {
        serde_json::from_str(json)
    } else {
        from_old_json(json, "/network/experiment")
    };
    header.map_err(unreadable)
}

fn read_network(header: NetworkHeader, tensors: &SafeTensors) -> Result<AutoencoderDetector, DetectorFileError> {
    let NetworkHeader { experiment, warnings, steps } = header;
    let experiment = experiment.check().map_err(|error| DetectorFileError::Damaged(error.to_string()))?;
    let plan = experiment.plan();
    if !is_supported(plan) {
        return Err(DetectorFileError::Damaged("a detector's network has dense layers only".into()));
    }
    let weights: Vec<Vec<f32>> = plan
        .tensors()
        .iter()
        .map(|tensor| floats(tensors, &tensor.name, &tensor.shape))
        .collect::<Result<_, TensorFileError>>()?;
    Ok(AutoencoderDetector::from_parts(experiment, by_layer(weights), warnings, steps))
}

/// Checks that groups follow each other without a gap. Returns the width that they cover.
fn check_groups(groups: &[Range<usize>]) -> Result<usize, DetectorFileError> {
    groups.iter().try_fold(0, |end, group| {
        (group.start == end && group.end > group.start)
            .then_some(group.end)
            .ok_or_else(|| DetectorFileError::Damaged("its columns overlap or leave a gap".into()))
    })
}
