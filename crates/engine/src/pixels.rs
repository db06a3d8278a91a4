//! Conversion between grey bytes and values from 0 to 1.

/// The value, 0 to 1, of a byte.
pub fn byte_to_unit(byte: u8) -> f32 {
    f32::from(byte) / 255.0
}

/// The byte nearest to a value, which is clipped to 0 to 1.
pub fn unit_to_byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}
