//! Tables in the terminal: inspect, fit, score, evaluate.

mod evaluate;
mod fit;
mod follow;
mod inspect;
mod open;
mod score;

pub use evaluate::run as evaluate;
pub use fit::run as fit;
pub use follow::follow;
pub use inspect::run as inspect;
pub use open::{explain_warnings, open};
pub use score::run as score;
