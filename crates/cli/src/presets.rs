//! `pinhole presets`: the list of presets.

use pinhole_protocol::presets;

/// Prints every preset, as a line each or as JSON.
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
