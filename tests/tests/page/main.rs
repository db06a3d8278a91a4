//! The real page in a real browser. One binary, so that it links once; each module is a thing that people do, or meet.

mod accessibility;
mod bad_input;
mod builder;
mod builder_accessibility;
mod composed_rows;
mod conformance;
mod device;
mod digits;
mod failures;
mod hosting;
mod insight;
mod links;
mod models;
mod opened;
mod presets;
mod privacy;
mod start_from;
mod tables;
mod tables_accessibility;
mod tables_bad_input;
mod tables_drift;
mod tables_messy;
mod tables_midway;
mod tables_rows;
mod training;
