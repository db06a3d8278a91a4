//! Commands about latent spaces: encode, embed, sample, decode.

use std::fs;

use pinhole_engine::latent::file::NpyArray;

use crate::program::{folder, pinhole, succeed};

#[test]
fn codes_are_written_laid_out_and_decoded() {
    let folder = folder("latent");
    succeed(
        &folder,
        "train --preset article --data strokes --limit 200 --epochs 1 --latent 3 --batch-size 32 --device cpu --out m.safetensors",
    );
    succeed(&folder, "encode m.safetensors --data strokes --limit 40 --seed 9 --device cpu --out codes.csv");
    let codes = fs::read_to_string(folder.join("codes.csv")).expect("it was written");
    assert!(codes.starts_with("id,label,error,z1,z2,z3\n1,") && codes.lines().count() == 41, "{codes}");
    succeed(&folder, "encode m.safetensors --data strokes --limit 40 --seed 9 --device cpu --out codes.npy");
    let array = NpyArray::parse(&fs::read(folder.join("codes.npy")).expect("it was written")).expect("it is ours");
    assert_eq!(array.shape, [40, 3]);

    for method in ["pca", "tsne --perplexity 5 --iterations 50", "umap --neighbours 5"] {
        succeed(&folder, &format!("embed codes.csv --method {method} --seed 2 --out map.csv"));
        let map = fs::read_to_string(folder.join("map.csv")).expect("it was written");
        assert!(map.starts_with("id,label,error,x,y\n") && map.lines().count() == 41, "{method}: {map}");
    }

    succeed(&folder, "decode m.safetensors codes.csv --device cpu --out rebuilt.npy");
    let array = NpyArray::parse(&fs::read(folder.join("rebuilt.npy")).expect("it was written")).expect("it is ours");
    assert_eq!(array.shape, [40, 28, 28]);
    succeed(&folder, "sample m.safetensors --data strokes --limit 60 --count 9 --seed 1 --device cpu --out drawn.png");
    assert!(fs::read(folder.join("drawn.png")).expect("it was written").starts_with(b"\x89PNG"));
    let output = pinhole(&folder, "sample m.safetensors --count 9 --device cpu --out drawn.png");
    let sentence = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && sentence.contains("no prior"), "{sentence}");
    fs::write(folder.join("other.csv"), "a,b\n1.5,2\n3,4.5\n").expect("the folder can be written");
    let output = pinhole(&folder, "decode m.safetensors other.csv --device cpu --out rebuilt.npy");
    let sentence = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(sentence.contains("vectors of 2 numbers, and a code of this model has 3"), "{sentence}");
}
