//! Detectors, baselines and jobs as a user of the crate has them.

mod baselines;
mod conformance;
mod derived_columns;
mod detector;
mod jobs;
mod labels;
mod notations;
mod old_files;
mod parcels;
mod preambles;
mod reading;
mod sections;
