//! Tests of the real page in a real browser. One binary, so that it links once; a module per feature or kind of failure.

mod accessibility;
mod bad_input;
mod builder;
mod builder_accessibility;
mod composed_rows;
mod conformance;
mod device;
mod diagnostics;
mod digits;
mod failures;
mod hosting;
mod inspection;
mod links;
mod models;
mod opened_images;
mod presets;
mod privacy;
mod start_from;
mod tables;
mod tables_accessibility;
mod tables_bad_input;
mod tables_dialects;
mod tables_drift;
mod tables_interrupted;
mod tables_rows;
mod training;
