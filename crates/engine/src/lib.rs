//! The engine: data, networks, objectives, training, measures and model files, for native and wasm targets alike. No
//! DOM.
//!
//! A picture is prepared ([`data`]), corrupted ([`objective::corruption`]), encoded, passed through the bottleneck and
//! decoded ([`network`]), and compared with its target ([`objective`], [`measure`]). [`training`] minimises the
//! difference, and [`model_file`] stores the result.
//!
//! The page uses all of this through [`session::serve`], the terminal through its parts:
//!
//! ```no_run
//! # async fn example(bytes: Vec<u8>) -> Result<(), pinhole_engine::EngineError> {
//! use pinhole_engine::{Compute, data, training::{RunAdvance, Start, TrainingRun}};
//! use pinhole_protocol::{DevicePreference, Experiment};
//!
//! let compute = Compute::start(DevicePreference::Auto).await;
//! let images = data::strokes(1, 10_000);
//! let mut run = TrainingRun::new(&compute, Experiment::default().check()?, &images, Start::Fresh)?;
//! loop {
//!     match run.advance().await? {
//!         RunAdvance::BatchDone { losses } => println!("step {}: {:?}", run.step(), losses.total),
//!         RunAdvance::EpochDone(record) => println!("{record:?}"),
//!         RunAdvance::Warned(warning) => println!("{warning}"),
//!         RunAdvance::Ended(end) => break println!("{end:?}"),
//!     }
//! }
//! let file = run.into_model("digits".into()).to_file().await?;
//! # Ok(()) }
//! ```
//!
//! Every read of the device is awaited: a page must never block its event loop on the GPU.

pub mod bench;
pub mod data;
mod device;
mod error;
pub mod evaluate;
pub mod inspection;
pub mod latent;
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
