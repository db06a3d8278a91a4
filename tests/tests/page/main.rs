//! The real page in a real browser. One binary, so that it links once; each module is a thing that people do, or meet.

mod accessibility;
mod bad_input;
mod device;
mod digits;
mod failures;
mod hosting;
mod models;
mod privacy;
mod tables;
mod tables_accessibility;
mod tables_bad_input;
mod tables_drift;
mod tables_messy;
mod tables_midway;
mod tables_rows;
mod training;
