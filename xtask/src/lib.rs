//! What the tasks and the browser tests share: where things are, how to run them, and a server for `dist`.

pub mod bench_options;
pub mod chromium;
pub mod process;
pub mod server;
pub mod workspace;
