//! The samples that are rebuilt worst: each above, what comes back below.

use std::rc::Rc;

use pinhole_protocol::latent::{DecodedContent, SampleDetails};
use yew::prelude::*;

use super::{
    controller::Controller,
    pictures::{PaintedCanvas, Painting, column_names},
    sample::{on_choose, text},
    state::Lab,
};

/// Cells of a row that are told, at most.
const TOLD_CELLS: usize = 3;

/// Renders them; nothing before any is described. A press makes one A, with Shift held B.
pub fn view(lab: &Lab, controller: &Rc<Controller>) -> Html {
    let worst: Vec<&Rc<SampleDetails>> =
        lab.exploration.worst.iter().filter(|details| details.reconstruction.is_some()).collect();
    if worst.is_empty() {
        return Html::default();
    }
    let columns = lab.vectors.as_ref().map(|vectors| column_names(&vectors.decoding)).unwrap_or_default();
    html! {
        <section class="latent-part" aria-labelledby="latent-worst">
            <div class="row spread">
                <h2 id="latent-worst">{ "Worst rebuilt" }</h2>
                <span class="hint">{ "above the sample, below what comes back" }</span>
            </div>
            <div class={if columns.is_empty() { "latent-worst" } else { "latent-worst rows" }} role="group" aria-label="Worst rebuilt">
                { for worst.into_iter().map(|details| tile(lab, details, columns, controller)) }
            </div>
        </section>
    }
}

fn tile(lab: &Lab, details: &SampleDetails, columns: &[String], controller: &Rc<Controller>) -> Html {
    let index = details.index;
    let error = text::error_text(details).unwrap_or_default();
    let name = format!("{}, {error}", text::name(lab, index));
    let onclick = on_choose(controller, index);
    let picture = |content: &Option<DecodedContent>| content.as_ref().and_then(Painting::strip);
    let changes = differing_cells(details, columns);
    html! {
        <button type="button" class="latent-tile" key={index} aria-label={name.clone()} title={name.clone()} {onclick}>
            if columns.is_empty() {
                <PaintedCanvas painting={picture(&details.sample)} />
                <PaintedCanvas painting={picture(&details.reconstruction)} />
            } else {
                <span>{ name }</span>
                <span class="hint">{ changes.join("; ") }</span>
            }
        </button>
    }
}

/// Cells in which a row and its reconstruction differ, such as “country: DE → US”.
fn differing_cells(details: &SampleDetails, columns: &[String]) -> Vec<String> {
    let (Some(DecodedContent::Rows { cells: own }), Some(DecodedContent::Rows { cells: rebuilt })) =
        (&details.sample, &details.reconstruction)
    else {
        return Vec::new();
    };
    let (Some(own), Some(rebuilt)) = (own.first(), rebuilt.first()) else { return Vec::new() };
    let cells = columns.iter().zip(own.iter().zip(rebuilt)).filter(|(_, (own, rebuilt))| own != rebuilt);
    cells.take(TOLD_CELLS).map(|(name, (own, rebuilt))| format!("{name}: {own} → {rebuilt}")).collect()
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::Floats;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn cells_that_come_back_otherwise_are_told() {
        let rows = |row: [&str; 3]| Some(DecodedContent::Rows { cells: vec![row.map(String::from).to_vec()] });
        let details = SampleDetails {
            index: 0,
            code: Floats(Vec::new()),
            sample: rows(["12", "DE", "7"]),
            reconstruction: rows(["30", "DE", "9"]),
            error: Some(0.5),
            usual_error: None,
            nearest: Vec::new(),
        };
        let columns = ["amount", "country", "hour"].map(String::from);
        assert_eq!(differing_cells(&details, &columns), ["amount: 12 → 30", "hour: 7 → 9"]);
    }
}
