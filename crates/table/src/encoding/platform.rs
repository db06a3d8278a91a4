//! Decoder that the platform has: `TextDecoder` in a browser, the crate `encoding_rs` elsewhere.
//!
//! Both follow the Encoding Standard. The tables of `encoding_rs` would be 140 kB of the engine's wasm after
//! compression, for what every browser has.

use pinhole_protocol::table::TextEncoding;

/// Decodes bytes; what is invalid becomes U+FFFD.
#[cfg(not(target_family = "wasm"))]
pub fn decode(encoding: TextEncoding, bytes: &[u8]) -> String {
    let decoder = encoding_rs::Encoding::for_label(encoding.label().as_bytes());
    decoder.expect("every label is of the Encoding Standard").decode_without_bom_handling(bytes).0.into_owned()
}

/// Decodes bytes; what is invalid becomes U+FFFD.
#[cfg(target_family = "wasm")]
pub fn decode(encoding: TextEncoding, bytes: &[u8]) -> String {
    let decoder = web_sys::TextDecoder::new_with_label(encoding.label());
    let decoder = decoder.expect("every browser knows the labels of the Encoding Standard");
    decoder.decode_with_u8_array(bytes).expect("a decoder that is not fatal decodes any bytes")
}
