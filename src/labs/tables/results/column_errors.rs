//! Reconstruction errors by column: the share of each in the error of flagged rows and of all rows, and a histogram.

use std::rc::Rc;

use pinhole_protocol::table::ColumnErrors;
use yew::prelude::*;

use super::error_histograms::ErrorHistograms;
use crate::{
    components::{
        chart::use_interactive_chart,
        format::{brief, fixed, grouped},
        histogram::{self, Bin, ValueAxis},
        share_bar::share_bar,
    },
    services::Services,
};

/// Most columns in the table.
const MAX_COLUMNS: usize = 30;

#[derive(Properties, PartialEq)]
pub struct ColumnErrorsCardProps {
    pub services: Services,
    /// Errors of the columns, those with the largest share in flagged rows first.
    pub columns: Rc<Vec<ColumnErrors>>,
}

/// The card; empty without columns.
#[component]
pub fn ColumnErrorsCard(props: &ColumnErrorsCardProps) -> Html {
    let chart = use_interactive_chart(ErrorHistograms { columns: props.columns.clone() });
    let update = use_force_update();
    let columns = &props.columns;
    if columns.is_empty() {
        return Html::default();
    }
    let hidden = columns.len().saturating_sub(MAX_COLUMNS);
    html! {
        <section class="card results-card" aria-labelledby="column-errors-title">
            <h2 id="column-errors-title">{ "Columns behind the anomalies" }</h2>
            <div class="table-scroll" role="region" aria-label="Contributions by column" tabindex="0">
                <table class="cells shares" aria-label="Columns behind the anomalies">
                    <thead>
                        <tr>
                            <th scope="col">{ "Column" }</th>
                            <th scope="col">{ "Share of the flagged rows' scores" }</th>
                            <th scope="col">{ "Share of all rows' scores" }</th>
                            <th scope="col"><abbr title="From the 5th to the 95th percentile of what the column adds to a row's score">{ "Usual contributions" }</abbr></th>
                        </tr>
                    </thead>
                    <tbody>{ for columns.iter().take(MAX_COLUMNS).map(line) }</tbody>
                </table>
            </div>
            if hidden > 0 {
                <p class="hint">{ format!("{} more columns contribute less.", grouped(hidden)) }</p>
            }
            <figure class="column-errors">
                <figcaption class="row spread">
                    <span>{ "Distribution of what the first columns add to the rows' scores" }</span>
                    { chart.save_buttons("errors of columns", "pinhole-column-errors", &props.services.notices) }
                </figcaption>
                { chart.view("Histograms of the columns' errors", "column-errors-title", &Callback::from(move |()| update.force_update())) }
            </figure>
        </section>
    }
}

fn line(column: &ColumnErrors) -> Html {
    let share = |share: f64, class: &'static str| {
        html! { <td><span class="share"><span class="figure">{ percent(share) }</span>{ share_bar(share, class) }</span></td> }
    };
    html! {
        <tr>
            <th scope="row">{ &column.name }</th>
            { share(column.share_of_flagged, "anomalous") }
            { share(column.share, "normal") }
            <td class="figure">{ error_range(column) }</td>
        </tr>
    }
}

fn percent(share: f64) -> String {
    format!("{} %", fixed(100.0 * share, 1))
}

/// Range of a column's errors, from the bin of the 5th to that of the 95th percentile.
fn error_range(column: &ColumnErrors) -> String {
    let bins: Vec<Bin> = histogram::bins(&column.histogram).collect();
    let rows: u64 = bins.iter().map(Bin::rows).sum();
    if ValueAxis::of(&column.histogram).is_empty() || rows == 0 {
        return "all the same".into();
    }
    // Index of the first bin at which the cumulated share of rows is reached.
    let quantile_bin = |share: f64| {
        let mut sum = 0;
        let is_below = |bin: &&Bin| {
            sum += bin.rows();
            (sum as f64) < share * rows as f64
        };
        bins.iter().take_while(is_below).count()
    };
    format!("{} to {}", brief(bins[quantile_bin(0.05)].from), brief(bins[quantile_bin(0.95)].to))
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::Histogram;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn errors_of_a_column_are_shown_as_a_range() {
        let histogram =
            Histogram { low: -2.0, high: 1.0, is_log: true, normal: vec![0, 40, 0], anomalous: vec![0, 0, 0] };
        let mut column = ColumnErrors { name: "flow".into(), share: 0.1, share_of_flagged: 0.5, histogram };
        assert_eq!(error_range(&column), "0.1 to 1");
        column.histogram = Histogram::default();
        assert_eq!(error_range(&column), "all the same");
        assert_eq!(percent(0.1234), "12.3 %");
    }
}
