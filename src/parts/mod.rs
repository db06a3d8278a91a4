//! Components that labs share.

pub mod field;
pub mod figures;
pub mod file_button;
pub mod file_drop;
pub mod hourglass;
pub mod loss_chart;
pub mod pad;
pub mod picture;
pub mod sample_grid;
