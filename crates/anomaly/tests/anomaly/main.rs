//! Detectors, baselines and jobs as a user of the crate has them.

mod bad_input;
mod baselines;
mod conformance;
mod derived_columns;
mod detector;
mod filling;
mod jobs;
mod labels;
mod measures;
mod notations;
mod old_files;
mod other_files;
mod parcels;
mod preambles;
mod reading;
mod sections;
mod structure;
