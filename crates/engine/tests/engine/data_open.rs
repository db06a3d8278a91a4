//! Opening of files: good, compressed, truncated, damaged and foreign ones.

use std::io::{Cursor, Write};

use flate2::{Compression, write::GzEncoder};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use pinhole_engine::data::{DataError, SampleSet, open_images};
use pinhole_protocol::{Bytes, GridShape, NamedFile};
use proptest::prelude::*;

const SIDE: usize = 28;
const PIXELS: usize = SIDE * SIDE;
/// Side of a large picture once it is opened.
const LARGE: usize = 64;

fn file(name: &str, bytes: Vec<u8>) -> NamedFile {
    NamedFile { name: name.into(), bytes: Bytes(bytes) }
}

fn open(name: &str, bytes: Vec<u8>) -> Result<SampleSet, DataError> {
    open_images(&[file(name, bytes)])
}

fn picture(set: &SampleSet, index: usize) -> &[u8] {
    set.picture(index).expect("opened files are pictures")
}

fn grey(height: usize, width: usize) -> GridShape {
    GridShape { channels: 1, height, width }
}

/// The error message, which names the file.
fn refusal(bytes: Vec<u8>) -> String {
    let message = open("digits.bin", bytes).expect_err("it is no usable file").to_string();
    assert!(message.contains("digits.bin"), "{message}");
    message
}

fn header(magic: u32, dimensions: &[u32]) -> Vec<u8> {
    [&[magic], dimensions].concat().into_iter().flat_map(u32::to_be_bytes).collect()
}

fn idx(count: u32, height: u32, width: u32) -> Vec<u8> {
    let pixels = (0..count * height * width).map(|index| (index % 251) as u8);
    header(0x803, &[count, height, width]).into_iter().chain(pixels).collect()
}

fn labels(numbers: &[u8]) -> Vec<u8> {
    [&header(0x801, &[numbers.len() as u32]), numbers].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

fn encode(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).expect("the format takes grey and colour");
    bytes.into_inner()
}

/// A bar in the middle: dark ink on paper, or bright ink on black.
fn bar(side: u32, paper: u8, ink: u8) -> GrayImage {
    GrayImage::from_fn(side, side, |x, _| Luma([if (2 * side / 5..3 * side / 5).contains(&x) { ink } else { paper }]))
}

#[test]
fn an_idx_file_is_read_plain_or_gzipped() {
    let bytes = idx(3, 28, 28);
    for packed in [bytes.clone(), gzip(&bytes)] {
        let set = open("three", packed).expect("a good file");
        assert_eq!((set.name.as_str(), set.len(), set.warnings.as_slice()), ("three", 3, &[][..]));
        assert_eq!(set.pixels(), &bytes[16..]);
    }
}

#[test]
fn images_keep_their_size_within_16_to_64_pixels() {
    let opened = |count: u32, height: u32, width: u32| open("some", idx(count, height, width)).expect("a good file");
    let kept = opened(3, 20, 40);
    assert_eq!((kept.shape(), kept.len(), kept.warnings.len()), (grey(20, 40), 3, 0));
    assert_eq!(kept.pixels(), &idx(3, 20, 40)[16..]);
    for (height, width, shape) in [(128, 96, grey(64, 48)), (8, 8, grey(16, 16)), (56, 14, grey(56, 16))] {
        let brought = opened(2, height, width);
        assert_eq!((brought.shape(), brought.len()), (shape, 2));
        assert!(brought.warnings[0].contains(&format!("{height}x{width}")), "{:?}", brought.warnings);
    }
}

#[test]
fn trailing_bytes_give_a_warning() {
    let mut bytes = idx(2, 28, 28);
    bytes.extend([7; 5]);
    let set = open("long", bytes).expect("the images are whole");
    assert_eq!(set.len(), 2);
    assert!(set.warnings[0].contains("5 more bytes"), "{:?}", set.warnings);
}

#[test]
fn a_truncated_file_is_refused_with_its_content() {
    let bytes = idx(5, 28, 28);
    assert!(refusal(bytes[..16 + 3 * PIXELS + 9].to_vec()).contains("promises 5 images and only 3"));
    assert!(refusal(bytes[..10].to_vec()).contains("cut off within its header"));
    let packed = gzip(&bytes);
    let message = refusal(packed[..packed.len() / 2].to_vec());
    assert!(message.contains("cut off") || message.contains("does not unpack"), "{message}");
}

#[test]
fn an_impossible_header_is_refused_before_allocating() {
    for dimensions in
        [[u32::MAX, 28, 28], [1, u32::MAX, u32::MAX], [100_001, 28, 28], [0, 28, 28], [4, 0, 28], [4, 28, 1_000_000]]
    {
        let message = refusal(header(0x803, &dimensions));
        assert!(
            message.contains(&format!("{} images of {}x{}", dimensions[0], dimensions[1], dimensions[2])),
            "{message}"
        );
    }
    assert!(refusal(header(0x803, &[19_000, 1024, 1024])).contains("promises 19000 images and only 0"));
}

#[test]
fn labels_and_foreign_files_are_named_as_such() {
    assert!(refusal(labels(&[1, 2, 3])).contains("labels, not images"));
    assert!(refusal(gzip(&labels(&[1, 2, 3]))).contains("labels, not images"));
    assert!(refusal(header(0x801, &[200_000])).contains("200000 labels"));
    let cut = [header(0x801, &[10_000]), vec![3; 70]].concat();
    assert!(refusal(gzip(&cut)).contains("promises 10000 labels and only 70"));
    assert!(refusal(header(0xD03, &[1, 28, 28])).contains("begins with 00 00 0d 03"));
    assert!(refusal(gzip(b"name,age\nAda,36\n")).contains("begins with 6e 61 6d 65"));
    assert!(refusal(b"name,age\nAda,36\n".to_vec()).contains("no picture"));
    assert!(refusal(Vec::new()).contains("is empty"));
    assert!(open_images(&[]).expect_err("nothing chosen").to_string().contains("No file"));
}

#[test]
fn labels_belong_to_the_images_opened_with_them() {
    // In the order of file dialogs, by name, so that labels can come first or last.
    let files = [
        file("labels-idx1", gzip(&labels(&[7, 255, 2]))),
        file("images-idx3", gzip(&idx(3, 28, 28))),
        file("one.png", encode(bar(28, 0, 200), ImageFormat::Png)),
    ];
    let set = open_images(&files[..2]).expect("both are good");
    assert_eq!((set.name.as_str(), set.len(), set.labels().classes()), ("images-idx3", 3, 2));
    let names: Vec<_> = (0..3).map(|index| set.labels().of_sample(index)).collect();
    assert_eq!((names, set.labels().names()), (vec![Some(1), None, Some(0)], &["2".to_owned(), "7".into()][..]));
    let mixed = open_images(&files).expect("a picture without a label is no fault");
    assert_eq!((mixed.len(), mixed.labels().labelled(), mixed.labels().of_sample(3)), (4, 2, None));
}

#[test]
fn two_files_of_labels_belong_to_two_files_of_images_in_order() {
    let files = [
        file("test-images", idx(2, 28, 28)),
        file("test-labels", labels(&[4, 5])),
        file("train-images", idx(3, 20, 20)),
        file("train-labels", labels(&[5, 5, 6])),
    ];
    let set = open_images(&files).expect("all are good");
    let all: Vec<_> = (0..5).filter_map(|index| set.labels().of_sample(index)).collect();
    assert_eq!((set.shape(), all), (grey(28, 28), vec![0, 1, 1, 1, 2]));
    assert!(set.warnings[0].contains("train-images") && set.warnings[0].contains("28x28"), "{:?}", set.warnings);
}

#[test]
fn labels_that_are_not_as_many_as_the_images_are_refused() {
    let images = file("images", idx(3, 28, 28));
    let message = |files: &[NamedFile]| open_images(files).expect_err("they do not belong together").to_string();
    let wrong = message(&[images.clone(), file("labels", labels(&[1, 2]))]);
    assert!(wrong.contains("“labels” has 2 labels") && wrong.contains("“images” has 3 images"), "{wrong}");
    let spare = message(&[images, file("labels", labels(&[1, 2, 3])), file("more", labels(&[1, 2, 3]))]);
    assert!(spare.contains("“more” holds labels"), "{spare}");
}

#[test]
fn a_gzip_bomb_is_refused_early() {
    let zeros = vec![0; 64 << 20];
    assert!(refusal(gzip(&zeros)).contains("begins with 00 00 00 00"));
    let bomb = gzip(&[idx(2, 28, 28), zeros].concat());
    assert!(bomb.len() < 100_000);
    assert!(refusal(bomb).contains("far more than the 2 images"));
}

#[test]
fn a_damaged_gzip_is_noticed_by_its_checksum() {
    let mut packed = gzip(&idx(2, 28, 28));
    let checksum = packed.len() - 8;
    packed[checksum] ^= 1;
    assert!(refusal(packed).contains("does not unpack"));
}

#[test]
fn a_picture_of_mnist_is_unchanged() {
    let pixels: Vec<u8> =
        (0..PIXELS).map(|index| if [0, 27].contains(&(index % SIDE)) { 0 } else { (index % 97) as u8 }).collect();
    let picture = GrayImage::from_raw(28, 28, pixels.clone()).expect("28x28 pixels");
    let set = open("seven.png", encode(picture, ImageFormat::Png)).expect("a PNG");
    assert_eq!((set.pixels(), &set.warnings), (&pixels[..], &Vec::new()));
}

#[test]
fn dark_ink_is_inverted_with_a_warning() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let set = open("scan", encode(bar(140, 250, 20), format)).expect("a picture");
        assert_eq!(set.shape(), grey(LARGE, LARGE));
        let (paper, middle) = (picture(&set, 0)[0], picture(&set, 0)[32 * LARGE + 32]);
        assert!(paper < 10 && middle > 225, "paper {paper}, ink {middle}");
        assert!(set.warnings[0].contains("inverted"), "{:?}", set.warnings);
    }
    let bright = open("screen", encode(bar(140, 5, 235), ImageFormat::Png)).expect("a picture");
    assert_eq!((picture(&bright, 0)[0], picture(&bright, 0)[32 * LARGE + 32]), (5, 235));
    assert!(bright.warnings.is_empty());
}

#[test]
fn ink_on_a_transparent_background_is_ink() {
    for ink in [[0, 0, 0, 255], [255, 255, 255, 255]] {
        let drawing =
            RgbaImage::from_fn(56, 56, |x, _| Rgba(if (20..36).contains(&x) { ink } else { [99, 99, 99, 0] }));
        let set = open("drawing.png", encode(drawing, ImageFormat::Png)).expect("a PNG");
        assert_eq!((picture(&set, 0)[0], picture(&set, 0)[28 * 56 + 28]), (0, 255), "ink {ink:?}");
    }
}

#[test]
fn photographs_keep_their_colours() {
    let sky = RgbImage::from_fn(120, 120, |_, y| if y < 80 { Rgb([90, 160, 250]) } else { Rgb([40, 120, 30]) });
    let files =
        [file("sky.png", encode(sky, ImageFormat::Png)), file("scan.png", encode(bar(64, 250, 20), ImageFormat::Png))];
    let set = open_images(&files).expect("two pictures");
    assert_eq!(set.shape(), GridShape { channels: 3, height: LARGE, width: LARGE });
    let plane = |channel: usize| picture(&set, 0)[channel * LARGE * LARGE];
    assert_eq!([plane(0), plane(1), plane(2)], [90, 160, 250]);
    assert_eq!((picture(&set, 1)[0], set.warnings.len()), (250, 0), "among photographs nothing is taken for ink");
}

#[test]
fn a_blue_pen_is_ink() {
    let note = RgbImage::from_fn(100, 100, |x, _| if x.abs_diff(50) < 5 { Rgb([30, 40, 200]) } else { Rgb([250; 3]) });
    let set = open("note.png", encode(note, ImageFormat::Png)).expect("a PNG");
    assert_eq!(set.shape(), grey(LARGE, LARGE));
    assert!(picture(&set, 0)[0] < 10 && picture(&set, 0)[32 * LARGE + 32] > 180);
}

#[test]
fn a_small_picture_keeps_its_size() {
    let set = open("icon.png", encode(bar(20, 0, 200), ImageFormat::Png)).expect("a PNG");
    assert_eq!(set.shape(), grey(20, 20));
    let tiny = open("dot.png", encode(bar(5, 0, 200), ImageFormat::Png)).expect("a PNG");
    assert_eq!(tiny.shape(), grey(16, 16));
}

#[test]
fn the_aspect_is_kept() {
    let wide = GrayImage::from_fn(200, 100, |x, y| Luma([if x > 25 && x < 175 && y > 10 && y < 90 { 255 } else { 0 }]));
    let set = open("wide.png", encode(wide, ImageFormat::Png)).expect("a PNG");
    let row = picture(&set, 0)[32 * LARGE..33 * LARGE].iter().filter(|&&value| value > 127).count();
    let column = (0..LARGE).filter(|y| picture(&set, 0)[y * LARGE + 32] > 127).count();
    assert_eq!((row, column), (48, 25), "149x79 of 200x100 pixels, at 64 of 200");
}

#[test]
fn a_picture_20_000_pixels_wide_is_refused_before_it_is_decoded() {
    let message = refusal(encode(GrayImage::new(20_000, 1), ImageFormat::Png));
    assert!(message.contains("20000x1") && message.contains("8192x8192"), "{message}");
}

#[test]
fn a_truncated_or_foreign_picture_is_refused() {
    let png = encode(bar(140, 0, 255), ImageFormat::Png);
    assert!(refusal(png[..png.len() / 2].to_vec()).contains("no picture"));
    let jpeg = encode(bar(140, 0, 255), ImageFormat::Jpeg);
    assert!(refusal(jpeg[..40].to_vec()).contains("no picture"));
    assert!(refusal(b"GIF89a\x01\x00\x01\x00\x00\x00\x00".to_vec()).contains("another kind"));
}

#[test]
fn bad_files_among_many_are_skipped() {
    let good = encode(bar(56, 0, 255), ImageFormat::Png);
    let files = [
        file("a.png", good.clone()),
        file("notes.txt", b"hello".to_vec()),
        file("b.png", good),
        file("mnist", idx(4, 28, 28)),
    ];
    let set = open_images(&files).expect("three of four are good");
    assert_eq!((set.name.as_str(), set.len()), ("6 images", 6));
    assert_eq!(set.warnings.len(), 1);
    assert!(set.warnings[0].contains("notes.txt"), "{:?}", set.warnings);
    let bad: Vec<NamedFile> = (0..9).map(|index| file(&format!("{index}.txt"), b"hello".to_vec())).collect();
    let message = open_images(&bad).expect_err("nothing of use").to_string();
    assert!(message.contains("None of the 9 files") && message.contains("0.txt"), "{message}");
}

#[test]
fn more_images_than_fit_are_refused() {
    let large = header(0x803, &[20_000, 64, 64]);
    assert!(refusal(large).contains("at most 19140 fit"));
    let half = header(0x803, &[60_000, 1, 1]).into_iter().chain(vec![0; 60_000]).collect::<Vec<u8>>();
    let message = open_images(&[file("a", half.clone()), file("b", half)]).expect_err("120,000 images").to_string();
    assert!(message.contains("100000"), "{message}");
}

#[test]
fn idx_reads_mnist_and_its_labels() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/mnist");
    let read = |name: &str| Some(file(name, std::fs::read(format!("{folder}/{name}")).ok()?));
    let (Some(images), Some(labels)) = (read("t10k-images-idx3-ubyte.gz"), read("t10k-labels-idx1-ubyte.gz")) else {
        println!("SKIP idx_reads_mnist_and_its_labels: ../shared/data/mnist is absent");
        return;
    };
    let set = open_images(&[images, labels]).expect("MNIST's own files");
    let sevens = (0..10_000).filter(|&index| set.labels().of_sample(index) == Some(7)).count();
    assert_eq!((set.labels().classes(), sevens, set.labels().of_sample(0)), (10, 1028, Some(7)));
    assert_eq!((set.len(), set.warnings.len()), (10_000, 0));
    let mean = set.pixels().iter().map(|&value| f64::from(value)).sum::<f64>() / set.pixels().len() as f64 / 255.0;
    assert!((mean - 0.132_515).abs() < 1e-5, "mean ink {mean}");
}

proptest! {
    #[test]
    fn random_bytes_are_refused_or_read(mut bytes in proptest::collection::vec(any::<u8>(), 0..3000), start in 0..6_usize) {
        let starts: [&[u8]; 6] = [&[], &[0, 0, 8, 3], &[0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0], &[0x1f, 0x8b, 8, 0], b"\x89PNG\r\n\x1a\n", &[0xff, 0xd8, 0xff]];
        bytes.splice(0..0, starts[start].iter().copied());
        let length = bytes.len();
        match open("random", bytes) {
            // An image has at least 1 byte.
            Ok(set) => prop_assert!(!set.is_empty() && set.len() <= length),
            Err(error) => prop_assert!(error.to_string().contains("random")),
        }
    }

    #[test]
    fn damaged_files_never_panic(at in 0_usize..2000, value: u8, kind in 0..4_usize) {
        let mut bytes = match kind {
            0 => idx(2, 28, 28),
            1 => gzip(&idx(2, 28, 28)),
            2 => encode(bar(30, 10, 200), ImageFormat::Png),
            _ => encode(bar(30, 10, 200), ImageFormat::Jpeg),
        };
        let at = at % bytes.len();
        bytes[at] = value;
        if let Ok(set) = open("damaged", bytes) {
            prop_assert!(!set.is_empty());
        }
    }
}
