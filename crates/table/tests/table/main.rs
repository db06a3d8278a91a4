//! Integration tests of the crate, in one binary so that they link once.

mod bad_input;
mod conformance;
mod encoding_samples;
mod encodings;
mod export;
mod kinds;
mod preparation;
mod properties;
mod reading;
mod scan;
mod support;
