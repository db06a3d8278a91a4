//! Styles in which the numbers of a column are written: decimal marks and separators of groups.

use pinhole_protocol::table::{DecimalMark, NumberStyle};

/// Numbers of cells by the style in which they are written.
#[derive(Clone, Debug, Default)]
pub(super) struct StyleCounts {
    /// Cells that are numbers in any style.
    pub(super) numbers: u64,
    /// `2,6`, `1.234,5`: the comma must be the decimal mark.
    comma_decimal: u64,
    /// `2.6`, `1,234.5`: the point must be the decimal mark.
    point_decimal: u64,
    /// `1,234,567`, `1,234.5`: the comma must be the thousands separator.
    comma_groups: u64,
    /// `1.234.567`, `1.234,5`: the point must be the thousands separator.
    point_groups: u64,
    /// `1,234`: the comma can be either.
    comma_ambiguous: u64,
    /// `1.234`: the point can be either.
    point_ambiguous: u64,
    /// `1'234`
    apostrophe_groups: u64,
    /// `1 234`
    space_groups: u64,
    /// `985`: integers of up to three digits.
    short_integers: u64,
    /// `9850`: longer integers.
    long_integers: u64,
}

impl StyleCounts {
    /// Adds a number with a fraction that was read with a decimal point.
    #[inline]
    pub(super) fn add_point(&mut self, cell: &str) {
        let bytes = cell.as_bytes();
        let has_three_decimals = bytes.len() >= 5 && bytes[bytes.len() - 4] == b'.';
        if has_three_decimals && separator_role(cell.trim_start_matches(['-', '+']), '.').is_ambiguous() {
            self.point_ambiguous += 1;
        } else {
            self.point_decimal += 1;
        }
        self.numbers += 1;
    }

    /// Adds an integer that was read as it is.
    #[inline]
    pub(super) fn add_integer(&mut self, digits: usize) {
        if digits <= 3 {
            self.short_integers += 1;
        } else {
            self.long_integers += 1;
        }
    }

    /// Adds a price without cents (`1.037,-`): its points, if any, are between thousands.
    pub(super) fn add_without_cents(&mut self, number: &str) {
        self.add(&format!("{number},00"));
    }

    /// Takes points before three digits for separators of thousands, as in amounts of money.
    pub(super) fn group_ambiguous_points(&mut self) {
        if self.point_decimal == 0 && self.comma_groups == 0 {
            self.point_groups += std::mem::take(&mut self.point_ambiguous);
        }
    }

    /// True if points stand before three digits only, beside integers below 1000 and none above: a number with three
    /// decimals would end in fewer at times, and an integer would have three zeros.
    fn are_points_groups(&self) -> bool {
        const MIN_NUMBERS: u64 = 3;
        self.point_decimal == 0
            && self.comma_groups == 0
            && self.long_integers == 0
            && self.short_integers > 0
            && self.point_ambiguous >= MIN_NUMBERS
    }

    /// Adds a cell without units.
    pub(super) fn add(&mut self, cell: &str) {
        let body = cell.strip_prefix(['-', '+', '\u{2212}']).unwrap_or(cell);
        let body = body.strip_suffix('%').map_or(body, str::trim_end);
        let (mantissa, exponent) =
            body.split_once(['e', 'E']).map_or((body, None), |(mantissa, rest)| (mantissa, Some(rest)));
        if mantissa.is_empty() || exponent.is_some_and(|exponent| exponent.parse::<i32>().is_err()) {
            return;
        }
        let ungrouped = self.without_groups(mantissa);
        let mantissa = ungrouped.as_deref().unwrap_or(mantissa);
        let last_comma = mantissa.rfind(',');
        let last_point = mantissa.rfind('.');
        let counter = match (last_comma, last_point) {
            (Some(comma), Some(point)) if comma < point => {
                if !is_grouped(&mantissa[..point], ',') || !is_digits(&mantissa[point + 1..]) {
                    return;
                }
                self.point_decimal += 1;
                &mut self.comma_groups
            }
            (Some(comma), Some(_)) => {
                if !is_grouped(&mantissa[..comma], '.') || !is_digits(&mantissa[comma + 1..]) {
                    return;
                }
                self.comma_decimal += 1;
                &mut self.point_groups
            }
            (Some(_), None) => match separator_role(mantissa, ',') {
                SeparatorRole::Groups => &mut self.comma_groups,
                SeparatorRole::Ambiguous => &mut self.comma_ambiguous,
                SeparatorRole::Decimal => &mut self.comma_decimal,
                SeparatorRole::Invalid => return,
            },
            (None, Some(_)) => match separator_role(mantissa, '.') {
                SeparatorRole::Groups => &mut self.point_groups,
                SeparatorRole::Ambiguous => &mut self.point_ambiguous,
                SeparatorRole::Decimal => &mut self.point_decimal,
                SeparatorRole::Invalid => return,
            },
            (None, None) => {
                if is_digits(mantissa) {
                    self.numbers += 1;
                    self.add_integer(mantissa.len());
                }
                return;
            }
        };
        *counter += 1;
        self.numbers += 1;
    }

    /// Counts groups of three digits between spaces or apostrophes. Returns the number without these; `None`: it has
    /// none.
    fn without_groups(&mut self, mantissa: &str) -> Option<String> {
        if mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',') {
            return None;
        }
        let normalised = mantissa.replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ").replace('\u{2019}', "'");
        let integer = normalised.split(['.', ',']).next().unwrap_or_default();
        let by_space = integer.contains(' ') && is_grouped(integer, ' ');
        let by_apostrophe = integer.contains('\'') && is_grouped(integer, '\'');
        self.space_groups += u64::from(by_space);
        self.apostrophe_groups += u64::from(by_apostrophe);
        (by_space || by_apostrophe).then(|| normalised.replace([' ', '\''], ""))
    }

    /// Adds the counts of a column.
    pub(super) fn merge(&mut self, other: &Self) {
        self.numbers += other.numbers;
        if other.are_points_groups() {
            self.point_groups += other.point_ambiguous;
        } else {
            self.point_ambiguous += other.point_ambiguous;
        }
        self.comma_decimal += other.comma_decimal;
        self.point_decimal += other.point_decimal;
        self.comma_groups += other.comma_groups;
        self.point_groups += other.point_groups;
        self.comma_ambiguous += other.comma_ambiguous;
        self.apostrophe_groups += other.apostrophe_groups;
        self.space_groups += other.space_groups;
    }

    /// The style of most of the numbers. Where all of them are like `1,234`, the comma is the decimal mark if the file's
    /// delimiter is a semicolon, and else the thousands separator.
    pub(super) fn style(&self, is_semicolon: bool) -> NumberStyle {
        let is_ambiguous_comma_decimal = self.comma_decimal > 0 || (is_semicolon && self.comma_groups == 0);
        let commas = self.comma_decimal + if is_ambiguous_comma_decimal { self.comma_ambiguous } else { 0 };
        let are_points_decimal = self.point_groups == 0 && self.comma_decimal == 0 && !self.are_points_groups();
        let points = self.point_decimal + if are_points_decimal { self.point_ambiguous } else { 0 };
        let is_comma = commas > points;
        let point_groups = if is_comma {
            self.point_groups + if self.point_decimal == 0 { self.point_ambiguous } else { 0 }
        } else {
            (self.point_groups + if self.are_points_groups() { self.point_ambiguous } else { 0 })
                * u64::from(points == 0)
        };
        let comma_groups = if is_comma { 0 } else { self.comma_groups + self.comma_ambiguous };
        let groups =
            [(".", point_groups), (",", comma_groups), ("'", self.apostrophe_groups), (" ", self.space_groups)];
        let best = groups.iter().rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0);
        let thousands = best.map(|(separator, _)| (*separator).to_owned());
        let is_comma = is_comma || thousands.as_deref() == Some(".");
        NumberStyle { decimal: if is_comma { DecimalMark::Comma } else { DecimalMark::Point }, thousands }
    }

    /// The style of a column in a file whose other numbers have the style `file`; `None`: the same, as nothing speaks for
    /// another.
    pub(super) fn own_style(&self, file: &NumberStyle, is_semicolon: bool) -> Option<NumberStyle> {
        let own = self.style(is_semicolon);
        if self.are_points_groups() && own != *file && self.unread(&own) <= self.unread(file) {
            return Some(own);
        }
        self.better_style(file, is_semicolon)
    }

    /// The style that reads more numbers of a column than `file` does; `None`: there is none.
    pub(super) fn better_style(&self, file: &NumberStyle, is_semicolon: bool) -> Option<NumberStyle> {
        let own = self.style(is_semicolon);
        let style = |decimal, thousands: Option<&str>| NumberStyle { decimal, thousands: thousands.map(str::to_owned) };
        let others = [
            own,
            style(DecimalMark::Comma, None),
            style(DecimalMark::Point, None),
            style(DecimalMark::Comma, Some(".")),
            style(DecimalMark::Point, Some(",")),
        ];
        let best = others.into_iter().min_by_key(|style| self.unread(style))?;
        (best != *file && self.unread(&best) < self.unread(file)).then_some(best)
    }

    /// Number of numbers that cannot be read in a style.
    fn unread(&self, style: &NumberStyle) -> u64 {
        let groups = style.thousands.as_deref();
        let is_comma = style.decimal == DecimalMark::Comma;
        let count = |count: u64, is_read: bool| if is_read { 0 } else { count };
        count(self.comma_decimal, is_comma)
            + count(self.point_decimal, !is_comma || groups != Some("."))
            + count(self.comma_groups, groups == Some(","))
            + count(self.point_groups, groups == Some("."))
            + count(self.comma_ambiguous, is_comma || groups == Some(","))
            + count(self.apostrophe_groups, groups == Some("'"))
            + count(self.space_groups, groups == Some(" "))
    }
}

/// Role of a comma or point in a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SeparatorRole {
    /// It occurs repeatedly, before groups of three digits.
    Groups,
    /// It occurs once, before three digits.
    Ambiguous,
    /// It occurs once, and no group of three digits follows.
    Decimal,
    /// The text is not a number.
    Invalid,
}

impl SeparatorRole {
    const fn is_ambiguous(self) -> bool {
        matches!(self, Self::Ambiguous)
    }
}

/// Role of `separator` in a number that has no other.
fn separator_role(mantissa: &str, separator: char) -> SeparatorRole {
    let (before, after) = mantissa.split_once(separator).unwrap_or((mantissa, ""));
    if after.contains(separator) {
        return if is_grouped(mantissa, separator) { SeparatorRole::Groups } else { SeparatorRole::Invalid };
    }
    let is_number = (before.is_empty() || is_digits(before)) && (after.is_empty() || is_digits(after));
    match is_number && before.len() + after.len() > 0 {
        true if after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') => {
            SeparatorRole::Ambiguous
        }
        true => SeparatorRole::Decimal,
        false => SeparatorRole::Invalid,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// True if a text is one to three digits, followed by groups of three, or in Indian grouping of two and at last three.
fn is_grouped(text: &str, separator: char) -> bool {
    let groups: Vec<&str> = text.split(separator).collect();
    let [first, inner @ .., last] = groups.as_slice() else { return is_digits(text) && text.len() <= 3 };
    let is_indian = first.len() <= 2 && !inner.is_empty() && inner.iter().all(|group| group.len() == 2);
    groups.iter().all(|group| is_digits(group))
        && (1..=3).contains(&first.len())
        && last.len() == 3
        && (is_indian || inner.iter().all(|group| group.len() == 3))
}
