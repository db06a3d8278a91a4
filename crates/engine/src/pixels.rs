//! Grey bytes, grey values, and values that come from a device.

/// A grey byte as a value from 0 to 1.
pub fn unit(grey: u8) -> f32 {
    f32::from(grey) / 255.0
}

/// The grey byte nearest to a value; what is below 0 or above 1 is clipped.
pub fn grey(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}
