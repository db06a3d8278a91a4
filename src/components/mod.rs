//! Components that labs share.

pub mod bar;
pub mod bars;
pub mod chart;
pub mod curve_chart;
pub mod field;
pub mod figures;
pub mod file_button;
pub mod file_drop;
pub mod histogram;
pub mod loss_chart;
pub mod pad;
pub mod picture;
pub mod sample_grid;
pub mod virtual_list;
