//! Which columns drive the odd rows, and how each column's errors are spread.

use std::rc::Rc;

use pinhole_protocol::table::ColumnErrors;
use yew::prelude::*;

use crate::{
    components::{
        chart::{ChartCanvas, Margins, use_chart},
        format::{brief, fixed, grouped},
        histogram::{self, HistogramStyle, ValueAxis},
        share_bar::share_bar,
    },
    services::Services,
};

/// Columns in the table.
const MOST_COLUMNS: usize = 30;

/// Columns with a histogram.
const MOST_HISTOGRAMS: usize = 10;

#[derive(Properties, PartialEq)]
pub struct ColumnsCardProps {
    pub services: Services,
    /// Those that drive the flagged rows first.
    pub columns: Rc<Vec<ColumnErrors>>,
}

/// The card; nothing without columns.
#[component]
pub fn ColumnsCard(props: &ColumnsCardProps) -> Html {
    let chart = use_chart();
    use_effect_with(props.columns.clone(), {
        let chart = chart.clone();
        move |columns: &Rc<Vec<ColumnErrors>>| {
            let columns = columns.clone();
            chart.show(Rc::new(move |sheet| paint(sheet, &columns)));
        }
    });
    let columns = &props.columns;
    if columns.is_empty() {
        return Html::default();
    }
    let hidden = columns.len().saturating_sub(MOST_COLUMNS);
    html! {
        <section class="card results-card" aria-labelledby="blame-title">
            <h2 id="blame-title">{ "Columns that drive the odd rows" }</h2>
            <div class="table-scroll" role="region" aria-label="Columns' shares" tabindex="0">
                <table class="cells shares" aria-label="Columns that drive the odd rows">
                    <thead>
                        <tr>
                            <th scope="col">{ "Column" }</th>
                            <th scope="col">{ "Of the flagged rows' error" }</th>
                            <th scope="col">{ "Of all rows' error" }</th>
                            <th scope="col">{ "Most errors, in training spreads" }</th>
                        </tr>
                    </thead>
                    <tbody>{ for columns.iter().take(MOST_COLUMNS).map(line) }</tbody>
                </table>
            </div>
            if hidden > 0 {
                <p class="hint">{ format!("{} more columns have smaller shares.", grouped(hidden)) }</p>
            }
            <figure class="column-errors">
                <figcaption class="row spread">
                    <span>{ "How the errors of the first columns are spread" }</span>
                    { chart.save_button("errors of columns", "pinhole-column-errors.png", &props.services.notices) }
                </figcaption>
                { chart.view("Histograms of the columns' errors", "blame-title") }
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
            { share(column.share_of_flagged, "odd") }
            { share(column.share, "normal") }
            <td class="figure">{ spread(column) }</td>
        </tr>
    }
}

fn percent(share: f64) -> String {
    format!("{} %", fixed(100.0 * share, 1))
}

/// Between which values most of a column's errors lie: the bins of its 5th and its 95th percentile.
fn spread(column: &ColumnErrors) -> String {
    let histogram = &column.histogram;
    let axis = ValueAxis::of(histogram);
    let bins: Vec<u64> = histogram
        .normal
        .iter()
        .zip(&histogram.anomalous)
        .map(|(&normal, &odd)| u64::from(normal) + u64::from(odd))
        .collect();
    let rows: u64 = bins.iter().sum();
    if axis.is_empty() || rows == 0 {
        return "all the same".into();
    }
    // The first bin up to which a share of the rows lies.
    let reaching = |share: f64| {
        let mut sum = 0;
        let is_below = |&&bin: &&u64| {
            sum += bin;
            (sum as f64) < share * rows as f64
        };
        bins.iter().take_while(is_below).count()
    };
    let edge = |bin: usize| brief(axis.value(bin as f64 / bins.len() as f64));
    format!("{} to {}", edge(reaching(0.05)), edge(reaching(0.95) + 1))
}

/// Small histograms, as many beside each other as fit.
fn paint(sheet: &ChartCanvas, columns: &[ColumnErrors]) {
    const LEAST_WIDTH: f64 = 150.0;
    let shown = &columns[..columns.len().min(MOST_HISTOGRAMS)];
    let across = ((sheet.width / LEAST_WIDTH).floor() as usize).clamp(1, 5).min(shown.len().max(1));
    let down = shown.len().div_ceil(across).max(1);
    let (width, height) = (sheet.width / across as f64, sheet.height / down as f64);
    for (index, column) in shown.iter().enumerate() {
        let (left, top) = ((index % across) as f64 * width, (index / across) as f64 * height);
        let margins = Margins { left: 4.0, right: 12.0, top: 22.0, bottom: 20.0 };
        let style = HistogramStyle { title: "", margins, frame: (left, top, width, height), has_rules: false };
        histogram::draw(sheet, &column.histogram, &style);
        sheet.write("--ink", "left", &cut(&column.name, width), (left + 4.0, top + 15.0));
        let axis = ValueAxis::of(&column.histogram);
        if !axis.is_empty() {
            let foot = top + height - 5.0;
            sheet.write("--ink-soft", "left", &brief(axis.value(0.0)), (left + 4.0, foot));
            sheet.write("--ink-soft", "right", &brief(axis.value(1.0)), (left + width - 12.0, foot));
        }
    }
}

/// As much of a name as fits.
fn cut(name: &str, width: f64) -> String {
    const LETTER_PX: f64 = 7.0;
    let most = (width / LETTER_PX).floor().max(4.0) as usize - 2;
    match name.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::table::Histogram;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_columns_errors_are_told_as_a_range() {
        let histogram =
            Histogram { low: -2.0, high: 1.0, is_log: true, normal: vec![0, 40, 0], anomalous: vec![0, 0, 0] };
        let mut column = ColumnErrors { name: "flow".into(), share: 0.1, share_of_flagged: 0.5, histogram };
        assert_eq!(spread(&column), "0.1 to 1");
        column.histogram = Histogram::default();
        assert_eq!(spread(&column), "all the same");
        assert_eq!(percent(0.1234), "12.3 %");
        assert_eq!(cut("a long name of a column", 70.0), "a long n…");
    }
}
