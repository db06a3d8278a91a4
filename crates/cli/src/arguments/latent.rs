//! Arguments of the commands about latent spaces.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pinhole_protocol::latent::Projection;

use super::{BuiltInImages, DeviceChoice, ReadArguments};

/// Samples that are encoded.
#[derive(Debug, Args)]
pub struct DataArguments {
    /// The samples: one IDX file, or PNG and JPEG files; a table for a detector, or for a model of table rows.
    #[arg(value_name = "DATA")]
    pub files: Vec<PathBuf>,
    /// Built-in pictures in place of files.
    #[arg(long, value_enum, conflicts_with = "files")]
    pub data: Option<BuiltInImages>,
    /// Largest number of samples.
    #[arg(long)]
    pub limit: Option<usize>,
    /// Leave pictures as they are: drawings are not inverted, stretched, evened out, cropped or centred.
    #[arg(long)]
    pub as_is: bool,
    #[command(flatten)]
    pub reading: ReadArguments,
}

/// `pinhole encode`
#[derive(Debug, Args)]
pub struct EncodeArguments {
    /// The model file, or a detector file.
    pub model: PathBuf,
    #[command(flatten)]
    pub samples: DataArguments,
    /// The file to write: .csv with ids, labels and errors, or .npy with the codes alone.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Seed of built-in pictures, and of the sample that is drawn of more than 60,000.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// The device to compute on.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
}

/// Projection to two dimensions.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ProjectionMethod {
    /// Principal component analysis.
    Pca,
    /// t-distributed stochastic neighbour embedding.
    Tsne,
    /// Uniform manifold approximation and projection.
    Umap,
}

/// `pinhole embed`
#[derive(Debug, Args)]
pub struct EmbedArguments {
    /// The vectors, CSV or NPY.
    pub codes: PathBuf,
    /// The method.
    #[arg(long, value_enum)]
    pub method: ProjectionMethod,
    /// Seed of start and sampling.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// t-SNE: effective number of neighbours.
    #[arg(long, default_value_t = 30.0)]
    pub perplexity: f32,
    /// t-SNE: number of steps.
    #[arg(long, default_value_t = 1_000)]
    pub iterations: usize,
    /// UMAP: neighbours of each vector.
    #[arg(long, default_value_t = 15)]
    pub neighbours: usize,
    /// UMAP: least distance on the map.
    #[arg(long, default_value_t = 0.1)]
    pub min_dist: f32,
    /// The CSV file to write; its last columns are `x` and `y`.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

impl EmbedArguments {
    /// The projection with its settings.
    pub const fn projection(&self) -> Projection {
        match self.method {
            ProjectionMethod::Pca => Projection::Pca,
            ProjectionMethod::Tsne => Projection::Tsne { perplexity: self.perplexity, iterations: self.iterations },
            ProjectionMethod::Umap => Projection::Umap { neighbours: self.neighbours, min_dist: self.min_dist },
        }
    }
}

/// `pinhole sample`
#[derive(Debug, Args)]
pub struct SampleArguments {
    /// The model file, or a detector file.
    pub model: PathBuf,
    /// Samples to whose codes a mixture of Gaussians is fitted; not needed for a code with a prior.
    #[command(flatten)]
    pub samples: DataArguments,
    /// Number of samples to draw.
    #[arg(long)]
    pub count: usize,
    /// Seed of the draws.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// The file to write: .npy or .png of pictures, .csv of rows.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The device to compute on.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
}

/// `pinhole decode`
#[derive(Debug, Args)]
pub struct DecodeArguments {
    /// The model file, or a detector file.
    pub model: PathBuf,
    /// The codes, CSV or NPY.
    pub codes: PathBuf,
    /// The table whose columns a model of table rows writes; a detector knows them.
    #[arg(long, value_name = "FILE")]
    pub table: Option<PathBuf>,
    #[command(flatten)]
    pub reading: ReadArguments,
    /// The file to write: .npy or .png of pictures, .csv of rows.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The device to compute on.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
}
