//! Frame around every lab: header, device, theme, footer.

mod device;
mod footer;
mod header;
mod stored_data;
mod theme;

pub use device::{device_control, device_text};
pub use footer::footer;
pub use header::header;
pub use stored_data::StoredDataPage;
