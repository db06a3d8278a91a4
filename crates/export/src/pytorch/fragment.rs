//! Classes and functions that PyTorch lacks, each in a Python file of its own. A listing has those that it uses.

use super::python::uses;

/// A class or a function of a listing.
struct Fragment {
    name: &'static str,
    source: &'static str,
}

macro_rules! fragments {
    ($($name:literal in $file:literal,)*) => {
        [$(Fragment { name: $name, source: include_str!(concat!("python/", $file)) }),*]
    };
}

const FRAGMENTS: [Fragment; 25] = fragments![
    "Transpose" in "transpose.py",
    "GRU" in "gru.py",
    "LSTM" in "lstm.py",
    "LastStep" in "last_step.py",
    "Repeat" in "repeat.py",
    "Rows" in "rows.py",
    "SequenceToPicture" in "sequence_to_picture.py",
    "PositionalEncoding" in "positional_encoding.py",
    "Residual" in "residual.py",
    "Highway" in "highway.py",
    "Tied" in "tied.py",
    "TopK" in "top_k.py",
    "hidden_block" in "hidden_block.py",
    "blur" in "blur.py",
    "down_scale" in "down_scale.py",
    "smooth_field" in "smooth_field.py",
    "ssim" in "ssim.py",
    "kl_sparsity" in "kl_sparsity.py",
    "contraction" in "contraction.py",
    "total_correlation" in "total_correlation.py",
    "orthogonality" in "orthogonality.py",
    "known_squared_error" in "known_squared_error.py",
    "ring" in "ring.py",
    "Lion" in "lion.py",
    "Lamb" in "lamb.py",
];

/// Sources of the fragments that are called in `source`.
pub(super) fn fragments_of(source: &str) -> Vec<String> {
    let called = FRAGMENTS.iter().filter(|fragment| uses(source, &format!("{}(", fragment.name)));
    called.map(|fragment| fragment.source.trim_end().to_owned()).collect()
}
