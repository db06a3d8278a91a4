//! Commands about models and images: train, find-rate, eval, denoise, presets.

use std::{fs, path::Path};

use pinhole_engine::data;

use crate::program::{folder, pinhole, succeed};

/// Runs a line that must fail with `exit_code`, and returns its standard error.
fn refuse(folder: &Path, line: &str, exit_code: i32) -> String {
    let output = pinhole(folder, line);
    assert_eq!(output.status.code(), Some(exit_code), "{line}");
    assert!(output.stdout.is_empty(), "errors belong on standard error");
    String::from_utf8(output.stderr).expect("the program prints UTF-8")
}

/// Writes `count` generated digits as an IDX file.
fn write_idx(path: &Path, count: u32) {
    let mut bytes: Vec<u8> = [0x803, count, 28, 28].into_iter().flat_map(u32::to_be_bytes).collect();
    bytes.extend(data::strokes(3, count as usize).pixels());
    fs::write(path, bytes).expect("the target folder can be written");
}

#[test]
fn a_model_is_trained_measured_and_used() {
    let folder = folder("a_model_is_trained");
    write_idx(&folder.join("test.idx"), 20);
    let train = "train --preset dense-denoiser --data strokes --limit 600 --epochs 2 --latent 16 --batch-size 32 --seed 4 --device cpu --out";
    succeed(&folder, &format!("{train} one.safetensors"));
    succeed(&folder, &format!("{train} two.safetensors"));
    let read = |name| fs::read(folder.join(name)).expect("it was written");
    assert!(read("one.safetensors") == read("two.safetensors"), "the same seed makes the same file");

    let json = succeed(&folder, "eval one.safetensors --images test.idx --corrupt gaussian:0.5 --device cpu --json");
    let measures: serde_json::Value = serde_json::from_str(&json).expect("one line of JSON");
    let measure = |name: &str| measures[name].as_f64().unwrap_or_else(|| panic!("{name} is a number in {json}"));
    assert!(measure("psnr") > measure("psnr_noisy") + 1.0, "{json}");
    assert!((measure("psnr") + 10.0 * measure("mse").log10()).abs() < 1e-9, "{json}");
    assert!(measure("ssim") > 0.0, "{json}");
    assert_eq!(measures["images"], 20);
    assert_eq!(measures["psnr"], measures["psnr_db"]);

    let pixels = data::strokes(8, 1);
    let input = folder.join("in.png");
    image::save_buffer(&input, pixels.pixels(), 28, 28, image::ColorType::L8)
        .expect("the target folder can be written");
    succeed(&folder, "denoise one.safetensors in.png out.png --device cpu");
    let clean = image::open(folder.join("out.png")).expect("a picture").to_luma8();
    assert_eq!(clean.dimensions(), (28, 28));
    assert!(clean.pixels().any(|pixel| pixel.0[0] > 60), "something of the digit comes back");
}

#[test]
fn a_model_is_measured_on_generated_digits() {
    let folder = folder("measured_on_generated_digits");
    succeed(&folder, "train --data strokes --limit 200 --epochs 1 --latent 8 --device cpu --out m.safetensors");
    let evaluate = |line: &str| -> serde_json::Value {
        let json = succeed(&folder, &format!("eval m.safetensors --data strokes --device cpu --json {line}"));
        serde_json::from_str(&json).expect("one line of JSON")
    };
    let clean = evaluate("--seed 7");
    assert_eq!(clean["images"], 1_000);
    assert_eq!(clean, evaluate("--seed 7 --limit 1000"), "the same digits");
    let mean = mean_digit_error(7, 1_000);
    assert!((clean["mean_sample_mse"].as_f64().expect("a number") - mean).abs() < 1e-6, "{clean}");
    let noisy = evaluate("--seed 8 --limit 50 --corrupt gaussian:0.5");
    assert_eq!(noisy["images"], 50);
    assert!(noisy["psnr_noisy"].as_f64() < Some(12.0), "{noisy}");
    let both = "eval m.safetensors --data strokes --images x.idx";
    assert!(refuse(&folder, both, 2).contains("--images"), "one source");
    let note = pinhole(&folder, "eval m.safetensors --data strokes --limit 5 --device cpu");
    assert!(String::from_utf8_lossy(&note.stderr).contains("choose another seed"));
}

/// Mean squared error of the mean of generated digits.
fn mean_digit_error(seed: u64, count: usize) -> f64 {
    let digits = data::strokes(seed, count);
    let of_pixel =
        |pixel: usize| digits.pixels().iter().skip(pixel).step_by(784).map(|&value| f64::from(value) / 255.0);
    let variance = |pixel| {
        let mean = of_pixel(pixel).sum::<f64>() / count as f64;
        of_pixel(pixel).map(|value| (value - mean).powi(2)).sum::<f64>() / count as f64
    };
    (0..784).map(variance).sum::<f64>() / 784.0
}

#[test]
fn training_starts_from_an_existing_model() {
    let folder = folder("starts");
    let small = "--data strokes --limit 200 --batch-size 32 --set network.encoder.0.dense.width=32 --device cpu";
    let train = |line: &str| succeed(&folder, &format!("train {small} {line}"));
    train("--latent 8 --epochs 1 --out old.safetensors");
    train("--latent 8 --epochs 3 --resume old.safetensors --out longer.safetensors --last last.safetensors");
    train("--latent 8 --epochs 1 --transfer old.safetensors --reuse encoder --freeze encoder --out new.safetensors");
    train("--latent 4 --epochs 1 --teacher old.safetensors --optimiser sgd:0.9 --out student.safetensors");
    for name in ["longer", "last", "new", "student"] {
        assert!(folder.join(format!("{name}.safetensors")).exists(), "{name} was written");
    }
    for (line, word) in [
        ("--latent 9 --transfer old.safetensors", "bottleneck.0.weight is 8x32 there and 9x32 here"),
        ("--latent 8 --epochs 1 --resume old.safetensors", "ask for more epochs"),
        ("--preset transfer", "--transfer"),
        ("--preset student", "--teacher"),
        ("--set schedule.optimizer=lion", "optimiser"),
    ] {
        let error = refuse(&folder, &format!("train {small} {line} --out x.safetensors"), 1);
        assert!(error.contains(word), "{line}: {error}");
    }
}

#[test]
fn a_learning_rate_is_suggested() {
    let folder = folder("find_rate");
    let json = succeed(&folder, "find-rate --data strokes --limit 300 --batch-size 32 --device cpu --json");
    let found: serde_json::Value = serde_json::from_str(&json).expect("one line of JSON");
    assert!(found["suggestion"].as_f64().is_some_and(|rate| rate > 1e-5 && rate < 1.0), "{json}");
    assert!(found["tried"].as_array().is_some_and(|tried| tried.len() > 40));
}

#[test]
fn reproduce_is_also_called_figures() {
    let folder = folder("reproduce");
    for name in ["reproduce", "figures"] {
        let printed = succeed(&folder, &format!("{name} --mnist nowhere --out none.json"));
        assert!(printed.contains("there is no train-images-idx3-ubyte.gz in nowhere"), "{printed}");
    }
}

#[test]
fn presets_are_listed_for_people_and_programs() {
    let folder = folder("presets");
    assert!(succeed(&folder, "presets").contains("article"));
    let presets: serde_json::Value = serde_json::from_str(&succeed(&folder, "presets --json")).expect("JSON");
    assert_eq!(presets[0]["name"], "article");
    assert_eq!(presets[0]["experiment"]["schedule"]["batch_size"], 32);
}

#[test]
fn errors_are_printed_on_standard_error() {
    let folder = folder("refusals");
    fs::write(folder.join("junk.safetensors"), b"no model").expect("the target folder can be written");
    write_idx(&folder.join("few.idx"), 2);
    let cases = [
        ("eval missing.safetensors --images few.idx", 1, "missing.safetensors"),
        ("eval junk.safetensors --images few.idx --device cpu", 1, "damaged or no model"),
        ("train --images junk.safetensors --device cpu --out x.safetensors", 1, "junk.safetensors"),
        ("train --preset artikel --out x.safetensors", 1, "conv-denoiser"),
        ("train --corrupt fog:0.5 --out x.safetensors", 2, "fog"),
        ("train --latent 0 --device cpu --out x.safetensors", 1, "width 0"),
        ("train", 2, "--out"),
        ("fly", 2, "fly"),
    ];
    for (line, exit_code, word) in cases {
        let error = refuse(&folder, line, exit_code);
        assert!(error.contains(word), "{line}: {error}");
        let sentences: Vec<&str> = error.trim().split(": ").collect();
        assert!(sentences.windows(2).all(|pair| pair[0] != pair[1]), "a sentence is repeated: {error}");
    }
    assert!(!folder.join("x.safetensors").exists());
}
