//! Format of the numbers of a column: the text before and behind them, and their decimals.

use pinhole_table::cells::{CellFormat, NumberCell};

/// Relative difference up to which a text is the number that it was written for, beyond what its decimals round off.
const TOLERANCE: f64 = 1e-9;
/// Most decimals that are written.
const MAX_DECIMALS: usize = 12;

/// Format of a column's numbers, learnt from its cells: a filled cell is to be read as its neighbours are.
#[derive(Clone, Debug, Default)]
pub struct CellTemplate {
    has_learnt: bool,
    /// Text before and behind the digits, such as a currency or a unit.
    around: Option<(String, String)>,
    /// Fewest and most decimals seen.
    decimals: Option<(usize, usize)>,
}

impl CellTemplate {
    /// True if it has learnt from no cell.
    pub const fn is_empty(&self) -> bool {
        !self.has_learnt
    }

    /// Learns from a cell that holds a number.
    pub fn learn(&mut self, cell: &str, format: &CellFormat) {
        self.has_learnt = true;
        let cell = cell.trim();
        let (Some(first), Some(last)) =
            (cell.find(|c: char| c.is_ascii_digit()), cell.rfind(|c: char| c.is_ascii_digit()))
        else {
            return;
        };
        let (before, digits, behind) = (&cell[..first], &cell[first..=last], &cell[last + 1..]);
        let is_signed = |text: &str| text.contains(['(', ')', '-', '+', '\u{2212}']);
        if digits.contains(['e', 'E', ':']) || is_signed(behind) || before.contains('(') {
            return;
        }
        let decimals = digits.rsplit_once(format.decimal()).map_or(0, |(_, decimals)| decimals.len());
        let (fewest, most) = self.decimals.unwrap_or((decimals, decimals));
        self.decimals = Some((fewest.min(decimals), most.max(decimals)));
        if !is_signed(before) && self.around.is_none() {
            self.around = Some((before.to_owned(), behind.to_owned()));
        }
    }

    /// Text of a number, to at most `decimals` if the column's own vary; `None` if it would not be read as that number.
    pub fn text(&self, number: f64, decimals: usize, format: &CellFormat) -> Option<String> {
        let (before, behind) = self.around.as_ref()?;
        let (fewest, most) = self.decimals?;
        let decimals = if fewest == most { most } else { most.min(decimals) }.min(MAX_DECIMALS);
        let digits = format!("{:.decimals$}", number.abs());
        let rounded: f64 = digits.parse().ok()?;
        let sign = if number < 0.0 && rounded > 0.0 { "-" } else { "" };
        let text = format!("{sign}{before}{}{behind}", digits.replace('.', format.decimal().encode_utf8(&mut [0; 4])));
        let expected = rounded.copysign(number);
        match format.number(&text) {
            NumberCell::Number(read) if (read - expected).abs() <= TOLERANCE * expected.abs().max(1.0) => Some(text),
            _ => None,
        }
    }
}
