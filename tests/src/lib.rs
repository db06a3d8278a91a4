//! Harness of the browser tests: a browser, a server, and methods that operate the page.
//!
//! `cargo xtask test e2e` builds the page and runs them. A test finds elements as a person would, by role and
//! accessible name. The harness controls a browser through its WebDriver program and serves `dist` itself, so that it
//! logs every request. The table in `browser/capability.rs` says by which means each browser does what a scenario needs.

pub mod browser;
pub mod builder;
pub mod controls;
pub mod csv;
pub mod drawing;
pub mod files;
pub mod hosts;
pub mod model_file;
pub mod page;
pub mod pictures;
pub mod rows;
pub mod tables;
pub mod typing;
pub mod webdriver;
pub mod window;

pub use browser::{Capability, Gpu, Setup, scenario};
pub use page::Page;
