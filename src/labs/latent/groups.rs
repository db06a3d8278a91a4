//! Groups of samples whose means are taken: the chosen samples, the selection, and every category.

use pinhole_protocol::latent::{MeanTerm, SampleValues};
use yew::AttrValue;

use super::state::Lab;

/// Most groups that a menu offers.
const MAX_GROUPS: usize = 64;

/// Group of samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// The sample A.
    A,
    /// The sample B.
    B,
    /// The selected samples.
    Selection,
    /// A category of a column, by index in [`Lab::columns`] and in its names.
    Category { column: usize, category: u8 },
}

/// Groups of the lab that have samples, with their names.
pub fn all(lab: &Lab) -> Vec<(Group, AttrValue)> {
    let chosen = [(Group::A, lab.chosen.a, "A"), (Group::B, lab.chosen.b, "B")];
    let mut groups: Vec<(Group, AttrValue)> = chosen
        .into_iter()
        .filter(|(_, index, _)| index.is_some())
        .map(|(group, _, name)| (group, AttrValue::from(name)))
        .collect();
    if let Some(selection) = &lab.selection {
        groups.push((Group::Selection, format!("Selection, {} samples", selection.len()).into()));
    }
    let has_several =
        lab.columns().filter(|column| matches!(column.values, SampleValues::Categories { .. })).count() > 1;
    for (column, known) in lab.columns().enumerate() {
        let SampleValues::Categories { names, .. } = &known.values else { continue };
        for (category, name) in (0..u8::MAX).zip(names) {
            let title = if has_several { format!("{}: {name}", known.name) } else { format!("All {name}") };
            groups.push((Group::Category { column, category }, title.into()));
        }
    }
    groups.truncate(MAX_GROUPS);
    groups
}

/// Indices of a group's samples.
pub fn indices(lab: &Lab, group: &Group) -> Vec<usize> {
    match group {
        Group::A => lab.chosen.a.into_iter().collect(),
        Group::B => lab.chosen.b.into_iter().collect(),
        Group::Selection => lab.selection.as_ref().map(|selection| selection.indices.to_vec()).unwrap_or_default(),
        Group::Category { column, category } => {
            let Some(SampleValues::Categories { indices, .. }) =
                lab.columns().nth(*column).map(|column| &column.values)
            else {
                return Vec::new();
            };
            indices.0.iter().enumerate().filter(|(_, of)| *of == category).map(|(index, _)| index).collect()
        }
    }
}

/// Summands of a - b + c: those of the groups that are given. Empty unless the first is.
pub fn terms(lab: &Lab, groups: &[Option<Group>; 3]) -> Vec<MeanTerm> {
    if groups[0].is_none() {
        return Vec::new();
    }
    let term = |(group, factor): (&Option<Group>, f32)| {
        let indices = indices(lab, group.as_ref()?);
        (!indices.is_empty()).then_some(MeanTerm { factor, indices })
    };
    groups.iter().zip([1.0, -1.0, 1.0]).filter_map(term).collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::labs::latent::state::{Chosen, tests::vectors};

    fn lab() -> Lab {
        let chosen = Chosen { a: Some(3), b: None };
        Lab { vectors: Some(Rc::new(vectors(2))), chosen, ..Lab::default() }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn labels_and_chosen_samples_are_groups() {
        let groups = all(&lab());
        let names: Vec<&str> = groups.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["A", "All 3", "All 8"]);
        assert_eq!(indices(&lab(), &groups[2].0), [1, 2]);
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_sum_has_signs_and_needs_its_first_group() {
        let groups = all(&lab());
        let [a, threes, eights] = [0, 1, 2].map(|index| Some(groups[index].0.clone()));
        let factors = |groups| terms(&lab(), &groups).into_iter().map(|term| term.factor).collect::<Vec<_>>();
        assert_eq!(factors([eights.clone(), threes, a]), [1.0, -1.0, 1.0]);
        assert_eq!(factors([eights.clone(), Some(Group::Selection), None]), [1.0], "nothing is selected");
        assert!(factors([None, eights, None]).is_empty());
    }
}
