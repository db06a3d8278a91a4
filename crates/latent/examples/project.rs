//! Projects vectors of a file and writes their positions: for `tests/reference/layouts.py`, which measures speed and
//! quality beside other programs.
//!
//! `project VECTORS WIDTH tsne|umap|pca SEED POSITIONS [ITERATIONS]`: both files are 32-bit little-endian floats. Prints
//! the seconds of each stage and those of the longest single call.

use std::{env, fs, rc::Rc, time::Instant};

use pinhole_latent::{
    Vectors,
    projection::{ProjectionRun, ProjectionSettings, ProjectionStage},
};

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let number = |index: usize| arguments.get(index).and_then(|text| text.parse::<usize>().ok());
    let (Some(width), Some(seed)) = (number(2), number(4)) else {
        panic!("project VECTORS WIDTH tsne|umap|pca SEED POSITIONS [ITERATIONS]");
    };
    let bytes = fs::read(&arguments[1]).expect("a file of vectors");
    let values = bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let vectors = Vectors::new(values, width).expect("whole vectors");
    let settings = match arguments[3].as_str() {
        "tsne" => ProjectionSettings::Tsne { perplexity: 30.0, iterations: number(6).unwrap_or(1_000) },
        "umap" => ProjectionSettings::Umap { neighbours: 15, min_dist: 0.1 },
        _ => ProjectionSettings::Pca,
    };
    let mut run = ProjectionRun::new(Rc::new(vectors), settings, seed as u64).expect("settings that fit");
    let (mut neighbours, mut layout, mut longest) = (0.0, 0.0, 0.0_f64);
    while !run.is_done() {
        let (stage, start) = (run.stage(), Instant::now());
        run.advance();
        let seconds = start.elapsed().as_secs_f64();
        longest = longest.max(seconds);
        if stage == ProjectionStage::Neighbours { neighbours += seconds } else { layout += seconds }
    }
    let positions = run.finish().expect("it is done").positions;
    let bytes: Vec<u8> = positions.into_iter().flat_map(f32::to_le_bytes).collect();
    fs::write(&arguments[5], bytes).expect("a place for the positions");
    println!("{{\"neighbours\": {neighbours:.3}, \"layout\": {layout:.3}, \"longest\": {longest:.4}}}");
}
