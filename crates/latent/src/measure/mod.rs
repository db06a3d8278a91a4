//! Measures of codes, embeddings and reconstructions.

mod association;
mod classification_report;
mod clusters;
mod dimensions;
mod information;
mod intrinsic_dimension;
mod k_means;
mod lbfgs;
mod linear_probe;
mod neighbour_vote;
mod neighbourhood;
mod reconstruction;
mod ridge;
mod scaling;

pub use association::{auroc, correlation_ratio, pearson, spearman};
pub use classification_report::{ClassReport, ClassificationReport, PrecisionRecall, accuracy};
pub(crate) use clusters::mean_of;
pub use clusters::{Silhouette, calinski_harabasz, davies_bouldin};
pub use dimensions::{active_dimensions, kl_per_dimension, participation_ratio, variances};
pub use information::{BINS, discretised, mutual_information, mutual_information_gap};
pub use intrinsic_dimension::TwoNearest;
pub use k_means::{Clustering, KMeans};
pub use linear_probe::{LinearProbe, LinearProbeFit};
pub use neighbour_vote::NeighbourVote;
pub use neighbourhood::{NeighbourhoodComparison, NeighbourhoodPreservation};
pub use reconstruction::{ReconstructionError, psnr, reconstruction_error, snr_gain};
pub use ridge::{RegressionScore, Ridge, RidgeFit, regression_score};
pub use scaling::Scaling;
