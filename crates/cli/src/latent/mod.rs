//! Commands about latent spaces: encode, embed, sample, decode.

mod decode;
mod embed;
mod encode;
mod load;
mod output;
mod sample;

pub use decode::run as decode;
pub use embed::run as embed;
pub use encode::run as encode;
pub use sample::run as sample;
