//! Guess of the column that says to which entity a row belongs: a customer, a machine, an account.

use pinhole_protocol::table::{ColumnKind, ColumnSummary};

/// Fewest rows of an entity on average: of fewer, nothing is usual.
const MIN_ROWS_PER_ENTITY: u64 = 5;
/// Fewest entities of a column that is named after one, and of a column whose values look like keys.
const MIN_NAMED: u64 = 5;
const MIN_KEYS: u64 = 20;
/// Endings that say that a column identifies what the rest of its name names.
const ENDINGS: [&str; 9] = ["id", "nr", "no", "num", "number", "nummer", "code", "key", "ref"];
/// What rows belong to, in lower-case letters: the first that a table has is its entity.
#[rustfmt::skip] // one per line, they are longer than a screen
const NAMES: [&str; 84] = [
    "account", "acct", "customer", "cust", "client", "user", "member", "subscriber", "cardholder", "card", "patient",
    "subject", "employee", "worker", "driver", "player", "student", "machine", "device", "equipment", "asset",
    "sensor", "meter", "turbine", "pump", "motor", "engine", "robot", "tool", "station", "vehicle", "truck", "car",
    "host", "server", "node", "ip", "terminal", "store", "shop", "branch", "merchant", "vendor", "supplier", "product",
    "sku", "konto", "kunde", "kunden", "nutzer", "mitglied", "mitarbeiter", "maschine", "maschinen", "anlage", "gerät",
    "gerat", "geraet", "zähler", "zaehler", "fahrzeug", "filiale", "lieferant", "händler", "haendler", "compte",
    "utilisateur", "capteur", "appareil", "cuenta", "cliente", "usuario", "máquina", "maquina", "conto", "utente",
    "macchina", "conta", "usuário", "rekening", "klant", "klient", "счет", "клиент",
];

/// Index of the column of `columns`, in a table of so many rows, that says to which entity a row belongs; `None` if no
/// column looks like one, or only the label.
pub fn guess_entity(columns: &[ColumnSummary], rows: u64, label: Option<usize>) -> Option<usize> {
    let can_be = |index: usize| {
        let column = &columns[index];
        let is_repeated = column.distinct * MIN_ROWS_PER_ENTITY <= rows.saturating_sub(column.missing);
        let kinds = [ColumnKind::Categorical, ColumnKind::Numeric, ColumnKind::Text];
        Some(index) != label && is_repeated && column.distinct >= MIN_NAMED && kinds.contains(&column.kind)
    };
    let named = (0..columns.len()).filter(|&index| can_be(index));
    let named = named.filter_map(|index| Some((place_of_name(&columns[index].name)?, index))).min();
    let with_keys = || {
        let mut candidates = (0..columns.len()).filter(|&index| can_be(index));
        candidates.find(|&index| {
            let column = &columns[index];
            column.kind == ColumnKind::Categorical && column.distinct >= MIN_KEYS && looks_like_keys(&column.examples)
        })
    };
    named.map(|(_, index)| index).or_else(with_keys)
}

/// Place of a column's name among [`NAMES`].
fn place_of_name(name: &str) -> Option<usize> {
    let name: String = name.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect();
    let name =
        ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).filter(|rest| !rest.is_empty()).unwrap_or(&name);
    NAMES.iter().position(|known| *known == name)
}

/// True if all values are short and have a digit, as `K1042` or `0815` have.
fn looks_like_keys(values: &[String]) -> bool {
    let is_key = |value: &String| {
        let value = value.trim();
        (3..=24).contains(&value.len())
            && value.chars().any(|char| char.is_ascii_digit())
            && value.chars().all(|char| char.is_alphanumeric() || "-_/.".contains(char))
    };
    !values.is_empty() && values.iter().all(is_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: ColumnKind, distinct: u64, example: &str) -> ColumnSummary {
        ColumnSummary { name: name.into(), kind, distinct, examples: vec![example.into()], ..ColumnSummary::default() }
    }

    #[test]
    fn names_come_first_and_then_values() {
        let amount = column("amount", ColumnKind::Numeric, 900, "12.5");
        let merchant = column("merchant", ColumnKind::Categorical, 150, "M17");
        let customer = column("Customer ID", ColumnKind::Categorical, 90, "K1042");
        let key = column("x", ColumnKind::Categorical, 90, "K1042");
        let word = column("colour", ColumnKind::Categorical, 90, "blue");
        let guess = |columns: &[ColumnSummary]| guess_entity(columns, 1000, None);
        assert_eq!(guess(&[amount.clone(), merchant, customer.clone()]), Some(2));
        assert_eq!(guess(&[amount.clone(), key.clone()]), Some(1));
        assert_eq!(guess(&[amount, word]), None);
        assert_eq!(guess_entity(std::slice::from_ref(&key), 1000, Some(0)), None);
        assert_eq!(guess_entity(&[key, customer], 300, None), None, "too few rows of each");
    }
}
