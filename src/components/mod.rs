//! Components that several labs share.

pub mod bar_chart;
pub mod chart;
pub mod drawing_pad;
pub mod field;
pub mod file_button;
pub mod file_drop;
pub mod format;
pub mod histogram;
pub mod loss_chart;
pub mod map;
pub mod media;
pub mod number_field;
pub mod picture;
pub mod plot;
pub mod restore_bar;
pub mod sample_grid;
pub mod selection;
pub mod share_bar;
pub mod tabs;
pub mod virtual_list;
