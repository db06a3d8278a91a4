//! Models that come with the page.

use pinhole_protocol::ModelSummary;

const PREFIX: &str = "Ready-made ";

/// Name under which a model that comes with the page is opened.
pub fn ready_made_name(file: &str) -> String {
    format!("{PREFIX}{file}")
}

/// True if a model came with the page.
pub fn is_ready_made(model: &ModelSummary) -> bool {
    model.name.starts_with(PREFIX)
}
