//! The rows that the measures count, in words.

use pinhole_protocol::table::Measures;

use crate::{
    row_roles::{RowRoles, TrainedRows},
    text::integer,
};

/// Most normal rows per measured one that are told as one.
const ONE: f64 = 1.005;

/// A sentence or two about the rows that the measures count: which did not train, and what they stand for.
pub fn counted_rows(measures: &Measures, roles: &RowRoles) -> String {
    let (anomalous, normal) = (integer(measures.anomalous_rows), integer(measures.normal_rows));
    let counted = format!("Measured on {anomalous} anomalies and {normal} normal rows");
    match roles.knowledge() {
        TrainedRows::Known if roles.measures_trained() => format!("{counted}, rows that trained among them."),
        TrainedRows::Known if roles.normal_weight() > ONE => format!(
            "{counted}; rows that trained are left out. Each of these normal rows counts for {:.2}, so that precision, F1, \
             average precision and the confusion table are those of all {} normal rows.",
            roles.normal_weight(),
            integer(measures.table_normal_rows)
        ),
        TrainedRows::Known => format!("{counted}, none of which trained."),
        TrainedRows::Absent => {
            format!("{counted}. As far as their cells tell, none of them is one of the rows that trained.")
        }
        TrainedRows::Among(share) => format!(
            "{counted}. About {:.0} % of the rows that trained are in this file and count too, so that the measures are \
             better than on new rows.",
            100.0 * share
        ),
        TrainedRows::Unknown => format!(
            "{counted}. The detector's file is of an older version and does not say which rows trained: they count too if \
             they are in this file."
        ),
    }
}
