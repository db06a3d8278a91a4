//! Opening of drawings: dim, shaded, framed and small ones, pens and boards, and pictures that are no drawings.

use std::{f32::consts::TAU, io::Cursor};

use image::{DynamicImage, GrayImage, ImageBuffer, ImageFormat, Luma, Rgb, RgbImage};
use pinhole_engine::data::{SampleSet, open_images, open_images_with};
use pinhole_protocol::{Bytes, ChangedPicture, NamedFile, PictureChange};

use PictureChange::{Centred, Evened, FrameCropped, Inverted, Stretched};

/// Side of the pictures, in pixels.
const SIDE: u32 = 120;

/// Light or luma at a place from 0 to 1.
type Light = fn(f32, f32) -> f32;

/// A stroke's half width, in pixels.
const HALF_WIDTH: f32 = 4.0;

fn file(name: &str, picture: impl Into<DynamicImage>, format: ImageFormat) -> NamedFile {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).expect("the format takes grey and colour");
    NamedFile { name: name.into(), bytes: Bytes(bytes.into_inner()) }
}

fn png(picture: impl Into<DynamicImage>) -> NamedFile {
    file("drawing.png", picture, ImageFormat::Png)
}

/// Opens one file, and returns its picture and what was done to it.
fn open(file: NamedFile) -> (SampleSet, Vec<PictureChange>) {
    let set = open_images(&[file]).expect("a picture");
    let changes = set.changed.first.first().map(|picture| picture.changes.clone()).unwrap_or_default();
    (set, changes)
}

fn picture(set: &SampleSet) -> &[u8] {
    set.picture(0).expect("opened files are pictures")
}

/// Cover, 0 to 1, by the ink of a seven inside the square of side `size` at (`left`, `top`).
fn seven(left: f32, top: f32, size: f32) -> impl Fn(u32, u32) -> f32 {
    let points = [(0.28, 0.2), (0.72, 0.2), (0.45, 0.82)].map(|(x, y)| (left + size * x, top + size * y));
    let half_width = HALF_WIDTH * size / SIDE as f32;
    move |x, y| {
        let (x, y) = (x as f32 + 0.5, y as f32 + 0.5);
        let distance = |pair: &[(f32, f32)]| {
            let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
            let (dx, dy) = (bx - ax, by - ay);
            let t = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
            (x - ax - t * dx).hypot(y - ay - t * dy)
        };
        (half_width - points.windows(2).map(distance).fold(f32::MAX, f32::min) + 0.5).clamp(0.0, 1.0)
    }
}

/// A picture of `size` pixels whose luma is a function of cover, and of the place from 0 to 1.
fn draw(size: (u32, u32), cover: impl Fn(u32, u32) -> f32, luma: impl Fn(f32, f32, f32) -> f32) -> GrayImage {
    GrayImage::from_fn(size.0, size.1, |x, y| {
        let value = luma(cover(x, y), x as f32 / size.0 as f32, y as f32 / size.1 as f32);
        // Noise of two levels, the same for the same place.
        let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(2_246_822_519)).wrapping_mul(3_266_489_917) >> 30;
        Luma([(value + noise as f32 - 1.5).round().clamp(0.0, 255.0) as u8])
    })
}

fn full_seven() -> impl Fn(u32, u32) -> f32 {
    seven(0.0, 0.0, SIDE as f32)
}

/// The seven as a network knows it: white on black.
fn right() -> SampleSet {
    let cover = full_seven();
    open(png(GrayImage::from_fn(SIDE, SIDE, |x, y| Luma([(255.0 * cover(x, y)).round() as u8])))).0
}

fn correlation(a: &[u8], b: &[u8]) -> f64 {
    let mean = |values: &[u8]| values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let pairs = || a.iter().zip(b).map(|(&a, &b)| (f64::from(a) - mean_a, f64::from(b) - mean_b));
    let product: f64 = pairs().map(|(a, b)| a * b).sum();
    let squares = |take: fn((f64, f64)) -> f64| pairs().map(take).map(|value| value * value).sum::<f64>();
    product / (squares(|pair| pair.0) * squares(|pair| pair.1)).sqrt()
}

/// Asserts that a file gives the seven, and that this was done to it.
#[track_caller]
fn assert_seven(name: &str, file: NamedFile, changes: &[PictureChange]) {
    let (set, done) = open(file);
    let found = correlation(picture(&set), picture(&right()));
    assert!(found > 0.95, "{name}: correlation {found:.3} after {done:?}");
    assert_eq!(done, changes, "{name}");
}

#[test]
fn ink_is_found_by_contrast_on_dim_and_dark_paper() {
    for (paper, ink) in [(130.0, 20.0), (70.0, 10.0), (200.0, 120.0)] {
        let drawn = draw((SIDE, SIDE), full_seven(), |cover, _, _| paper + (ink - paper) * cover);
        assert_seven(&format!("ink {ink} on {paper}"), png(drawn), &[Inverted, Stretched]);
    }
}

#[test]
fn shadows_are_evened_out() {
    let lights: [(&str, Light); 4] = [
        ("from the right", |x, y| 0.5 + 0.35 * x + 0.15 * y),
        ("a lens's", |x, y| 1.0 - 1.1 * ((x - 0.5).powi(2) + (y - 0.5).powi(2))),
        ("a soft shadow", |x, y| 1.0 - 0.5 / (1.0 + (-20.0 * (x + 0.3 * y - 0.6)).exp())),
        ("a hard shadow", |x, y| if x + 0.5 * y > 0.8 { 0.55 } else { 1.0 }),
    ];
    for (name, light) in lights {
        let drawn = draw((SIDE, SIDE), full_seven(), |cover, x, y| (235.0 - 215.0 * cover) * light(x, y));
        let (set, changes) = open(file("shaded.jpg", drawn, ImageFormat::Jpeg));
        let found = correlation(picture(&set), picture(&right()));
        assert!(
            found > 0.95 && changes.contains(&Evened) && changes.contains(&Inverted),
            "{name}: {found:.3} {changes:?}"
        );
    }
}

#[test]
fn chalk_on_a_board_stays_bright() {
    let drawn = draw((SIDE, SIDE), full_seven(), |cover, x, _| (70.0 + 150.0 * cover) * (0.4 + 0.6 * x));
    assert_seven("a board", png(drawn), &[Evened, Stretched]);
}

#[test]
fn samples_of_10_to_16_bits_are_stretched() {
    let cover = full_seven();
    let wide = |scale: f32, offset: f32| {
        let value = |x, y| Luma([(offset + scale * cover(x, y)) as u16]);
        png(DynamicImage::ImageLuma16(ImageBuffer::from_fn(SIDE, SIDE, value)))
    };
    for bits in [10, 12, 14] {
        assert_seven(&format!("{bits} bits"), wide(0.99 * f32::from(1_u16 << bits), 0.0), &[Stretched]);
    }
    assert_seven("a narrow range of 16 bits", wide(4000.0, 30_000.0), &[Stretched]);
    assert_seven("all 16 bits", wide(65_535.0, 0.0), &[]);
    // The same in 8 bits and in 12.
    let eight = GrayImage::from_fn(SIDE, SIDE, |x, y| Luma([(255.0 * cover(x, y)) as u8]));
    let (eight, twelve) = (open(png(eight)).0, open(wide(4095.0, 0.0)).0);
    let differences = picture(&eight).iter().zip(picture(&twelve)).map(|(a, b)| a.abs_diff(*b));
    assert!(differences.max() <= Some(1));
}

#[test]
fn a_picture_in_colour_and_its_grey_copy_are_the_same() {
    // A red rectangle and a blue disc, which cover a third of the paper.
    let colour = RgbImage::from_fn(48, 48, |x, y| {
        let is_disc = (x as f32 - 35.0).hypot(y as f32 - 25.0) < 9.0;
        if (8..24).contains(&x) && (8..40).contains(&y) {
            Rgb([200, 20, 20])
        } else if is_disc {
            Rgb([20, 40, 160])
        } else {
            Rgb([255; 3])
        }
    });
    let luma = |pixel: &Rgb<u8>| {
        let [red, green, blue] = pixel.0.map(f32::from);
        Luma([(0.299 * red + 0.587 * green + 0.114 * blue).round() as u8])
    };
    let grey = GrayImage::from_fn(48, 48, |x, y| luma(colour.get_pixel(x, y)));
    let files = [file("colour", colour, ImageFormat::Png), file("grey", grey, ImageFormat::Png)];
    let set = open_images(&files).expect("two pictures");
    assert_eq!((set.shape().channels, set.changed.total), (3, 2));
    let plane = |index: usize, channel: usize| &set.picture(index).expect("a picture")[channel * 2304..][..2304];
    let weights = [0.299, 0.587, 0.114];
    for pixel in 0..2304 {
        let luma: f32 = (0..3).map(|channel| weights[channel] * f32::from(plane(0, channel)[pixel])).sum();
        assert!((luma - f32::from(plane(1, 0)[pixel])).abs() < 3.0, "pixel {pixel}");
    }
    let red = 20 * 48 + 12;
    assert!(plane(0, 0)[red] > plane(0, 1)[red], "ink keeps its hue");
    assert_eq!(plane(0, 0)[0], 0, "paper is black");
}

#[test]
fn pens_and_tinted_paper_are_ink_and_paper() {
    let cover = full_seven();
    for (paper, pen) in [
        ([250, 250, 250], [30, 40, 200]),
        ([245, 245, 245], [210, 20, 30]),
        ([250, 235, 150], [20, 20, 30]),
        ([150, 190, 240], [20, 20, 60]),
    ] {
        let colour = |cover: f32| {
            std::array::from_fn(|channel| {
                let (paper, pen) = (paper[channel] as f32, pen[channel] as f32);
                (paper + (pen - paper) * cover).round() as u8
            })
        };
        let drawn = RgbImage::from_fn(SIDE, SIDE, |x, y| Rgb(colour(cover(x, y))));
        let (set, changes) = open(png(drawn));
        assert_eq!(set.shape().channels, 1, "a pen of one colour is grey");
        let found = correlation(picture(&set), picture(&right()));
        assert!(found > 0.95 && changes.contains(&Inverted), "{pen:?} on {paper:?}: {found:.3} {changes:?}");
    }
}

#[test]
fn a_scanners_frame_is_cropped() {
    let strips: [(&str, [f32; 4], f32); 3] = [
        ("four sides", [0.06, 0.05, 0.07, 0.08], 0.0),
        ("one side", [0.1, 0.0, 0.0, 0.0], 0.0),
        ("askew", [0.08; 4], 0.04),
    ];
    for (name, [left, top, right, bottom], slope) in strips {
        let drawn = draw((400, 400), seven(0.0, 0.0, 400.0), |cover, x, y| {
            let (across, down) = (slope * (y - 0.5), slope * (x - 0.5));
            let is_page =
                x >= left + across && x <= 1.0 - right + across && y >= top - down && y <= 1.0 - bottom - down;
            if is_page { 240.0 - 220.0 * cover } else { 10.0 }
        });
        let (set, changes) = open(png(drawn));
        assert_eq!(changes, [FrameCropped, Inverted], "{name}");
        let side = set.shape().width;
        let border =
            (0..side).flat_map(|index| [index, index * side, (index + 1) * side - 1, (side - 1) * side + index]);
        assert!(border.clone().all(|index| picture(&set)[index] < 30), "{name}: no frame is left");
    }
}

#[test]
fn a_small_drawing_is_cropped_and_centred() {
    for (name, left, top) in [("top left", 0.02, 0.02), ("top right", 0.8, 0.03), ("bottom", 0.4, 0.82)] {
        let cover = seven(600.0 * left, 800.0 * top, 120.0);
        let (set, changes) = open(png(draw((600, 800), cover, |cover, _, _| 245.0 - 215.0 * cover)));
        assert_eq!(changes, [Inverted, Centred], "{name}");
        let side = set.shape().width;
        let inked: Vec<usize> = (0..side * side).filter(|&index| picture(&set)[index] > 100).collect();
        let rows = (inked[0] / side, inked[inked.len() - 1] / side);
        let share = (rows.1 - rows.0 + 1) as f32 / side as f32;
        assert!((share - 20.0 / 28.0).abs() < 0.06, "{name}: {share} of the side");
        assert!((rows.0 + rows.1).abs_diff(side - 1) <= 2, "{name}: rows {rows:?} of {side}");
    }
}

#[test]
fn a_switch_leaves_a_picture_as_it_is() {
    let paper = draw((SIDE, SIDE), full_seven(), |cover, _, _| 130.0 - 110.0 * cover);
    let files = [file("a", paper.clone(), ImageFormat::Png), file("b", paper, ImageFormat::Png)];
    let set = open_images_with(&files, |index| index == 1).expect("two pictures");
    let corner = |index: usize| set.picture(index).expect("a picture")[0];
    assert!(corner(0) < 10 && corner(1).abs_diff(130) < 4, "{} and {}", corner(0), corner(1));
    let changes = vec![Inverted, Stretched];
    let left = ChangedPicture { file: 1, name: "b".into(), changes, as_is: true };
    assert_eq!((set.changed.total, set.changed.as_is, &set.changed.first[1]), (2, 1, &left));
    assert!(set.warnings[0].contains("“a” was changed"), "{:?}", set.warnings);
}

#[test]
fn photographs_stay_as_they_are() {
    // A landscape, a portrait before a lit wall, waves, and a face of one pixel's noise: no ground, or an uneven one.
    let pictures: [(&str, Light); 4] = [
        ("a landscape", |x, y| {
            if y < 0.6 + 0.05 * (9.0 * x).sin() { 210.0 - 60.0 * y } else { 70.0 + 40.0 * (60.0 * x * y).sin() }
        }),
        ("a head", |x, y| {
            let distance = (x - 0.5).hypot(y - 0.45);
            if distance < 0.28 || (y > 0.65 && (x - 0.5).abs() < 0.45) {
                140.0 - 80.0 * x + 30.0 * (25.0 * y).sin()
            } else {
                225.0 - 30.0 * x
            }
        }),
        ("waves", |x, y| 128.0 + 90.0 * (TAU * (3.0 * x + 2.0 * y * y)).sin()),
        ("a dark room", |x, y| 20.0 + 50.0 * x * x + 40.0 * (9.0 * x).sin().abs() * y),
    ];
    for (name, luma) in pictures {
        for side in [32, 64, 300] {
            let drawn = draw((side, side), |_, _| 0.0, |_, x, y| luma(x, y));
            let (set, changes) = open(png(drawn));
            assert_eq!((changes.as_slice(), set.warnings.len()), (&[][..], 0), "{name} of {side} pixels");
        }
    }
}

#[test]
fn samples_bright_on_black_stay_as_they_are() {
    for side in [28, 64] {
        // A digit in a corner, as in sets of moved digits, and a shirt, which nearly fills its picture.
        let digit =
            GrayImage::from_fn(side, side, |x, y| Luma([if x.max(y) < side / 3 && x > 2 && y > 2 { 230 } else { 0 }]));
        let shirt = GrayImage::from_fn(side, side, |x, y| {
            let is_cloth = x.abs_diff(side / 2) < side / 3 && y > 1 && y + 2 < side;
            Luma([if is_cloth { 120 + (x * 7 + y * 13) as u8 % 90 } else { 0 }])
        });
        for drawn in [digit, shirt] {
            let set = open(png(drawn.clone())).0;
            assert_eq!((picture(&set), set.changed.total), (drawn.as_raw().as_slice(), 0), "{side} pixels");
        }
    }
}

#[test]
fn blank_paper_is_black() {
    let (set, changes) = open(png(GrayImage::from_pixel(200, 300, Luma([245]))));
    assert!(picture(&set).iter().all(|&value| value == 0) && changes == [Inverted], "{changes:?}");
    let (set, changes) = open(png(GrayImage::from_pixel(200, 300, Luma([0]))));
    assert!(picture(&set).iter().all(|&value| value == 0) && changes.is_empty(), "{changes:?}");
}

#[test]
fn a_note_among_photographs_is_no_drawing_and_a_photograph_among_notes_hinders_none() {
    let note =
        || file("note.png", draw((SIDE, SIDE), full_seven(), |cover, _, _| 240.0 - 200.0 * cover), ImageFormat::Png);
    let photograph = || {
        let colour = RgbImage::from_fn(80, 80, |x, y| Rgb([90, 100 + y as u8, 250 - 2 * x as u8]));
        file("sky.png", colour, ImageFormat::Png)
    };
    assert_eq!(open_images(&[note(), photograph(), photograph()]).expect("pictures").changed.total, 0);
    assert_eq!(open_images(&[note(), photograph(), note()]).expect("pictures").changed.total, 2);
    // Grey ones too: a set that is inverted in part teaches nothing.
    let waves = |_, x: f32, y: f32| 128.0 + 90.0 * (TAU * (3.0 * x + 2.0 * y)).sin();
    let grey = || file("waves.png", draw((SIDE, SIDE), |_, _| 0.0, waves), ImageFormat::Png);
    assert_eq!(open_images(&[note(), grey(), grey()]).expect("pictures").changed.total, 0);
    assert_eq!(open_images(&[note(), grey()]).expect("pictures").changed.total, 1);
}

#[test]
fn a_picture_that_cannot_be_read_is_refused_in_one_sentence() {
    let whole = png(GrayImage::new(30, 30)).bytes.0;
    let of_no_width = [&whole[..16], &[0; 4], &whole[20..]].concat();
    let jpeg = file("a", GrayImage::new(90, 90), ImageFormat::Jpeg).bytes.0;
    let damaged = [&jpeg[..jpeg.len() / 2], &[0xff, 0xc4, 0, 1]].concat();
    let high_range = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n".to_vec();
    let phones = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    for (name, bytes) in [("width", of_no_width), ("damaged", damaged), ("hdr", high_range), ("heic", phones)] {
        match open_images(&[NamedFile { name: name.into(), bytes: Bytes(bytes) }]) {
            // A decoder may show what it has of a damaged picture.
            Ok(set) => assert_eq!((name, set.len()), ("damaged", 1)),
            Err(error) => {
                let message = error.to_string();
                assert!(message.contains(name) && !message.contains('\n') && message.len() < 250, "{message}");
                println!("{message}");
            }
        }
    }
}
