//! Shapes of the ten digits: the pen's paths, as knots of smooth curves.
//!
//! Units are hundredths of the digit's height, x to the right, y down. Continuous variation (slant, width, proportion,
//! curvature, tremor) is left to [`super::handwriting`]; a shape of its own is one that no distortion makes of another:
//! a seven with a bar, a closed four, a two with a loop.

/// A knot of a curve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Knot {
    pub(super) x: f32,
    pub(super) y: f32,
    /// True if the pen changes direction here, or the path begins or ends; elsewhere the curve is smooth.
    pub(super) is_corner: bool,
}

/// A path of the pen, from touching the paper to leaving it.
pub(super) type Path = &'static [Knot];

/// One way to write a digit.
#[derive(Debug)]
pub(super) struct Shape {
    /// Weight in the random choice among the digit's shapes.
    pub(super) weight: u32,
    pub(super) paths: &'static [Path],
}

/// A smooth knot.
const fn s(x: u8, y: u8) -> Knot {
    Knot { x: x as f32, y: y as f32, is_corner: false }
}

/// A corner.
const fn c(x: u8, y: u8) -> Knot {
    Knot { x: x as f32, y: y as f32, is_corner: true }
}

const fn shape(weight: u32, paths: &'static [Path]) -> Shape {
    Shape { weight, paths }
}

/// The shapes of each digit.
pub(super) const DIGITS: [&[Shape]; 10] = [ZERO, ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT, NINE];

#[rustfmt::skip]
const ZERO: &[Shape] = &[
    shape(5, &[
        &[s(42, 1), s(16, 14), s(2, 50), s(13, 86), s(36, 100), s(60, 84), s(70, 48), s(60, 14), s(40, 1), s(32, 3)],
    ]),
    shape(2, &[
        &[s(52, 12), s(36, 1), s(12, 20), s(3, 55), s(16, 90), s(38, 100),
          s(61, 80), s(68, 45), s(56, 12), s(40, 7), s(27, 15)],
    ]),
    shape(2, &[
        &[s(58, 6), s(32, 14), s(6, 52), s(8, 88), s(28, 99), s(58, 76), s(76, 36), s(72, 8), s(54, 3), s(44, 8)],
    ]),
];

#[rustfmt::skip]
const ONE: &[Shape] = &[
    shape(12, &[
        &[c(35, 0), s(35, 50), c(35, 100)],
    ]),
    shape(1, &[
        &[c(16, 20), s(30, 10), c(38, 0), s(38, 50), c(37, 100)],
    ]),
    shape(1, &[
        &[c(14, 20), c(38, 0), s(37, 50), c(37, 98)],
        &[c(8, 99), s(38, 98), c(70, 98)],
    ]),
];

#[rustfmt::skip]
const TWO: &[Shape] = &[
    shape(3, &[
        &[s(8, 24), s(22, 5), s(46, 2), s(60, 22), s(50, 50), s(26, 78), c(4, 98), s(34, 94), s(74, 96)],
    ]),
    shape(4, &[
        &[s(10, 20), s(30, 2), s(54, 8), s(58, 34), s(42, 66), s(20, 94),
          s(4, 93), s(8, 78), s(26, 80), s(50, 93), s(80, 92)],
    ]),
    shape(2, &[
        &[s(6, 16), s(28, 0), s(56, 8), s(60, 32), s(38, 64), c(4, 99), c(72, 100)],
    ]),
    shape(1, &[
        &[s(4, 8), s(30, 2), s(56, 14), s(54, 42), s(34, 76), c(14, 98), s(44, 92), s(82, 86)],
    ]),
];

#[rustfmt::skip]
const THREE: &[Shape] = &[
    shape(4, &[
        &[s(8, 12), s(30, 1), s(54, 10), s(51, 32), c(28, 46), s(54, 56), s(62, 78), s(40, 98), s(4, 92)],
    ]),
    shape(2, &[
        &[s(6, 16), s(28, 0), s(54, 12), s(46, 36), s(25, 47), s(30, 50), s(55, 60), s(60, 82), s(34, 100), s(2, 88)],
    ]),
    shape(1, &[
        &[c(8, 4), s(34, 2), c(60, 4), c(28, 42), s(54, 52), s(60, 80), s(36, 100), s(4, 90)],
    ]),
    shape(2, &[
        &[s(14, 8), s(44, 0), s(62, 14), s(48, 38), c(22, 50), s(48, 58), s(50, 82), s(28, 98), s(0, 94)],
    ]),
];

#[rustfmt::skip]
const FOUR: &[Shape] = &[
    shape(3, &[
        &[c(14, 2), s(8, 30), c(4, 54), s(34, 55), c(66, 50)],
        &[c(60, 4), s(55, 50), c(50, 100)],
    ]),
    shape(3, &[
        &[c(10, 4), s(4, 34), s(14, 52), s(40, 50), c(62, 36)],
        &[c(64, 0), s(58, 50), c(54, 100)],
    ]),
    shape(2, &[
        &[c(52, 0), s(26, 30), c(2, 60), s(36, 62), c(76, 58)],
        &[c(54, 4), s(50, 50), c(46, 100)],
    ]),
    shape(1, &[
        &[c(18, 2), s(10, 26), s(12, 46), s(34, 46), s(52, 30), c(60, 6), s(56, 50), c(52, 100)],
    ]),
];

#[rustfmt::skip]
const FIVE: &[Shape] = &[
    shape(3, &[
        &[c(20, 4), s(17, 26), c(13, 44), s(36, 38), s(58, 52), s(58, 80), s(32, 99), s(0, 92)],
        &[c(20, 4), s(42, 4), c(72, 0)],
    ]),
    shape(3, &[
        &[c(72, 2), s(46, 4), c(24, 6), s(20, 26), c(15, 44), s(40, 40), s(58, 60), s(50, 88), s(26, 99), s(0, 88)],
    ]),
    shape(3, &[
        &[c(80, 0), s(52, 6), s(34, 14), s(28, 34), s(46, 50), s(56, 70), s(44, 92), s(20, 100), s(0, 92)],
    ]),
];

#[rustfmt::skip]
const SIX: &[Shape] = &[
    shape(4, &[
        &[s(50, 0), s(24, 22), s(6, 58), s(9, 88), s(32, 100), s(56, 88), s(56, 64), s(36, 54), s(12, 72)],
    ]),
    shape(4, &[
        &[c(36, 0), s(14, 38), s(4, 76), s(20, 99), s(46, 93), s(54, 74), s(42, 60), s(20, 68), s(8, 84)],
    ]),
    shape(2, &[
        &[c(58, 2), s(30, 16), s(8, 48), s(4, 82), s(22, 99), s(46, 84), s(44, 64), s(24, 66), s(10, 84)],
    ]),
];

#[rustfmt::skip]
const SEVEN: &[Shape] = &[
    shape(4, &[
        &[c(2, 10), s(30, 5), c(64, 5), s(48, 44), c(30, 100)],
    ]),
    shape(2, &[
        &[c(2, 24), s(6, 8), s(34, 6), c(64, 3), s(50, 40), s(40, 70), c(38, 100)],
    ]),
    shape(2, &[
        &[c(2, 12), s(32, 8), s(58, 2), s(62, 14), s(48, 50), c(34, 100)],
    ]),
    shape(1, &[
        &[c(4, 6), s(34, 4), c(66, 4), s(46, 46), c(26, 100)],
        &[c(16, 52), s(38, 50), c(66, 46)],
    ]),
];

#[rustfmt::skip]
const EIGHT: &[Shape] = &[
    shape(4, &[
        &[s(58, 12), s(36, 0), s(14, 12), s(18, 34), s(40, 52), s(54, 76), s(40, 98),
          s(16, 96), s(8, 76), s(28, 54), s(50, 34), s(60, 14), s(52, 5)],
    ]),
    shape(2, &[
        &[c(66, 8), s(44, 0), s(18, 12), s(20, 34), s(42, 56), s(46, 84),
          s(26, 100), s(8, 86), s(22, 60), s(48, 34), c(68, 14)],
    ]),
    shape(2, &[
        &[s(36, 48), s(14, 32), s(18, 8), s(38, 0), s(56, 12), s(54, 34), s(34, 48),
          s(10, 66), s(8, 90), s(32, 100), s(56, 88), s(54, 64), s(34, 49)],
    ]),
];

#[rustfmt::skip]
const NINE: &[Shape] = &[
    shape(3, &[
        &[s(56, 18), s(40, 2), s(14, 12), s(5, 36), s(24, 48), s(48, 34), c(58, 10), s(56, 50), c(50, 100)],
    ]),
    shape(3, &[
        &[s(54, 10), s(34, 2), s(10, 20), s(10, 42), s(32, 44), s(52, 24), c(58, 10), s(46, 54), c(30, 100)],
    ]),
    shape(2, &[
        &[s(54, 16), s(36, 0), s(10, 14), s(8, 40), s(32, 48), s(52, 32),
          s(58, 14), s(58, 50), s(46, 90), s(24, 98), s(6, 88)],
    ]),
    shape(2, &[
        &[s(52, 22), s(44, 4), s(22, 2), s(8, 22), s(20, 40), s(42, 32), s(54, 16), s(50, 54), c(40, 100)],
    ]),
];
