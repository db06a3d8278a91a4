//! The real page in a real browser. One binary, so that it links once; each module is a thing that people do, or meet.

mod accessibility;
mod bad_input;
mod device;
mod digits;
mod failures;
mod hosting;
mod models;
mod privacy;
mod training;
