//! Harness of the browser tests: a browser, a server, and methods that operate the page.
//!
//! `cargo xtask test e2e` builds the page and runs them. A test finds elements as a person would, by role and
//! accessible name. The harness controls Chromium through ChromeDriver and serves `dist` itself, so that it logs every
//! request.

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

pub use browser::{Gpu, Setup, scenario};
pub use page::Page;
