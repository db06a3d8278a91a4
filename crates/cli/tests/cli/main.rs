//! Tests of the program `pinhole`, run as a process.

mod images;
mod latent;
mod log;
mod output;
mod program;
mod renamed_columns;
mod tables;
