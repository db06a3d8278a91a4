//! Settings per table: a person's choices, which are taken up for every file with the same header.

use pinhole_protocol::table::{ColumnPlan, DetectorPlan, Dialect, LabelPlan};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::{
    database::{Store, Transaction},
    error::StorageError,
    runs::to_value,
};
use crate::js_deserializer;

/// Most headers whose settings are kept; those stored longest ago go first.
const MOST: usize = 100;

/// A person's choices for tables with one header. What was left as guessed is not among them, as another file may have
/// another guess.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableSettings {
    /// Fingerprint of the header, as it was guessed when a file was opened.
    pub header: String,
    /// Corrections of the dialect.
    pub dialect: Option<DialectChoice>,
    /// Columns whose kind or use was changed.
    pub columns: Vec<ColumnPlan>,
    pub label: LabelChoice,
    #[serde(default)]
    pub entity: EntityChoice,
    /// Settings of the detector; its columns, label and entity are above.
    pub plan: DetectorPlan,
    /// Time of storage, in milliseconds since 1970.
    pub stored_at_ms: f64,
}

/// Choice of the label column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelChoice {
    /// The guess stands.
    #[default]
    Guessed,
    /// No column labels anomalies.
    Absent,
    /// A column, and its values that mark an anomaly.
    Column(LabelPlan),
}

/// Choice of the entity column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityChoice {
    /// The guess stands.
    #[default]
    Guessed,
    /// Rows belong to no entity.
    Absent,
    /// A column.
    Column(String),
}

/// Corrections of a dialect: the settings in which `chosen` differs from `guessed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DialectChoice {
    pub guessed: Dialect,
    pub chosen: Dialect,
}

impl TableSettings {
    /// Settings for a header without any choice.
    pub fn new(header: String) -> Self {
        Self {
            header,
            dialect: None,
            columns: Vec::new(),
            label: LabelChoice::default(),
            entity: EntityChoice::default(),
            plan: DetectorPlan::default(),
            stored_at_ms: 0.0,
        }
    }

    /// True if everything is as guessed or by default.
    pub fn is_default(&self) -> bool {
        *self == Self { stored_at_ms: self.stored_at_ms, ..Self::new(self.header.clone()) }
    }
}

/// Calls a macro with the name of each setting of a dialect that holds for other files with the same header too: the end
/// of the table does not.
macro_rules! for_each_setting {
    ($action:ident) => {
        $action!(
            encoding delimiter quote escape skips_spaces has_header header_rows units_rows preamble_rows comment
            decimal thousands day_first missing_markers columns
        )
    };
}

impl DialectChoice {
    /// Corrections after a person has changed the dialect `before` of a file to `chosen`; `None` if it is as guessed.
    /// Earlier corrections stay where this change leaves them.
    pub fn new(earlier: Option<&Self>, guessed: &Dialect, before: &Dialect, chosen: &Dialect) -> Option<Self> {
        let mut choice = Self { guessed: guessed.clone(), chosen: chosen.clone() };
        if let Some(earlier) = earlier {
            macro_rules! keep_earlier {
                ($($setting:ident)*) => {
                    $(if chosen.$setting == before.$setting {
                        choice.guessed.$setting.clone_from(&earlier.guessed.$setting);
                        choice.chosen.$setting.clone_from(&earlier.chosen.$setting);
                    })*
                };
            }
            for_each_setting!(keep_earlier);
        }
        (choice.guessed != choice.chosen).then_some(choice)
    }

    /// The guess for a file, corrected.
    pub fn applied_to(&self, guessed: &Dialect) -> Dialect {
        let mut dialect = guessed.clone();
        macro_rules! correct {
            ($($setting:ident)*) => {
                $(if self.chosen.$setting != self.guessed.$setting {
                    dialect.$setting.clone_from(&self.chosen.$setting);
                })*
            };
        }
        for_each_setting!(correct);
        dialect
    }
}

/// Fingerprint of a header: FNV-1a, 64 bits, of the columns' number and names, in hexadecimal.
pub fn header_fingerprint<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut bytes = names.len().to_string().into_bytes();
    for name in names {
        // The byte is in no text, so that names cannot run into each other.
        bytes.push(0xff);
        bytes.extend_from_slice(name.as_bytes());
    }
    let hash = bytes.iter().fold(OFFSET_BASIS, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    format!("{hash:016x}")
}

/// Stores settings under their header; settings without any choice are deleted there.
///
/// # Errors
/// When the browser refuses.
pub async fn store_table_settings(settings: &TableSettings) -> Result<(), StorageError> {
    let value = to_value(settings)?;
    let transaction = Transaction::write().await?;
    if settings.is_default() {
        transaction.delete(Store::Tables, &settings.header)?;
    } else {
        transaction.put(Store::Tables, &settings.header, &value)?;
    }
    transaction.done().await?;
    delete_excess().await
}

async fn delete_excess() -> Result<(), StorageError> {
    let values = Transaction::read().await?.get_all(Store::Tables).await?;
    let mut all: Vec<TableSettings> =
        values.iter().filter_map(|value: JsValue| js_deserializer::decode(value).ok()).collect();
    if all.len() <= MOST {
        return Ok(());
    }
    all.sort_by(|one, other| other.stored_at_ms.total_cmp(&one.stored_at_ms));
    let transaction = Transaction::write().await?;
    for old in &all[MOST..] {
        transaction.delete(Store::Tables, &old.header)?;
    }
    transaction.done().await
}

/// Loads the settings for a header, if there are any.
///
/// # Errors
/// When the browser refuses.
pub async fn load_table_settings(header: &str) -> Result<Option<TableSettings>, StorageError> {
    let value = Transaction::read().await?.get(Store::Tables, header).await?;
    // Settings of another version count as none.
    Ok(js_deserializer::decode(value).ok())
}

/// Number of headers with settings.
///
/// # Errors
/// When the browser refuses.
pub async fn count_table_settings() -> Result<usize, StorageError> {
    Ok(Transaction::read().await?.get_all(Store::Tables).await?.length() as usize)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn headers_with_other_names_or_another_number_of_them_differ() {
        let fingerprints = [&["a", "b"][..], &["ab"], &["b", "a"], &["a", "b", ""], &[]]
            .map(|names| header_fingerprint(names.iter().copied()));
        for (index, one) in fingerprints.iter().enumerate() {
            assert_eq!(one.len(), 16);
            assert!(fingerprints[..index].iter().all(|other| other != one), "{index}");
        }
        // FNV-1a of the bytes `2 ff a ff b`, by Python.
        assert_eq!(fingerprints[0], "984b7d77e29473fc");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn only_corrections_of_a_dialect_are_applied_to_another_file() {
        let guessed = Dialect::default();
        let chosen = Dialect { missing_markers: vec!["-200".into()], ..guessed.clone() };
        let choice = DialectChoice::new(None, &guessed, &guessed, &chosen).expect("it is a correction");
        let other = Dialect { delimiter: ";".into(), ..Dialect::default() };
        let corrected = choice.applied_to(&other);
        assert_eq!(corrected, Dialect { missing_markers: chosen.missing_markers.clone(), ..other.clone() });

        // In a file for which the guess has the marker already, the quote is corrected too.
        let guessed = corrected;
        let chosen = Dialect { quote: None, ..guessed.clone() };
        let both = DialectChoice::new(Some(&choice), &guessed, &guessed, &chosen).expect("it is a correction");
        let expected = Dialect { quote: None, missing_markers: vec!["-200".into()], ..Dialect::default() };
        assert_eq!(both.applied_to(&Dialect::default()), expected);
        assert_eq!(DialectChoice::new(None, &guessed, &chosen, &guessed), None, "it is as guessed");
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use pinhole_protocol::table::{ColumnKind, Method};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    async fn settings_are_stored_under_their_header_until_nothing_is_chosen() {
        let header = header_fingerprint(["flow", "state"].into_iter());
        let fresh = TableSettings::new(header.clone());
        let guessed = Dialect::default();
        let chosen = Dialect { quote: None, preamble_rows: 2, ..guessed.clone() };
        let label = LabelPlan { column: "state".into(), anomalous_values: vec!["fault".into()] };
        let settings = TableSettings {
            dialect: DialectChoice::new(None, &guessed, &guessed, &chosen),
            columns: vec![ColumnPlan { name: "flow".into(), kind: ColumnKind::Categorical, used: false }],
            label: LabelChoice::Column(label),
            plan: DetectorPlan { method: Method::Pca, seed: 7, ..DetectorPlan::default() },
            stored_at_ms: 1.0,
            ..fresh.clone()
        };
        store_table_settings(&settings).await.expect("storage");
        assert_eq!(load_table_settings(&header).await, Ok(Some(settings.clone())));
        assert_eq!(load_table_settings("another").await, Ok(None));
        let absent = TableSettings { label: LabelChoice::Absent, dialect: None, ..settings };
        store_table_settings(&absent).await.expect("storage");
        assert_eq!(load_table_settings(&header).await, Ok(Some(absent)));
        store_table_settings(&fresh).await.expect("storage");
        assert_eq!(load_table_settings(&header).await, Ok(None));
    }
}
