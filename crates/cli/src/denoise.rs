//! `pinhole denoise`: one picture through a model.

use std::{io::Cursor, path::Path};

use anyhow::ensure;
use pinhole_engine::{Compute, data, pixels::unit_to_byte};
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
    let bytes: Vec<u8> = clean.into_iter().map(unit_to_byte).collect();
    write_png(output, &bytes, fitted.shape())
}

/// Writes bytes, [channels, height, width], as a PNG, grey or in colour.
pub fn write_png(path: &Path, pixels: &[u8], shape: GridShape) -> anyhow::Result<()> {
    let GridShape { channels, height, width } = shape;
    // PNG stores pixels as [row, column, channel].
    let bytes: Vec<u8> = (0..height * width)
        .flat_map(|pixel| (0..channels).map(move |channel| pixels[channel * height * width + pixel]))
        .collect();
    let colour = if channels == 1 { image::ColorType::L8 } else { image::ColorType::Rgb8 };
    let (width, height) = (width as u32, height as u32);
    let mut png = Cursor::new(Vec::new());
    image::write_buffer_with_format(&mut png, &bytes, width, height, colour, image::ImageFormat::Png)?;
    files::write(path, png.get_ref())
}
