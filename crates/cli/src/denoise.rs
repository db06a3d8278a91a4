//! `pinhole denoise`

use std::path::Path;

use anyhow::{Context as _, ensure};
use pinhole_engine::{Compute, data};
use pinhole_protocol::DevicePreference;

use crate::files;

/// Cleans one picture and writes it as an 8-bit grey PNG.
pub async fn run(model: &Path, input: &Path, output: &Path, device: DevicePreference) -> anyhow::Result<()> {
    let compute = Compute::start(device).await;
    files::explain_device(&compute);
    let model = files::read_model(model, &compute)?;
    let images = data::open_images(&[files::read(input)?])?;
    for warning in &images.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    ensure!(images.len() == 1, "{} holds {} images: give one picture", input.display(), images.len());
    let pixels: Vec<f32> = images.image(0).iter().map(|&grey| f32::from(grey) / 255.0).collect();
    let clean = model.rebuild(&pixels).await?;
    let bytes: Vec<u8> = clean.iter().map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8).collect();
    let side = data::SIDE as u32;
    image::save_buffer_with_format(output, &bytes, side, side, image::ColorType::L8, image::ImageFormat::Png)
        .with_context(|| format!("cannot write {}", output.display()))
}
