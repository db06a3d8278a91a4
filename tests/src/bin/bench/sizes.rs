//! What a visitor downloads.

use std::{fs, io::Write as _, path::Path};

use anyhow::{Context as _, Result};
use flate2::{Compression, write::GzEncoder};
use pinhole_e2e::browser::dist;

/// A part of `dist`: what is fetched together.
#[derive(Clone, Debug, Default)]
pub struct Size {
    /// Which part.
    pub part: &'static str,
    /// Bytes as they lie there.
    pub raw: usize,
    /// Bytes after gzip, level 9, each file by itself.
    pub gzip: usize,
    /// Bytes after Brotli, level 11.
    pub brotli: usize,
}

/// The page, the engine's worker, the models and the sample tables, in that order.
pub fn of_dist() -> Result<Vec<Size>> {
    let mut sizes = ["page", "worker", "models", "samples"].map(|part| Size { part, ..Size::default() });
    add_folder(&dist(), "", &mut sizes)?;
    Ok(sizes.into())
}

fn add_folder(folder: &Path, below: &str, sizes: &mut [Size; 4]) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let name = format!("{below}{}", path.file_name().unwrap_or_default().display());
        if path.is_dir() {
            add_folder(&path, &format!("{name}/"), sizes)?;
            continue;
        }
        let size = &mut sizes[place(&name)];
        let bytes = fs::read(&path).with_context(|| format!("reading {name}"))?;
        size.raw += bytes.len();
        size.gzip += gzip(&bytes)?;
        size.brotli += brotli(&bytes)?;
    }
    Ok(())
}

/// The place in the list of the part to which a file belongs.
fn place(name: &str) -> usize {
    match name.split_once('/') {
        Some(("models", _)) => 2,
        Some(("samples", _)) => 3,
        _ => usize::from(name.contains("worker")),
    }
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_belong_to_what_is_fetched_with_them() {
        let parts = [
            "index.html",
            "page-0a1b_bg.wasm",
            "engine-worker.js",
            "pinhole-worker_bg.wasm",
            "models/a.safetensors",
            "samples/a.csv",
        ];
        assert_eq!(parts.map(place), [0, 0, 1, 1, 2, 3]);
    }

    #[test]
    fn repetition_compresses() {
        let bytes = b"encode, decode, ".repeat(1000);
        assert!(gzip(&bytes).expect("in memory") < 200);
        assert!(brotli(&bytes).expect("in memory") < 100);
    }
}
