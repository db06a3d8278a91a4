//! Tables in the terminal: inspect, fit, score, evaluate.

mod evaluate;
mod fit;
mod follow;
mod inspect;
mod open;
mod score;

pub use evaluate::run as evaluate;
pub use fit::run as fit;
pub use inspect::run as inspect;
pub use score::run as score;
