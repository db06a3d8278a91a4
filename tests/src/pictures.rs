//! Reading and comparing pictures of the page.

use anyhow::{Context as _, Result, ensure};

use crate::{Page, controls::Role};

impl Page {
    /// Grey values, 0 to 1, of a 28x28 picture, row by row.
    ///
    /// # Errors
    /// When there is no picture of that name, or it has another size.
    pub async fn picture(&self, name: &str) -> Result<Vec<f64>> {
        let canvas = self.find(Role::Image, name).await?;
        let grey = self
            .script(
                "const canvas = arguments[0];
                 const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                 return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i] / 255);",
                vec![serde_json::to_value(&canvas)?],
            )
            .await?;
        let grey: Vec<f64> = serde_json::from_value(grey).context("grey values")?;
        ensure!(grey.len() == 784, "\"{name}\" has {} pixels, not 784", grey.len());
        Ok(grey)
    }
}

/// Mean squared error of two pictures.
pub fn mean_squared_error(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>() / one.len() as f64
}

/// Peak signal-to-noise ratio of pictures with values 0 to 1, dB.
pub fn psnr_db(clean: &[f64], other: &[f64]) -> f64 {
    -10.0 * mean_squared_error(clean, other).log10()
}

/// Largest absolute difference of two pictures' values.
pub fn largest_difference(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_a_tenth_is_twenty_decibels() {
        let (clean, other) = (vec![0.5; 784], vec![0.6; 784]);
        assert!((psnr_db(&clean, &other) - 20.0).abs() < 1e-9);
        assert!((largest_difference(&clean, &other) - 0.1).abs() < 1e-9);
    }
}
