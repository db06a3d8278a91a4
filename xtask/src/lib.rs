//! Shared by the tasks and the browser tests: paths, processes, browsers, and a server for `dist`.

pub mod bench_options;
pub mod browsers;
pub mod process;
pub mod server;
pub mod workspace;
