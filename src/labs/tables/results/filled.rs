//! Columns whose missing cells were filled, and the errors of that on cells that were hidden.

use pinhole_protocol::table::{FillErrors, FillReport, FilledColumn};
use yew::prelude::*;

use crate::components::format::{brief, fixed, grouped};

/// The card.
pub fn view(report: &FillReport) -> Html {
    let filled: u64 = report.columns.iter().map(|column| column.filled).sum();
    html! {
        <section class="card results-card" aria-labelledby="filled-title">
            <h2 id="filled-title">{ "Missing cells filled" }</h2>
            <p class="lead-sentence" role="status">
                { format!("{} filled with what the other cells of their row make expected.", cells_were(filled)) }
                if report.measured_rows > 0 {
                    { format!(" The errors were measured on known cells of {} rows, hidden for the purpose.",
                        grouped(report.measured_rows)) }
                } else {
                    { " Nothing was measured: the table has under 200 rows, or nothing predicts these columns." }
                }
            </p>
            <div class="table-scroll" role="region" aria-label="Filled columns" tabindex="0">
                <table class="cells" aria-label="Missing cells filled">
                    <thead>
                        <tr>
                            <th scope="col">{ "Column" }</th>
                            <th scope="col">{ "Filled" }</th>
                            <th scope="col"><abbr title="Missing cells that stay empty, as nothing predicts the column: dates, and columns of over 32 categories">{ "Left" }</abbr></th>
                            <th scope="col"><abbr title="Root mean square error of a number in the units of the file, or share of wrong categories">{ "Error" }</abbr></th>
                            <th scope="col"><abbr title="The same error of the column's mean, or its most frequent category">{ "Of the mean" }</abbr></th>
                            <th scope="col"><abbr title="The same error of the five nearest rows">{ "Of five neighbours" }</abbr></th>
                        </tr>
                    </thead>
                    <tbody>{ for report.columns.iter().map(line) }</tbody>
                </table>
            </div>
            <p class="hint">
                { "In the downloaded table a column \"filled\" names the cells of each row that were filled. Columns that the \
                   detector does not read stay as they are." }
            </p>
        </section>
    }
}

fn cells_were(count: u64) -> String {
    if count == 1 { "1 cell was".into() } else { format!("{} cells were", grouped(count)) }
}

fn line(column: &FilledColumn) -> Html {
    let text = |error: fn(&FillErrors) -> f64| match &column.errors {
        None => "–".to_owned(),
        Some(errors) if column.is_categorical => format!("{} % wrong", fixed(100.0 * error(errors), 1)),
        Some(errors) => brief(error(errors)),
    };
    html! {
        <tr>
            <th scope="row">{ &column.name }</th>
            <td class="figure">{ grouped(column.filled) }</td>
            <td class="figure">{ grouped(column.left) }</td>
            <td class="figure">{ text(|errors| errors.predicted) }</td>
            <td class="figure">{ text(|errors| errors.constant) }</td>
            <td class="figure">{ text(|errors| errors.neighbours) }</td>
        </tr>
    }
}
