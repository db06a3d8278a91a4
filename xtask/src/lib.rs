//! Shared by the tasks and the browser tests: paths, processes, Chromium, and a server for `dist`.

pub mod bench_options;
pub mod chromium;
pub mod process;
pub mod server;
pub mod workspace;
