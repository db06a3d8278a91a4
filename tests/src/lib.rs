//! A browser, a server and hands: what the tests of the real page are written with.
//!
//! `cargo xtask test e2e` builds the page and runs them. A test finds things as a person would, by role and accessible
//! name; the harness talks to Chromium through ChromeDriver and serves `dist` itself, so that it sees every request.

pub mod browser;
pub mod builder;
pub mod controls;
pub mod csv;
pub mod drawing;
pub mod files;
pub mod model_file;
pub mod page;
pub mod pictures;
pub mod rows;
pub mod tables;
pub mod wire;

pub use browser::{Gpu, Setup, scenario};
pub use page::Page;
