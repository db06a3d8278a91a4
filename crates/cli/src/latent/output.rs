//! Files of decoded samples.

use std::path::Path;

use anyhow::{bail, ensure};
use pinhole_engine::latent::file::{drawn_file, rows_csv};
use pinhole_protocol::{
    GridShape,
    latent::{DecodedContent, DecodedSamples, Decoding},
};

use crate::{denoise, files, output_file};

/// Refuses, before any work, to write over what is read, or to a name with another ending than those that are written.
pub fn check_output(out: &Path, endings: &[&str], inputs: &[(&str, &Path)]) -> anyhow::Result<()> {
    output_file::refuse_input(out, inputs)?;
    let is_written =
        out.extension().is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)));
    ensure!(
        is_written || output_file::is_standard_output(out),
        "{} has an ending that is not written here: let the file's name end in .{}",
        out.display(),
        endings.join(" or .")
    );
    Ok(())
}

/// Writes decoded samples by the extension of the file: rows as CSV, with a first column `synthetic` if they were drawn;
/// pictures as an NPY array or as a PNG sheet.
pub fn write_samples(
    path: &Path,
    samples: &DecodedSamples,
    decoding: &Decoding,
    are_drawn: bool,
) -> anyhow::Result<()> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    match (&samples.content, decoding, extension.as_str()) {
        (DecodedContent::Rows { cells }, Decoding::Rows { columns }, "csv") if !are_drawn => {
            files::write(path, rows_csv(columns, cells).as_bytes())
        }
        (DecodedContent::Rows { .. }, _, "csv") | (DecodedContent::Pictures { .. }, _, "npy") => {
            files::write(path, &drawn_file(samples, decoding).1)
        }
        (DecodedContent::Pictures { shape, pixels }, _, "png") => {
            let (sheet, sheet_shape) = sheet(*shape, &pixels.0);
            denoise::write_png(path, &sheet, sheet_shape)
        }
        (DecodedContent::Rows { .. }, ..) => bail!("rows are written as CSV: let the file's name end in .csv"),
        (DecodedContent::Pictures { .. }, ..) => {
            bail!("pictures are written as an array or as one picture: let the file's name end in .npy or .png")
        }
    }
}

/// Pictures side by side in a sheet that is about square, channel by channel.
fn sheet(shape: GridShape, pixels: &[u8]) -> (Vec<u8>, GridShape) {
    let GridShape { channels, height, width } = shape;
    let count = pixels.len() / shape.len();
    let columns = (count as f64).sqrt().ceil().max(1.0) as usize;
    let sheet = GridShape { channels, height: height * count.div_ceil(columns), width: width * columns };
    let mut bytes = vec![0; sheet.len()];
    for (index, picture) in pixels.chunks_exact(shape.len()).enumerate() {
        let (top, left) = (index / columns * height, index % columns * width);
        for (line, row) in picture.chunks_exact(width).enumerate() {
            let (channel, row_of_picture) = (line / height, line % height);
            let start = (channel * sheet.height + top + row_of_picture) * sheet.width + left;
            bytes[start..start + width].copy_from_slice(row);
        }
    }
    (bytes, sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_not_written_over_and_endings_are_known() {
        let input = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let refused = |out: &Path, endings: &[&str]| {
            check_output(out, endings, &[("the file of vectors", &input)]).expect_err("it is refused").to_string()
        };
        assert!(refused(&input, &["toml"]).contains("is the file of vectors, which would be lost"));
        assert!(refused(Path::new("map.png"), &["csv", "npy"]).contains("end in .csv or .npy"));
        assert!(check_output(Path::new("map.CSV"), &["csv"], &[("the file of vectors", &input)]).is_ok());
    }
}
