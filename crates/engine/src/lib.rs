//! What computes: data, networks, objectives, training, measures and model files, native and wasm alike. No DOM.
//!
//! A picture is prepared ([`data`]), corrupted ([`objective::corruption`]), encoded, passes the bottleneck, is decoded
//! ([`network`]) and is compared with what it should have been ([`objective`], [`measure`]). [`training`] repeats that
//! until the difference is small, [`model_file`] keeps what was learnt.
//!
//! The page talks to all of this through [`session::serve`]. A terminal uses the parts:
//!
//! ```no_run
//! # async fn example(bytes: Vec<u8>) -> Result<(), pinhole_engine::EngineError> {
//! use pinhole_engine::{Compute, data, training::{Advance, Start, TrainingRun}};
//! use pinhole_protocol::{DevicePreference, Experiment};
//!
//! let compute = Compute::start(DevicePreference::Auto).await;
//! let images = data::strokes(1, 10_000);
//! let mut run = TrainingRun::new(&compute, Experiment::default().check()?, &images, Start::Fresh)?;
//! loop {
//!     match run.advance().await? {
//!         Advance::Worked { losses } => println!("step {}: {:?}", run.step(), losses.total),
//!         Advance::EpochDone(record) => println!("{record:?}"),
//!         Advance::Warned(warning) => println!("{warning}"),
//!         Advance::Ended(end) => break println!("{end:?}"),
//!     }
//! }
//! let file = run.into_model("digits".into()).to_file().await?;
//! # Ok(()) }
//! ```
//!
//! Every read of the device is awaited: a page must never wait for its GPU with the event loop stopped.

pub mod bench;
pub mod data;
mod device;
mod error;
pub mod evaluate;
pub mod inspection;
pub mod measure;
mod model;
pub mod model_file;
pub mod network;
pub mod objective;
pub mod pixels;
mod read_back;
pub mod session;
pub mod training;

pub use device::Compute;
pub use error::EngineError;
pub use model::Model;
