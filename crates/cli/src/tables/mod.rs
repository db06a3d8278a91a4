//! Commands about tables: inspect, fit, score, evaluate.

mod evaluate;
mod fit;
mod inspect;
mod open;
mod progress_bar;
mod score;

pub use evaluate::run as evaluate;
pub use fit::run as fit;
pub use inspect::run as inspect;
pub use open::{open, print_warnings};
pub use progress_bar::run_job;
pub use score::run as score;
