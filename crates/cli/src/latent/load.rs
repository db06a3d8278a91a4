//! Models and samples of the commands about latent spaces.

use std::{cell::RefCell, path::Path, rc::Rc};

use anyhow::{bail, ensure};
use pinhole_anomaly::{FittedDetector, RowAutoencoder, TableSample, jobs::ScoreJob};
use pinhole_engine::{
    Compute, Model,
    data::{SamplePlan, SampleSet, SamplesJob},
    latent::{self, JobControl, LatentModel, OpenVectors, RunSamples},
};
use pinhole_formats::AllFormats;
use pinhole_protocol::{DevicePreference, ImageSource, latent::SampleRange};

use crate::{
    arguments::{DataArguments, ReadArguments},
    files, samples, tables,
};

/// Generated digits without a limit.
const GENERATED_IMAGES: usize = 1_000;

/// A network from a file of either lab.
pub enum LoadedModel {
    /// A model file.
    Network(Box<Model>),
    /// A detector file.
    Detector(Rc<FittedDetector>),
}

/// Opens a model file or a detector file.
pub async fn model(path: &Path, device: DevicePreference) -> anyhow::Result<LoadedModel> {
    let compute = Compute::start(device).await;
    files::print_fallback_reason(&compute);
    let file = files::read(path)?;
    match (Model::from_file(&file.name, &file.bytes.0, &compute), FittedDetector::from_file(&file.name, &file.bytes.0))
    {
        (Ok(model), _) => Ok(LoadedModel::Network(Box::new(model))),
        (Err(_), Ok(detector)) => Ok(LoadedModel::Detector(Rc::new(detector))),
        (Err(error), Err(_)) => Err(error.into()),
    }
}

impl LoadedModel {
    /// Encodes samples.
    pub async fn open(self, data: &DataArguments, seed: u64) -> anyhow::Result<OpenVectors> {
        let control = JobControl::default();
        let open = match self {
            Self::Network(model) => {
                let set = samples_of(&model, data, seed).await?;
                for warning in &set.warnings {
                    eprintln!("pinhole: note: {warning}");
                }
                latent::open_network(*model, RunSamples::unseen(Rc::new(set)), SampleRange::All, &control).await?
            }
            Self::Detector(detector) => {
                ensure!(!data.files.is_empty(), "a detector encodes rows of a table: name it behind the detector");
                let scanned = tables::open(&data.files, &data.reading).await?;
                let ranking = tables::run_job(ScoreJob::new(&scanned.table, &detector, None)?).await?;
                latent::open_rows(&RefCell::new(ranking), seed, &control).await?
            }
        };
        for warning in &open.warnings {
            eprintln!("pinhole: note: {warning}");
        }
        Ok(open)
    }

    /// The network alone; one of table rows with the columns of `table`.
    pub async fn without_samples(self, table: Option<&Path>, reading: &ReadArguments) -> anyhow::Result<LatentModel> {
        Ok(match self {
            Self::Detector(detector) => LatentModel::Detector(RowAutoencoder::new(&detector)?),
            Self::Network(model) => {
                let reads_rows =
                    model.experiment().plan().input.height == 1 && model.experiment().plan().input.width == 1;
                let rows: Option<Rc<TableSample>> = match table {
                    Some(path) => rows(path, reading, None, 0).await?.table().cloned(),
                    None if reads_rows => bail!("this model reads rows of a table: name the file with --table"),
                    None => None,
                };
                LatentModel::Network { model, rows }
            }
        })
    }
}

/// Samples of the arguments, for a network of pictures or of table rows.
async fn samples_of(model: &Model, data: &DataArguments, seed: u64) -> anyhow::Result<SampleSet> {
    let shape = model.experiment().plan().input;
    let mut set = match data.data.map(ImageSource::from) {
        Some(source) => samples::built_in(&source, shape, seed, data.limit.unwrap_or(GENERATED_IMAGES))?,
        None if data.files.is_empty() => bail!("there are no samples: name files behind the model, or choose --data"),
        None if shape.height == 1 && shape.width == 1 => {
            ensure!(data.files.len() == 1, "a model of table rows reads one table");
            return rows(&data.files[0], &data.reading, data.limit, seed).await;
        }
        None => files::open_images(&data.files, data.as_is)?,
    };
    set.truncate(data.limit.unwrap_or(usize::MAX));
    Ok(set)
}

async fn rows(path: &Path, reading: &ReadArguments, limit: Option<usize>, seed: u64) -> anyhow::Result<SampleSet> {
    let scanned = tables::open(&[path.to_owned()], reading).await?;
    let plan = SamplePlan::new(&scanned.table.borrow(), None)?;
    tables::run_job(SamplesJob::new(&scanned.table, plan, limit, seed)?).await
}

/// Vectors of a CSV or NPY file.
pub async fn vectors(path: &Path) -> anyhow::Result<OpenVectors> {
    let file = latent::file::VectorFile::new(files::read(path)?, &AllFormats)?;
    let open = file.read(&JobControl::default()).await?;
    for warning in &open.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    Ok(open)
}
