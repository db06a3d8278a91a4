//! The engine as its users have it: the session of the page, and the parts that the terminal uses. One program, so that it
//! is compiled and linked once; tests that need a process of their own stand beside it.

mod bad_tables;
mod common;
mod data_drawings;
mod data_open;
mod data_quality;
mod dense_parity;
mod digit_classifier;
mod latent;
mod model_file;
mod preset_aims;
mod preset_claims;
mod resuming;
mod run_models;
mod samples;
mod schedules;
mod session;
mod session_harness;
mod shipped_models;
mod tables;
mod training;
