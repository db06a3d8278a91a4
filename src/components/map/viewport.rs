//! The part of the plane that a map shows, and its way to pixels and back.

/// Share of the area that is left free around all points.
const MARGIN: f64 = 0.04;

/// Ratio of the sides of all points' extent beyond which each axis has a scale of its own, as otherwise one would be a line.
const MOST_UNEQUAL: f64 = 8.0;

/// Least and greatest magnification, where 1 shows all points.
const ZOOM_RANGE: [f64; 2] = [0.4, 20_000.0];

/// Least rectangle that contains points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Least [horizontal, vertical].
    pub low: [f32; 2],
    /// Greatest [horizontal, vertical].
    pub high: [f32; 2],
}

impl Extent {
    /// Extent of finite positions, [horizontal, vertical] of each; a unit square about the only one, or about 0.
    pub fn of(positions: &[f32]) -> Self {
        let mut extent = Self { low: [f32::INFINITY; 2], high: [f32::NEG_INFINITY; 2] };
        for point in positions.as_chunks::<2>().0 {
            extent.include(*point);
        }
        for axis in 0..2 {
            let (low, high) = (extent.low[axis], extent.high[axis]);
            let middle = if low.is_finite() { f32::midpoint(low, high) } else { 0.0 };
            if !(high - low > middle.abs() * f32::EPSILON && high > low) {
                (extent.low[axis], extent.high[axis]) = (middle - 0.5, middle + 0.5);
            }
        }
        extent
    }

    fn include(&mut self, point: [f32; 2]) {
        if point.iter().all(|value| value.is_finite()) {
            for (axis, value) in point.into_iter().enumerate() {
                self.low[axis] = self.low[axis].min(value);
                self.high[axis] = self.high[axis].max(value);
            }
        }
    }

    /// Least extent that contains both.
    pub fn union(self, other: Self) -> Self {
        Self {
            low: [self.low[0].min(other.low[0]), self.low[1].min(other.low[1])],
            high: [self.high[0].max(other.high[0]), self.high[1].max(other.high[1])],
        }
    }

    /// Width and height.
    pub const fn size(&self) -> [f32; 2] {
        [self.high[0] - self.low[0], self.high[1] - self.low[1]]
    }
}

/// Rectangle of the screen, in CSS pixels of its canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Area {
    /// True if the pixel is in it.
    pub fn contains(&self, (x, y): (f64, f64)) -> bool {
        (self.left..=self.left + self.width).contains(&x) && (self.top..=self.top + self.height).contains(&y)
    }

    /// Pixel of its centre.
    pub const fn centre(&self) -> (f64, f64) {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }
}

/// The part of the plane that fills an area of the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// The area.
    pub area: Area,
    /// Position in the middle, [horizontal, vertical].
    pub centre: [f64; 2],
    /// Pixels per unit of each axis at magnification 1.
    fitted: [f64; 2],
    /// Magnification.
    pub zoom: f64,
}

impl Viewport {
    /// The part that contains an extent.
    pub fn fit(extent: Extent, area: Area) -> Self {
        let mut viewport = Self { area, centre: [0.0; 2], fitted: [1.0; 2], zoom: 1.0 };
        viewport.refit(extent);
        viewport.centre = [0, 1].map(|axis| f64::midpoint(extent.low[axis].into(), extent.high[axis].into()));
        viewport
    }

    /// The part about the same centre, as magnified, in another area or for points of another extent.
    pub fn with(mut self, extent: Extent, area: Area) -> Self {
        self.area = area;
        self.refit(extent);
        self
    }

    fn refit(&mut self, extent: Extent) {
        let size = extent.size().map(f64::from);
        let room = [self.area.width, self.area.height].map(|side| side.max(1.0) * (1.0 - 2.0 * MARGIN));
        let own = [room[0] / size[0], room[1] / size[1]];
        let ratio = own[0] / own[1];
        let is_unequal = !(1.0 / MOST_UNEQUAL..=MOST_UNEQUAL).contains(&ratio);
        self.fitted = if is_unequal { own } else { [own[0].min(own[1]); 2] };
    }

    /// Pixels per unit of each axis.
    pub fn scale(&self) -> [f64; 2] {
        self.fitted.map(|scale| scale * self.zoom)
    }

    /// Pixel of a position.
    pub fn pixel(&self, [across, up]: [f32; 2]) -> (f64, f64) {
        let (scale, middle) = (self.scale(), self.area.centre());
        (
            (f64::from(across) - self.centre[0]).mul_add(scale[0], middle.0),
            (f64::from(up) - self.centre[1]).mul_add(-scale[1], middle.1),
        )
    }

    /// Position of a pixel.
    pub fn position(&self, (x, y): (f64, f64)) -> [f32; 2] {
        let (scale, middle) = (self.scale(), self.area.centre());
        [((x - middle.0) / scale[0] + self.centre[0]) as f32, ((middle.1 - y) / scale[1] + self.centre[1]) as f32]
    }

    /// Magnifies by a factor, keeping the position at a pixel where it is.
    pub fn magnify(&mut self, pixel: (f64, f64), factor: f64) {
        let zoom = (self.zoom * factor).clamp(ZOOM_RANGE[0], ZOOM_RANGE[1]);
        let (middle, before) = (self.area.centre(), self.scale());
        self.zoom = zoom;
        let after = self.scale();
        self.centre[0] += (pixel.0 - middle.0) * (1.0 / before[0] - 1.0 / after[0]);
        self.centre[1] -= (pixel.1 - middle.1) * (1.0 / before[1] - 1.0 / after[1]);
    }

    /// Moves what is shown by pixels.
    pub fn shift(&mut self, (x, y): (f64, f64)) {
        let scale = self.scale();
        self.centre[0] -= x / scale[0];
        self.centre[1] += y / scale[1];
    }

    /// Extent of what is shown.
    pub fn visible(&self) -> Extent {
        let Area { left, top, width, height } = self.area;
        let (low, high) = (self.position((left, top + height)), self.position((left + width, top)));
        Extent { low, high }
    }
}

/// Diameter of a point in CSS pixels: smaller the more there are, growing slowly as the map is magnified.
pub fn point_size(count: usize, zoom: f64) -> f64 {
    let crowd = (count.max(1) as f64 / 1_000.0).max(1.0).log10();
    ((6.5 - 1.6 * crowd).max(1.5) * zoom.max(1.0).powf(0.25)).min(14.0)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const AREA: Area = Area { left: 20.0, top: 10.0, width: 400.0, height: 300.0 };

    fn is_near(one: (f64, f64), two: (f64, f64)) -> bool {
        (one.0 - two.0).abs() < 1e-3 && (one.1 - two.1).abs() < 1e-3
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn extents_ignore_what_is_no_number() {
        let extent = Extent::of(&[1.0, 2.0, f32::NAN, 0.0, -1.0, 4.0]);
        assert_eq!((extent.low, extent.high), ([-1.0, 2.0], [1.0, 4.0]));
        for alone in [&[][..], &[3.0, 3.0], &[f32::NAN; 2]] {
            let extent = Extent::of(alone);
            assert_eq!(extent, Extent { high: extent.low.map(|low| low + 1.0), ..extent }, "{alone:?}");
        }
        let flat = Extent { low: [0.5, 5.0], high: [1.5, 7.0] };
        assert_eq!(Extent::of(&[1.0, 5.0, 1.0, 7.0]), flat);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn all_points_are_shown_with_equal_scales() {
        let extent = Extent::of(&[-2.0, -2.0, 2.0, 2.0]);
        let viewport = Viewport::fit(extent, AREA);
        let scale = viewport.scale();
        assert!((scale[0] - scale[1]).abs() < 1e-9);
        assert!(AREA.contains(viewport.pixel(extent.low)) && AREA.contains(viewport.pixel(extent.high)));
        assert!(is_near(viewport.pixel([0.0, 0.0]), AREA.centre()));
        let uneven = Viewport::fit(Extent::of(&[0.0, 0.0, 1000.0, 1.0]), AREA).scale();
        assert!(uneven[1] / uneven[0] > 100.0, "degrees and metres each fill their axis");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn the_place_under_the_pointer_stays_while_it_is_magnified() {
        let mut viewport = Viewport::fit(Extent::of(&[-2.0, -1.0, 2.0, 3.0]), AREA);
        let pixel = (100.0, 60.0);
        let position = viewport.position(pixel);
        viewport.magnify(pixel, 3.0);
        assert!(is_near(viewport.pixel(position), pixel));
        viewport.shift((10.0, -5.0));
        assert!(is_near(viewport.pixel(position), (110.0, 55.0)));
        viewport.magnify(pixel, 1e12);
        assert!(viewport.zoom <= 20_000.0);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn points_shrink_with_their_number_and_grow_with_the_zoom() {
        let sizes = [100, 10_000, 1_000_000].map(|count| point_size(count, 1.0));
        assert!(sizes.is_sorted_by(|one, two| one > two), "{sizes:?}");
        assert!(point_size(1_000_000, 100.0) > sizes[2]);
    }
}
