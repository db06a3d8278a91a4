//! `pinhole presets`

use pinhole_protocol::presets;

/// Prints every preset: a line each, or all of it as JSON.
pub fn run(json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(&presets())?);
        return Ok(());
    }
    for preset in presets() {
        println!("{:<16} {}", preset.name, preset.about);
    }
    Ok(())
}
