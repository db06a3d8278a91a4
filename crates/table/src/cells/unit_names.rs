//! Names of units, by which a row of them is known, and a unit in few cells of a column.

/// Units in lower case, as loggers write them, beside those that are told by their signs.
const UNITS: [&str; 135] = [
    "s", "sec", "secs", "second", "seconds", "ms", "us", "ns", "min", "mins", "minutes", "h", "hr", "hrs", "hours",
    "d", "day", "days", "week", "month", "year", "yr", "m", "mm", "cm", "dm", "km", "um", "nm", "mi", "ft", "in",
    "inch", "yd", "g", "kg", "mg", "ug", "t", "lb", "lbs", "oz", "v", "mv", "kv", "a", "ma", "ka", "w", "kw", "mw",
    "gw", "kwh", "mwh", "wh", "j", "kj", "mj", "va", "kva", "var", "kvar", "ohm", "ohms", "f", "uf", "hz", "khz",
    "mhz", "ghz", "rpm", "rev", "k", "c", "degc", "deg c", "degf", "deg f", "celsius", "deg", "degrees", "rad", "pa",
    "hpa", "kpa", "mpa", "bar", "mbar", "psi", "atm", "torr", "mmhg", "n", "kn", "nm.", "l", "ml", "dl", "hl", "gal",
    "m2", "m3", "cm2", "cm3", "ppm", "ppb", "ph", "ntu", "db", "dba", "lux", "lx", "lm", "pct", "percent", "eur",
    "usd", "gbp", "knots", "kt", "kmh", "volt", "volts", "amp", "amps", "ampere", "hertz", "watt", "watts", "kelvin",
    "pascal", "newton", "meter", "metre", "minute",
];

/// Words of a row below the names that are no units, but say what the numbers are.
const DESCRIPTIONS: [&str; 26] = [
    "avg",
    "smp",
    "max",
    "min",
    "tot",
    "std",
    "sample",
    "mean",
    "float",
    "double",
    "int",
    "integer",
    "string",
    "text",
    "date",
    "datetime",
    "time",
    "timestamp",
    "ts",
    "rn",
    "bool",
    "boolean",
    "number",
    "utc",
    "yyyy-mm-dd",
    "hh:mm:ss",
];

/// True if a cell is a unit: a known one, one in brackets, or one with a sign that only units have.
pub fn is_known_unit(cell: &str) -> bool {
    let cell = cell.trim();
    let is_bracketed = [('[', ']'), ('(', ')'), ('<', '>')]
        .iter()
        .any(|(open, close)| cell.strip_prefix(*open).is_some_and(|rest| rest.ends_with(*close)));
    is_bracketed
        || UNITS.contains(&cell.to_lowercase().as_str())
        || (cell.chars().count() <= 14
            && !cell.contains(char::is_whitespace)
            && cell.contains(['°', '%', '/', '²', '³', 'µ', 'μ', 'Ω', '^', '·', '$', '€', '‰']))
        || cell.starts_with('°')
}

/// True if a cell describes the values of its column: a statistic, a type, or a rule of dashes.
pub fn is_description(cell: &str) -> bool {
    let cell = cell.trim();
    // The widths of the USGS: 5s, 15s, 20d, 14n.
    let is_width = cell
        .strip_suffix(['s', 'd', 'n'])
        .is_some_and(|width| (1..=3).contains(&width.len()) && width.bytes().all(|byte| byte.is_ascii_digit()));
    DESCRIPTIONS.contains(&cell.to_lowercase().as_str()) || is_width || is_rule_cell(cell)
}

/// True for a part of a rule of dashes, with the colons by which Markdown aligns columns: `---`, `:--:`, `====`, `--+--`.
pub fn is_rule_cell(cell: &str) -> bool {
    let cell = cell.trim();
    let dashes = cell.strip_prefix(':').unwrap_or(cell);
    let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
    cell.len() >= 2 && !dashes.is_empty() && dashes.bytes().all(|byte| matches!(byte, b'-' | b'=' | b'+'))
}
