//! Colours of points: ten categories, or numbers on a scale that people with any colour vision can read.

use std::rc::Rc;

use pinhole_protocol::latent::{SampleColumn, SampleValues};

/// Colour with its opacity, 0 to 255 each.
pub type Rgba = [u8; 4];

/// Number of colours in a palette: one per value of a byte.
pub const COLOURS: u16 = 256;

/// Index of the colour of a value that is unknown.
const UNKNOWN: u8 = 255;

/// Names of the custom properties with the colours of categories.
pub const CATEGORY_COLOURS: [&str; 10] =
    ["--c0", "--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7", "--c8", "--c9"];

/// Opacity of points.
const OPACITY: u8 = 235;

/// Cividis (Nuñez, Anderton and Renslow 2018) at five equal steps: lightness rises evenly, for any colour vision.
const CIVIDIS: [[u8; 3]; 5] = [[0, 34, 78], [67, 78, 108], [125, 124, 120], [188, 174, 108], [254, 232, 56]];

/// Meaning of the colours.
#[derive(Clone, Debug, PartialEq)]
pub enum ColourScale {
    /// All points have one colour.
    Plain,
    /// The colour of a point is its category.
    Categories {
        /// Names of the categories.
        names: Rc<[String]>,
        /// Place of each category among the ten colours; `None` for those beyond, which share one.
        slots: Rc<[Option<u8>]>,
    },
    /// The colour of a point is a number, from `low` to `high`; beyond them it changes no more.
    Numbers { low: f32, high: f32 },
}

/// Colour of each point, as index into a palette, and their meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Colouring {
    pub indices: Rc<[u8]>,
    pub scale: ColourScale,
}

impl Colouring {
    /// One colour for all points.
    pub fn plain(count: usize) -> Self {
        Self { indices: vec![0; count].into(), scale: ColourScale::Plain }
    }

    /// Colours by a column.
    pub fn of(column: &SampleColumn) -> Self {
        match &column.values {
            SampleValues::Categories { names, indices } => Self::of_categories(names, &indices.0),
            SampleValues::Numbers(values) => Self::of_numbers(&values.0),
        }
    }

    /// Colours by categories. Of more than ten the nine with most points have a colour of their own.
    pub fn of_categories(names: &[String], indices: &[u8]) -> Self {
        let mut slots: Vec<Option<u8>> = (0..names.len()).map(|category| u8::try_from(category).ok()).collect();
        if names.len() > CATEGORY_COLOURS.len() {
            let counts = members(names.len(), indices);
            let mut order: Vec<usize> = (0..names.len()).collect();
            order.sort_by_key(|category| std::cmp::Reverse(counts[*category]));
            slots = vec![None; names.len()];
            for (slot, category) in order.into_iter().take(CATEGORY_COLOURS.len() - 1).enumerate() {
                slots[category] = u8::try_from(slot).ok();
            }
        }
        let scale = ColourScale::Categories { names: names.into(), slots: slots.into() };
        Self { indices: indices.into(), scale }
    }

    /// Colours by numbers, from the second to the 98th percentile: few extremes do not take the whole scale.
    pub fn of_numbers(values: &[f32]) -> Self {
        let mut known: Vec<f32> = values.iter().copied().filter(|value| value.is_finite()).collect();
        known.sort_by(f32::total_cmp);
        let at = |share: f32| known.get((known.len().saturating_sub(1) as f32 * share).round() as usize).copied();
        let (low, high) = (at(0.02).unwrap_or(0.0), at(0.98).unwrap_or(1.0));
        let index = |value: &f32| {
            let share = if high > low { (value - low) / (high - low) } else { 0.5 };
            if value.is_finite() { (share.clamp(0.0, 1.0) * 254.0).round() as u8 } else { UNKNOWN }
        };
        Self { indices: values.iter().map(index).collect(), scale: ColourScale::Numbers { low, high } }
    }

    /// The palette in the colours of the page: `colour` is the value of a custom property, such as `#0c579f`.
    pub fn palette(&self, is_dark: bool, colour: impl Fn(&str) -> String) -> Vec<Rgba> {
        let named = |name: &str| opaque(parse(&colour(name)).unwrap_or([128; 3]));
        let soft = named("--ink-soft");
        let unknown = [soft[0], soft[1], soft[2], 90];
        let mut palette = vec![unknown; usize::from(COLOURS)];
        match &self.scale {
            ColourScale::Plain => palette[0] = named("--network"),
            ColourScale::Categories { slots, .. } => {
                for (entry, slot) in palette.iter_mut().zip(slots.iter()) {
                    *entry = slot.map_or(soft, |slot| named(CATEGORY_COLOURS[usize::from(slot)]));
                }
            }
            ColourScale::Numbers { .. } => {
                for (index, entry) in palette.iter_mut().take(usize::from(UNKNOWN)).enumerate() {
                    *entry = opaque(number_colour(index as f32 / 254.0, is_dark));
                }
            }
        }
        palette
    }
}

/// Number of points in each of so many categories.
pub fn members(categories: usize, indices: &[u8]) -> Vec<usize> {
    let mut counts = vec![0; categories];
    for index in indices {
        if let Some(count) = counts.get_mut(usize::from(*index)) {
            *count += 1;
        }
    }
    counts
}

/// Colour of a share of the scale: the greater, the farther from the ground, which is light or dark.
pub fn number_colour(share: f32, is_dark: bool) -> [u8; 3] {
    let place = if is_dark { share.mul_add(0.75, 0.25) } else { (1.0 - share) * 0.8 } * (CIVIDIS.len() - 1) as f32;
    let from = (place as usize).min(CIVIDIS.len() - 2);
    let part = place - from as f32;
    [0, 1, 2].map(|channel| {
        let [one, two] = [CIVIDIS[from][channel], CIVIDIS[from + 1][channel]].map(f32::from);
        (two - one).mul_add(part, one).round() as u8
    })
}

const fn opaque([red, green, blue]: [u8; 3]) -> Rgba {
    [red, green, blue, OPACITY]
}

/// Red, green and blue of a colour such as `#0c579f`.
pub fn parse(colour: &str) -> Option<[u8; 3]> {
    let digits = colour.trim().strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    Some([(value >> 16) as u8, (value >> 8) as u8, value as u8])
}

/// A colour as style sheets and SVG write it.
pub fn hex(colour: [u8; 3]) -> String {
    let [red, green, blue] = colour;
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn the_greatest_categories_have_their_own_colours() {
        let names: Vec<String> = (0..12).map(|index| index.to_string()).collect();
        // Category 11 has the most points, 0 and 1 the fewest.
        let indices: Vec<u8> = (0..12).flat_map(|category| vec![category; 1 + usize::from(category)]).collect();
        let ColourScale::Categories { slots, .. } = Colouring::of_categories(&names, &indices).scale else {
            panic!("categories")
        };
        assert_eq!(slots[11], Some(0));
        assert_eq!(slots[..3], [None, None, None]);
        let ten = Colouring::of_categories(&names[..10], &indices[..5]);
        assert!(matches!(ten.scale, ColourScale::Categories { slots, .. } if slots[9] == Some(9)));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn few_extremes_do_not_take_the_scale() {
        let values: Vec<f32> = (0..1000).map(|index| index as f32).chain([1e9, f32::NAN]).collect();
        let colouring = Colouring::of_numbers(&values);
        assert!(matches!(colouring.scale, ColourScale::Numbers { high, .. } if high < 1000.0));
        assert_eq!((colouring.indices[0], colouring.indices[1000], colouring.indices[1001]), (0, 254, 255));
        assert_eq!(Colouring::of_numbers(&[3.0; 4]).indices[..], [127; 4], "one value is in the middle");
        assert_eq!(Colouring::of_numbers(&[f32::NAN]).indices[..], [255]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_lightness_of_numbers_is_monotone() {
        for is_dark in [false, true] {
            let lightness = (0..=50).map(|step| {
                let [red, green, blue] = number_colour(step as f32 / 50.0, is_dark).map(f32::from);
                0.2126f32.mul_add(red, 0.7152f32.mul_add(green, 0.0722 * blue))
            });
            let lightness: Vec<f32> = lightness.collect();
            let is_monotone =
                lightness.windows(2).all(|pair| if is_dark { pair[1] > pair[0] } else { pair[1] < pair[0] });
            assert!(is_monotone, "{lightness:?}");
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn colours_are_read_and_written() {
        assert_eq!(parse(" #0c579f"), Some([12, 87, 159]));
        assert_eq!(["", "#fff", "rgb(1, 2, 3)", "#12345ö"].map(parse), [None; 4]);
        assert_eq!(hex([12, 87, 159]), "#0c579f");
    }
}
