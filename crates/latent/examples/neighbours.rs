//! Searches neighbours of the vectors of a file, and prints the seconds and the recall against exact ones.
//!
//! `neighbours VECTORS WIDTH K`: 32-bit little-endian floats.

use std::{env, fs, rc::Rc, time::Instant};

use pinhole_latent::{
    Vectors,
    neighbours::{NeighbourSearch, nearest},
};

/// Vectors whose neighbours are compared with the exact ones.
const COMPARED: usize = 500;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let number = |index: usize| arguments.get(index).and_then(|text| text.parse::<usize>().ok());
    let (Some(width), Some(k)) = (number(2), number(3)) else { panic!("neighbours VECTORS WIDTH K") };
    let bytes = fs::read(&arguments[1]).expect("a file of vectors");
    let values = bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let vectors = Rc::new(Vectors::new(values, width).expect("whole vectors"));
    let mut search = NeighbourSearch::new(Rc::clone(&vectors), k, 0).expect("fewer neighbours than vectors");
    let (start, mut longest) = (Instant::now(), 0.0_f64);
    while !search.is_done() {
        let call = Instant::now();
        search.advance();
        longest = longest.max(call.elapsed().as_secs_f64());
    }
    let graph = search.finish();
    let seconds = start.elapsed().as_secs_f64();
    let step = (vectors.len() / COMPARED).max(1);
    let chosen: Vec<usize> = (0..vectors.len()).step_by(step).collect();
    let queries = chosen.iter().flat_map(|&index| vectors.row(index).to_vec()).collect();
    let queries = Rc::new(Vectors::new(queries, width).expect("whole vectors"));
    // The vector itself is the first.
    let exact = nearest(&queries, &vectors, k + 1);
    let shared: usize = (chosen.iter().zip(exact.rows()))
        .map(|(&index, (expected, _))| graph.neighbours(index).iter().filter(|found| expected.contains(found)).count())
        .sum();
    let recall = shared as f64 / (chosen.len() * k) as f64;
    println!("{{\"seconds\": {seconds:.3}, \"longest\": {longest:.4}, \"recall\": {recall:.4}}}");
}
