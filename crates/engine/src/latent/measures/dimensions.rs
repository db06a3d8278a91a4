//! Use of the latent numbers, and what each of them tells of labels and columns.

use pinhole_latent::{
    Vectors,
    measure::{
        active_dimensions, correlation_ratio, discretised, kl_per_dimension, mutual_information,
        mutual_information_gap, participation_ratio, pearson, spearman, variances,
    },
};
use pinhole_protocol::latent::{Candidate, LatentMeasure, SampleValues};

use super::context::Context;
use crate::EngineError;

/// Byte of a category that is unknown.
const UNKNOWN: u8 = 255;
/// Most latent numbers and most columns whose association is told one by one.
const MAX_LISTED: usize = 64;
const GROUP: &str = "Dimensions";

/// Known values of a column, with the rows that have them.
struct Column {
    name: String,
    rows: Vec<usize>,
    values: ColumnValues,
}

enum ColumnValues {
    Numbers(Vec<f64>),
    Categories(Vec<usize>),
}

/// Measures of the dimensions.
pub(super) async fn more<P: AsyncFn()>(context: &Context<'_, P>) -> Result<Vec<LatentMeasure>, EngineError> {
    let codes = &context.code.codes;
    let mut measures = vec![
        of_representations(context, "Active numbers: variance above a hundredth of the greatest", |variances| {
            active_dimensions(variances) as f64
        }),
        of_representations(context, "Effective numbers (participation ratio of their variances)", participation_ratio),
        by_number("Variance", variances(codes).into_iter().map(Some)),
    ];
    if let Some(logvar) = &context.code.logvar {
        measures.push(by_number("KL divergence in nats", kl_per_dimension(codes, logvar).into_iter().map(Some)));
    }
    let columns = columns(context);
    for column in columns.iter().take(MAX_LISTED) {
        measures.extend(associations(codes, column));
        (context.pause)().await;
    }
    if let Some(gap) = information_gap(codes, &columns) {
        let candidates = vec![Candidate { name: "This code".into(), value: Some(gap) }];
        let name = "Mutual information gap (MIG) of labels and categories, numbers in 20 bins".into();
        measures.push(LatentMeasure { group: GROUP.into(), name, candidates });
    }
    Ok(measures)
}

fn of_representations<P: AsyncFn()>(
    context: &Context<'_, P>,
    name: &str,
    figure: impl Fn(&[f64]) -> f64,
) -> LatentMeasure {
    let candidate = |(name, vectors): (&String, &Vectors)| Candidate {
        name: name.clone(),
        value: Some(figure(&variances(vectors))),
    };
    let representations = context.representations.iter();
    let candidates = representations.map(|found| candidate((&found.name, found.vectors.as_ref()))).collect();
    LatentMeasure { group: GROUP.into(), name: name.into(), candidates }
}

/// A figure of each latent number.
fn by_number(name: &str, values: impl Iterator<Item = Option<f64>>) -> LatentMeasure {
    let candidate = |(index, value)| Candidate { name: format!("Latent {}", index + 1), value };
    let candidates = values.take(MAX_LISTED).enumerate().map(candidate).collect();
    LatentMeasure { group: GROUP.into(), name: name.into(), candidates }
}

/// Labels, and the columns of the samples.
fn columns<P>(context: &Context<'_, P>) -> Vec<Column> {
    let mut columns = Vec::new();
    if context.labels.names().len() >= 2 {
        let values = ColumnValues::Categories(context.labels.classes().to_vec());
        columns.push(Column { name: "the label".into(), rows: context.labels.rows().to_vec(), values });
    }
    for column in &context.code.columns {
        let (rows, values) = match &column.values {
            SampleValues::Numbers(numbers) => {
                let known = numbers.0.iter().enumerate().filter(|(_, number)| number.is_finite());
                let (rows, values) = known.map(|(row, &number)| (row, f64::from(number))).unzip();
                (rows, ColumnValues::Numbers(values))
            }
            SampleValues::Categories { indices, .. } => {
                let known = indices.0.iter().enumerate().filter(|&(_, &index)| index != UNKNOWN);
                let (rows, values) = known.map(|(row, &index)| (row, usize::from(index))).unzip();
                (rows, ColumnValues::Categories(values))
            }
        };
        columns.push(Column { name: format!("“{}”", column.name), rows, values });
    }
    columns
}

/// Values of a latent number in some rows.
fn number_in(codes: &Vectors, rows: &[usize], number: usize) -> Vec<f64> {
    rows.iter().map(|&row| f64::from(codes.row(row)[number])).collect()
}

/// Correlation and mutual information of each latent number with a column.
fn associations(codes: &Vectors, column: &Column) -> Vec<LatentMeasure> {
    let listed = codes.width().min(MAX_LISTED);
    let each = |figure: &dyn Fn(&[f64]) -> Option<f64>| -> Vec<Option<f64>> {
        (0..listed).map(|number| figure(&number_in(codes, &column.rows, number))).collect()
    };
    let name = &column.name;
    let information = |categories: &[usize]| {
        let values = each(&|numbers| Some(mutual_information(&discretised(numbers), categories)));
        by_number(&format!("Mutual information with {name} in nats, numbers in 20 bins"), values.into_iter())
    };
    match &column.values {
        ColumnValues::Numbers(values) => {
            let correlations = each(&|numbers| pearson(numbers, values));
            let of_ranks = each(&|numbers| pearson(numbers, values).map(|_| spearman(numbers, values)));
            vec![
                by_number(&format!("Correlation with {name}"), correlations.into_iter()),
                by_number(&format!("Rank correlation with {name}"), of_ranks.into_iter()),
                information(&discretised(values)),
            ]
        }
        ColumnValues::Categories(categories) => {
            let ratios = each(&|numbers| correlation_ratio(numbers, categories));
            vec![by_number(&format!("Correlation ratio with {name}"), ratios.into_iter()), information(categories)]
        }
    }
}

/// MIG of the categorical columns that are known of every sample.
fn information_gap(codes: &Vectors, columns: &[Column]) -> Option<f64> {
    let factors: Vec<Vec<usize>> = columns
        .iter()
        .filter(|column| column.rows.len() == codes.len())
        .filter_map(|column| match &column.values {
            ColumnValues::Categories(categories) => Some(categories.clone()),
            ColumnValues::Numbers(_) => None,
        })
        .collect();
    let rows: Vec<usize> = (0..codes.len()).collect();
    let dimensions: Vec<Vec<usize>> =
        (0..codes.width()).map(|number| discretised(&number_in(codes, &rows, number))).collect();
    mutual_information_gap(&dimensions, &factors)
}
