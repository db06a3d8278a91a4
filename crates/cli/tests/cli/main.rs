//! Tests of the program `pinhole`, run as a process.

mod images;
mod log;
mod program;
mod tables;
