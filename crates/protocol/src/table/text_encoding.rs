//! Text encodings of files: those of the Encoding Standard that keep ASCII as it is, and UTF-16.

use serde::{Deserialize, Serialize};

/// Character encoding. It is serialised as its [`TextEncoding::label`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
#[allow(missing_docs)] // `ENCODINGS` describes each
pub enum TextEncoding {
    #[default]
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
    Windows1250,
    Iso8859_2,
    Windows1257,
    Windows1254,
    Windows1258,
    Iso8859_3,
    Iso8859_4,
    Iso8859_10,
    Iso8859_13,
    Iso8859_14,
    Iso8859_15,
    Iso8859_16,
    Macintosh,
    Windows1251,
    Koi8R,
    Koi8U,
    Iso8859_5,
    Ibm866,
    Windows1253,
    Iso8859_7,
    Windows1255,
    Iso8859_8,
    Windows1256,
    Iso8859_6,
    Windows874,
    ShiftJis,
    EucJp,
    Gb18030,
    Big5,
    EucKr,
}

/// Names of an encoding.
struct Names {
    encoding: TextEncoding,
    /// Name in the Encoding Standard, in lower case.
    label: &'static str,
    /// Name as people say it, with the languages that are written in it.
    title: &'static str,
    /// Group of a menu.
    script: &'static str,
    /// Other names, in lower case.
    aliases: &'static [&'static str],
}

const fn names(
    encoding: TextEncoding,
    label: &'static str,
    title: &'static str,
    script: &'static str,
    aliases: &'static [&'static str],
) -> Names {
    Names { encoding, label, title, script, aliases }
}

const UNICODE: &str = "Unicode";
const LATIN: &str = "Latin letters";
const CYRILLIC: &str = "Cyrillic letters";
const GREEK: &str = "Greek letters";
const HEBREW_TO_THAI: &str = "Hebrew, Arabic, Thai";
const EAST_ASIA: &str = "Japanese, Chinese, Korean";

/// Every encoding, in the order of [`TextEncoding`]'s variants and of menus: by script, the most usual first.
const ENCODINGS: [Names; 34] = {
    use TextEncoding as E;
    [
        names(E::Utf8, "utf-8", "UTF-8", UNICODE, &["utf8"]),
        names(E::Utf16Le, "utf-16le", "UTF-16, little-endian", UNICODE, &["utf-16", "utf16", "utf16le"]),
        names(E::Utf16Be, "utf-16be", "UTF-16, big-endian", UNICODE, &["utf16be"]),
        // The Encoding Standard reads Latin-1 and ASCII so too.
        names(
            E::Windows1252,
            "windows-1252",
            "Windows-1252, Latin-1 (Western European)",
            LATIN,
            &["latin-1", "latin1", "iso-8859-1", "iso8859-1", "cp1252", "ansi", "ascii"],
        ),
        names(E::Windows1250, "windows-1250", "Windows-1250 (Central European)", LATIN, &["cp1250"]),
        names(E::Iso8859_2, "iso-8859-2", "ISO 8859-2 (Central European)", LATIN, &["latin-2", "latin2"]),
        names(E::Windows1257, "windows-1257", "Windows-1257 (Baltic)", LATIN, &["cp1257"]),
        names(E::Windows1254, "windows-1254", "Windows-1254 (Turkish)", LATIN, &["cp1254", "iso-8859-9", "latin5"]),
        names(E::Windows1258, "windows-1258", "Windows-1258 (Vietnamese)", LATIN, &["cp1258"]),
        names(E::Iso8859_3, "iso-8859-3", "ISO 8859-3 (Maltese, Esperanto)", LATIN, &["latin-3", "latin3"]),
        names(E::Iso8859_4, "iso-8859-4", "ISO 8859-4 (Baltic)", LATIN, &["latin-4", "latin4"]),
        names(E::Iso8859_10, "iso-8859-10", "ISO 8859-10 (Nordic)", LATIN, &["latin-6", "latin6"]),
        names(E::Iso8859_13, "iso-8859-13", "ISO 8859-13 (Baltic)", LATIN, &["latin-7", "latin7"]),
        names(E::Iso8859_14, "iso-8859-14", "ISO 8859-14 (Celtic)", LATIN, &["latin-8", "latin8"]),
        names(E::Iso8859_15, "iso-8859-15", "ISO 8859-15 (Western European)", LATIN, &["latin-9", "latin9"]),
        names(E::Iso8859_16, "iso-8859-16", "ISO 8859-16 (Romanian)", LATIN, &["latin-10", "latin10"]),
        names(E::Macintosh, "macintosh", "Mac OS Roman (Western European)", LATIN, &["mac", "mac-roman", "macroman"]),
        names(E::Windows1251, "windows-1251", "Windows-1251 (Cyrillic)", CYRILLIC, &["cp1251"]),
        names(E::Koi8R, "koi8-r", "KOI8-R (Russian)", CYRILLIC, &["koi8"]),
        names(E::Koi8U, "koi8-u", "KOI8-U (Ukrainian)", CYRILLIC, &[]),
        names(E::Iso8859_5, "iso-8859-5", "ISO 8859-5 (Cyrillic)", CYRILLIC, &["cyrillic"]),
        names(E::Ibm866, "ibm866", "IBM 866 (Cyrillic, DOS)", CYRILLIC, &["cp866", "866"]),
        names(E::Windows1253, "windows-1253", "Windows-1253 (Greek)", GREEK, &["cp1253"]),
        names(E::Iso8859_7, "iso-8859-7", "ISO 8859-7 (Greek)", GREEK, &["greek"]),
        names(E::Windows1255, "windows-1255", "Windows-1255 (Hebrew)", HEBREW_TO_THAI, &["cp1255"]),
        names(E::Iso8859_8, "iso-8859-8", "ISO 8859-8 (Hebrew)", HEBREW_TO_THAI, &["hebrew"]),
        names(E::Windows1256, "windows-1256", "Windows-1256 (Arabic)", HEBREW_TO_THAI, &["cp1256"]),
        names(E::Iso8859_6, "iso-8859-6", "ISO 8859-6 (Arabic)", HEBREW_TO_THAI, &["arabic"]),
        names(E::Windows874, "windows-874", "Windows-874 (Thai)", HEBREW_TO_THAI, &["cp874", "tis-620", "iso-8859-11"]),
        names(E::ShiftJis, "shift_jis", "Shift JIS (Japanese)", EAST_ASIA, &["shift-jis", "sjis", "cp932", "ms932"]),
        names(E::EucJp, "euc-jp", "EUC-JP (Japanese)", EAST_ASIA, &["eucjp"]),
        // The Encoding Standard decodes GBK as GB18030, which contains it.
        names(E::Gb18030, "gb18030", "GBK, GB18030 (simplified Chinese)", EAST_ASIA, &["gbk", "gb2312", "cp936"]),
        names(E::Big5, "big5", "Big5 (traditional Chinese)", EAST_ASIA, &["big5-hkscs", "cp950"]),
        names(E::EucKr, "euc-kr", "EUC-KR (Korean)", EAST_ASIA, &["euckr", "cp949", "uhc"]),
    ]
};

impl TextEncoding {
    /// Every encoding, in the order of menus.
    pub const ALL: [Self; ENCODINGS.len()] = {
        let mut all = [Self::Utf8; ENCODINGS.len()];
        let mut index = 0;
        while index < all.len() {
            all[index] = ENCODINGS[index].encoding;
            index += 1;
        }
        all
    };

    const fn names(self) -> &'static Names {
        &ENCODINGS[self as usize]
    }

    /// Name in the Encoding Standard, in lower case.
    pub const fn label(self) -> &'static str {
        self.names().label
    }

    /// Name as people say it, with the languages that are written in it: `Shift JIS (Japanese)`.
    pub const fn title(self) -> &'static str {
        self.names().title
    }

    /// Heading of the encodings of the same script in a menu.
    pub const fn script(self) -> &'static str {
        self.names().script
    }

    /// The encoding with a label or another usual name, in any case, such as `Latin-1` or `cp932`.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let is_named = |names: &&Names| names.label == name || names.aliases.contains(&name.as_str());
        ENCODINGS.iter().find(is_named).map(|names| names.encoding)
    }
}

impl From<TextEncoding> for &'static str {
    fn from(encoding: TextEncoding) -> Self {
        encoding.label()
    }
}

impl TryFrom<String> for TextEncoding {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::from_name(&name).ok_or_else(|| format!("\"{name}\" is no known encoding"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_is_at_its_place_and_known_by_its_names() {
        for (index, encoding) in TextEncoding::ALL.into_iter().enumerate() {
            assert_eq!(encoding as usize, index, "{encoding:?}");
            let names = encoding.names();
            for name in std::iter::once(&names.label).chain(names.aliases) {
                assert_eq!(TextEncoding::from_name(name), Some(encoding), "{name}");
                assert_eq!(*name, name.to_ascii_lowercase());
            }
        }
        assert_eq!(TextEncoding::from_name("Shift_JIS"), Some(TextEncoding::ShiftJis));
        assert_eq!(TextEncoding::from_name("utf-7"), None);
    }
}
