//! Numeric attributes of samples: numbers that are known about each beside its values, such as the slant of a digit or
//! a column of a table that a network learns from the others.

use pinhole_protocol::Experiment;

/// Named attributes of a set of samples; a sample may lack some.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes {
    columns: Vec<Attribute>,
}

/// One attribute: a name, and a number for each sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Name, unique in its set.
    pub name: String,
    /// Number of each sample in the attribute's own unit; `None` where it is missing.
    pub values: Vec<Option<f32>>,
}

/// Mean and standard deviation of an attribute, with which it is standardised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AttributeScale {
    /// Mean.
    pub mean: f32,
    /// Population standard deviation, above 0.
    pub deviation: f32,
}

impl Attributes {
    /// Attributes with a number, or none, for each sample.
    pub const fn new(columns: Vec<Attribute>) -> Self {
        Self { columns }
    }

    /// The attribute of that name.
    pub fn find(&self, name: &str) -> Option<&Attribute> {
        self.columns.iter().find(|attribute| attribute.name == name)
    }

    /// Names of all attributes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|attribute| attribute.name.as_str())
    }

    /// True if every attribute that the experiment learns is known, with different numbers of at least two samples.
    pub fn have_all_of(&self, experiment: &Experiment) -> bool {
        experiment.attributes().into_iter().all(|name| self.varies(name))
    }

    /// True if at least two samples have different numbers of that attribute.
    pub fn varies(&self, name: &str) -> bool {
        self.find(name).is_some_and(Attribute::varies)
    }

    /// The attributes of the samples `indices`, in that order.
    #[must_use]
    pub fn of_samples(&self, indices: &[u32]) -> Self {
        let of = |attribute: &Attribute| Attribute {
            name: attribute.name.clone(),
            values: indices.iter().map(|&index| attribute.values.get(index as usize).copied().flatten()).collect(),
        };
        Self { columns: self.columns.iter().map(of).collect() }
    }

    /// Appends a sample's numbers, in the order of the attributes.
    ///
    /// # Panics
    /// When their number differs from that of the attributes.
    pub(super) fn push(&mut self, values: &[f32]) {
        assert_eq!(values.len(), self.columns.len(), "a number for each attribute");
        self.columns.iter_mut().zip(values).for_each(|(attribute, &value)| attribute.values.push(Some(value)));
    }

    pub(super) fn truncate(&mut self, samples: usize) {
        self.columns.iter_mut().for_each(|attribute| attribute.values.truncate(samples));
    }
}

impl Attribute {
    /// Mean and standard deviation over the samples `indices` that have it; 0 and 1 if none has, and a deviation of 1
    /// if all are equal.
    pub fn scale(&self, indices: &[u32]) -> AttributeScale {
        let known = || indices.iter().filter_map(|&index| self.values.get(index as usize).copied().flatten());
        let count = known().count().max(1) as f64;
        let mean = known().map(f64::from).sum::<f64>() / count;
        let variance = known().map(|value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
        let deviation = if variance > 0.0 { variance.sqrt() as f32 } else { 1.0 };
        AttributeScale { mean: mean as f32, deviation }
    }

    /// True if at least two samples have different numbers.
    fn varies(&self) -> bool {
        let mut known = self.values.iter().copied().flatten();
        let first = known.next();
        known.any(|value| Some(value) != first)
    }
}

impl AttributeScale {
    /// The number in standard deviations from the mean.
    pub fn standardise(self, value: f32) -> f32 {
        (value - self.mean) / self.deviation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights() -> Attribute {
        Attribute { name: "weight".into(), values: vec![Some(2.0), None, Some(6.0), Some(100.0)] }
    }

    #[test]
    fn the_scale_is_that_of_the_known_numbers_of_the_training_samples() {
        let scale = weights().scale(&[2, 1, 0]);
        assert_eq!(scale, AttributeScale { mean: 4.0, deviation: 2.0 });
        assert!((scale.standardise(6.0) - 1.0).abs() < 1e-6);
        assert_eq!(weights().scale(&[1]), AttributeScale { mean: 0.0, deviation: 1.0 });
        assert_eq!(weights().scale(&[0]), AttributeScale { mean: 2.0, deviation: 1.0 });
    }

    #[test]
    fn samples_are_chosen_by_index() {
        let all = Attributes::new(vec![weights()]);
        let chosen = all.of_samples(&[3, 1]);
        assert_eq!(chosen.find("weight").expect("it is there").values, [Some(100.0), None]);
        assert_eq!((chosen.find("height"), all.names().collect::<Vec<_>>()), (None, vec!["weight"]));
    }
}
