//! What surrounds every lab: header, device, theme, footer.

mod device;
mod header;
mod theme;

pub use device::DeviceControl;
pub use header::Header;
