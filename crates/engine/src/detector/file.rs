//! A detector in one file that scores the same anywhere.
//!
//! It is a safetensors file as a model file is ([`crate::model_file`]), with one metadata key, `pinhole`:
//!
//! | field | holds |
//! |---|---|
//! | `kind` | `detector`: a model file has none |
//! | `format_version` | 2; a reader refuses a higher one, and reads format 1, whose experiments had other words |
//! | `app_version` | the Pinhole that wrote it |
//! | `method` | what scores |
//! | `experiment`, `warnings`, `steps` | of the autoencoder, if there is one |
//! | `groups` | the features that each column became: [first, end] each |
//! | `extra` | what the session adds: preparation, threshold, reference distributions |
//!
//! The autoencoder's tensors are named as in a model file. Other methods name theirs `pca.…` or `forest.…`; `replay` are
//! prepared rows of the training table. All are 32-bit floats.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use pinhole_protocol::{APP_VERSION, Experiment, table::Method};
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use super::{autoencoder::AutoencoderDetector, dense::is_supported, features::FeatureTable};
use crate::{
    detector::dense::by_layer,
    model_file::{
        ModelFileError,
        bytes::{check_length, explain, floats},
        read_old_header,
    },
};

/// Version of the format that this crate writes, and the newest that it reads.
pub const FORMAT_VERSION: u32 = 2;
/// The metadata key, and the kind that tells a detector from a model.
const KEY: &str = "pinhole";
const KIND: &str = "detector";
/// The library's own limit: 19,999 columns, each with its reference of 100 numbers, come to some 40 MB.
const MOST_HEADER_BYTES: u64 = 100_000_000;
/// The tensor of old rows.
const REPLAY: &str = "replay";

/// Numbers of a method other than the autoencoder.
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
    /// What scores.
    pub method: Method,
    /// The network, if the method has one.
    pub autoencoder: Option<AutoencoderDetector>,
    /// Arrays of other methods by name, such as `pca.components`.
    pub arrays: BTreeMap<String, Array>,
    /// The features that each column became.
    pub groups: Vec<Range<usize>>,
    /// What the session needs to know again: preparation, threshold, reference distributions.
    pub extra: serde_json::Value,
    /// Prepared rows of the training table, if they were saved.
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
    /// The bytes of the file.
    ///
    /// # Panics
    /// Never: the header is plain data, and every array is checked to fit its shape by whoever made it.
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
    /// What is wrong with it. No bytes make this panic or allocate more than a few times their own length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelFileError> {
        check_length(bytes, MOST_HEADER_BYTES)?;
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(explain)?;
        let json = metadata.metadata().as_ref().and_then(|entries| entries.get(KEY)).ok_or(ModelFileError::Foreign)?;
        let header = read_header(json)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(explain)?;
        let autoencoder = header.network.map(|network| read_network(network, &tensors)).transpose()?;
        let groups: Vec<Range<usize>> = header.groups.iter().map(|&[start, end]| start..end).collect();
        let width = check_groups(&groups)?;
        if autoencoder.as_ref().is_some_and(|autoencoder| autoencoder.width() != width) {
            return Err(ModelFileError::Experiment("its columns do not make up the network's input".into()));
        }
        let mut arrays = BTreeMap::new();
        let mut replay = None;
        for (name, view) in tensors.iter() {
            if name == REPLAY {
                let rows = view.shape().first().copied().unwrap_or(0);
                let values = floats(&tensors, name, &[rows, width])?;
                replay = Some(FeatureTable { values, width, groups: groups.clone() });
            } else if ["pca.", "forest."].iter().any(|method| name.starts_with(method)) {
                let values = floats(&tensors, name, view.shape())?;
                arrays.insert(name.to_owned(), Array { shape: view.shape().to_vec(), values });
            }
        }
        Ok(Self { method: header.method, autoencoder, arrays, groups, extra: header.extra, replay })
    }
}

/// A tensor as the library writes it.
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

fn read_header(json: &str) -> Result<Header, ModelFileError> {
    let unreadable = |error: serde_json::Error| ModelFileError::Experiment(error.to_string());
    let Ok(Versions { kind, format_version, app_version }) = serde_json::from_str(json) else {
        return Err(ModelFileError::NotADetector);
    };
    if kind != KIND {
        return Err(ModelFileError::NotADetector);
    }
    if format_version > FORMAT_VERSION {
        return Err(ModelFileError::TooNew { format_version, app_version });
    }
    let header = if format_version == FORMAT_VERSION {
        serde_json::from_str(json)
    } else {
        read_old_header(json, "/network/experiment")
    };
    header.map_err(unreadable)
}

fn read_network(header: NetworkHeader, tensors: &SafeTensors) -> Result<AutoencoderDetector, ModelFileError> {
    let NetworkHeader { experiment, warnings, steps } = header;
    let experiment = experiment.check().map_err(|error| ModelFileError::Experiment(error.to_string()))?;
    let plan = experiment.plan();
    if !is_supported(plan) {
        return Err(ModelFileError::Experiment("a detector's network has dense layers only".into()));
    }
    let weights: Vec<Vec<f32>> = plan
        .tensors()
        .iter()
        .map(|tensor| floats(tensors, &tensor.name, &tensor.shape))
        .collect::<Result<_, ModelFileError>>()?;
    Ok(AutoencoderDetector::from_parts(experiment, by_layer(weights), warnings, steps))
}

/// Groups follow each other without a gap; answers the width that they cover.
fn check_groups(groups: &[Range<usize>]) -> Result<usize, ModelFileError> {
    groups.iter().try_fold(0, |end, group| {
        (group.start == end && group.end > group.start)
            .then_some(group.end)
            .ok_or_else(|| ModelFileError::Experiment("its columns overlap or leave a gap".into()))
    })
}
