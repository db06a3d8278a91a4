//! Commands about tables: inspect, fit, score, fill, evaluate.

mod evaluate;
mod fill;
mod fit;
mod inspect;
mod open;
mod output;
mod parts;
mod progress_bar;
mod score;

pub use evaluate::run as evaluate;
pub use fill::run as fill;
pub use fit::run as fit;
pub use inspect::run as inspect;
pub use open::{open, print_warnings};
pub use progress_bar::run_job;
pub use score::run as score;
