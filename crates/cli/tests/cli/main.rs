//! Tests of the program `pinhole`, run as a process.

mod images;
mod program;
mod tables;
