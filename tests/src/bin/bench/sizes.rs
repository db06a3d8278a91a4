//! Size of what a visitor downloads.

use std::{fmt, fs, io::Write as _, path::Path};

use anyhow::{Context as _, Result};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Map, Value, json};

use crate::report::{Section, push};

/// Size of a part of `dist` that is fetched together.
#[derive(Clone, Debug, Default)]
struct Size {
    part: &'static str,
    /// Bytes of the files.
    raw: usize,
    /// Bytes after gzip, level 9, summed over the files.
    gzip: usize,
    /// Bytes after Brotli, level 11, summed over the files.
    brotli: usize,
}

/// Sizes of the page, the engine with WebGPU and without, the models and the example tables, in that order.
pub struct Sizes {
    title: &'static str,
    parts: [Size; PARTS.len()],
}

const PARTS: [&str; 5] = ["page", "engine", "engine, CPU", "models", "samples"];

impl Sizes {
    /// Measures a built page.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(title: &'static str, dist: &Path) -> Result<Self> {
        let mut parts = PARTS.map(|part| Size { part, ..Size::default() });
        add_folder(dist, "", &mut parts)?;
        Ok(Self { title, parts })
    }
}

impl Section for Sizes {
    fn add_to(&self, all: &mut Map<String, Value>) {
        for Size { part, raw, gzip, brotli } in &self.parts {
            let size = json!({ "of": self.title, "part": part, "raw": raw, "gzip": gzip, "brotli": brotli });
            push(all, "sizes_bytes", size);
        }
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<12}{:>12}{:>12}{:>12}", self.title, "raw", "gzip", "brotli")?;
        for Size { part, raw, gzip, brotli } in &self.parts {
            let kilobytes = |bytes: &usize| *bytes as f64 / 1e3;
            writeln!(f, "{part:<12}{:>12.1}{:>12.1}{:>12.1}", kilobytes(raw), kilobytes(gzip), kilobytes(brotli))?;
        }
        Ok(())
    }
}

fn add_folder(folder: &Path, below: &str, sizes: &mut [Size; PARTS.len()]) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let name = format!("{below}{}", path.file_name().unwrap_or_default().display());
        if path.is_dir() {
            add_folder(&path, &format!("{name}/"), sizes)?;
            continue;
        }
        let size = &mut sizes[part_index(&name)];
        let bytes = fs::read(&path).with_context(|| format!("reading {name}"))?;
        size.raw += bytes.len();
        size.gzip += gzip(&bytes)?;
        size.brotli += brotli(&bytes)?;
    }
    Ok(())
}

/// Index in [`PARTS`] of the part to which a file belongs.
fn part_index(name: &str) -> usize {
    match name.split_once('/') {
        Some(("models", _)) => 3,
        Some(("samples", _)) => 4,
        _ if name.contains("worker-cpu") => 2,
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
    fn each_file_counts_to_one_part() {
        let parts = [
            "index.html",
            "page-0a1b_bg.wasm",
            "engine-worker.js",
            "pinhole-worker_bg.wasm",
            "pinhole-worker-cpu_bg.wasm",
            "models/a.safetensors",
            "samples/a.csv",
        ];
        assert_eq!(parts.map(part_index), [0, 0, 1, 1, 2, 3, 4]);
    }

    #[test]
    fn repetition_compresses() {
        let bytes = b"encode, decode, ".repeat(1000);
        assert!(gzip(&bytes).expect("in memory") < 200);
        assert!(brotli(&bytes).expect("in memory") < 100);
    }
}
