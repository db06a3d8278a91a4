//! The readers as a wasm module: `pinhole_formats::module` has its functions.

fn main() {
    #[cfg(not(target_family = "wasm"))]
    eprintln!("This module runs in a browser: `cargo xtask serve` builds and serves the page that loads it.");
    #[cfg(target_family = "wasm")]
    pinhole_formats::module::keep();
}
