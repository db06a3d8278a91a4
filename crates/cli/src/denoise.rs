//! `pinhole denoise`: one picture through a model.

use std::{io::Cursor, path::Path};

use anyhow::ensure;
use pinhole_engine::{Compute, data};
use pinhole_protocol::{DevicePreference, GridShape};

use crate::{files, output_file::refuse_input};

/// Reconstructs one picture, resized to the model's input, and writes it as an 8-bit PNG, grey or in colour. With `as_is`
/// a drawing is not made bright ink on black first.
pub async fn run(
    model: &Path,
    input: &Path,
    output: &Path,
    as_is: bool,
    device: DevicePreference,
) -> anyhow::Result<()> {
    refuse_input(output, &[("the model", model), ("the picture", input)])?;
    let compute = Compute::start(device).await;
    files::print_fallback_reason(&compute);
    let model = files::read_model(model, &compute)?;
    let images = files::open_images(&[input], as_is)?;
    for warning in &images.warnings {
        eprintln!("pinhole: note: {warning}");
    }
    ensure!(images.len() == 1, "{} holds {} images: give one picture", input.display(), images.len());
    let fitted = data::fit_to_input(&images, model.experiment().plan().input)?;
    let clean = model.reconstruct(&fitted.values(0)).await?;
    write(output, &clean, fitted.shape())
}

/// Writes `values`, [channels, height, width] from 0 to 1, as a PNG.
fn write(path: &Path, values: &[f32], shape: GridShape) -> anyhow::Result<()> {
    let GridShape { channels, height, width } = shape;
    let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    // PNG stores pixels as [row, column, channel].
    let bytes: Vec<u8> = (0..height * width)
        .flat_map(|pixel| (0..channels).map(move |channel| byte(values[channel * height * width + pixel])))
        .collect();
    let colour = if channels == 1 { image::ColorType::L8 } else { image::ColorType::Rgb8 };
    let (width, height) = (width as u32, height as u32);
    let mut png = Cursor::new(Vec::new());
    image::write_buffer_with_format(&mut png, &bytes, width, height, colour, image::ImageFormat::Png)?;
    files::write(path, png.get_ref())
}
