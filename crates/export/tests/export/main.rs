//! Tests of the listings.

mod combinations;
mod constructs;
mod stored;
