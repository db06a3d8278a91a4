//! Guess of the encoding of a table that is not Unicode.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use pinhole_protocol::table::TextEncoding;

/// Bytes of `° ± ² ³ µ · ½` and the like in Latin-1: units of a header, in a table that has no other character.
const SYMBOLS: &[u8] =
    b"\xa0\xa3\xa7\xa9\xae\xb0\xb1\xb2\xb3\xb4\xb5\xb7\xb9\xba\xbc\xbd\xbe\xd7\x80\x96\x97\x91\x92\x93\x94";

/// Bytes of `ä ü é è à á ó ñ ç â ê î ô å ß` and others in Mac OS Roman that are no small letters in Windows-1252, but
/// capitals, signs or nothing at all. `í` is missing: it is the apostrophe of `don’t`.
const MACINTOSH_LETTERS: &[u8] =
    b"\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x93\x94\x95\x96\x97\x98\x99\x9b\x9d\x9f\xa7\xbe\xbf\xcf";

/// `ß` in Mac OS Roman, `§` in Windows-1252, which stands behind no letter.
const MACINTOSH_SHARP_S: u8 = 0xa7;

/// Bytes of small letters in Windows-1252.
const WINDOWS_LETTERS: std::ops::RangeInclusive<u8> = 0xdf..=0xff;

/// The most likely encoding of bytes that are not Unicode, such as those of `pinhole_table::dialect::encoding_sample`:
/// lines of a table with characters other than ASCII.
pub fn guess_encoding(sample: &[u8]) -> TextEncoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let guess = TextEncoding::from_name(guess.name()).unwrap_or(TextEncoding::Windows1252);
    match guess {
        TextEncoding::Windows1252 if is_macintosh(sample) => TextEncoding::Macintosh,
        _ if are_symbols(sample) => TextEncoding::Windows1252,
        _ => guess,
    }
}

/// True if no letter is other than ASCII: single signs, as of `°C`, tell a detector of languages nothing.
fn are_symbols(sample: &[u8]) -> bool {
    let is_alone = |pair: &[u8]| pair[0].is_ascii() || pair[1].is_ascii();
    sample.iter().all(|byte| byte.is_ascii() || SYMBOLS.contains(byte)) && sample.windows(2).all(is_alone)
}

/// True if more bytes within words are letters in Mac OS Roman alone than in Windows-1252. The detector does not know it,
/// as pages of the web are not written so, but tables of spreadsheets on a Mac were.
fn is_macintosh(sample: &[u8]) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let within_words = sample
        .windows(3)
        .filter(|bytes| is_letter(bytes[0]) && (is_letter(bytes[2]) || bytes[1] == MACINTOSH_SHARP_S))
        .map(|bytes| bytes[1]);
    let count = |is_such: fn(&u8) -> bool| within_words.clone().filter(is_such).count();
    count(|byte| MACINTOSH_LETTERS.contains(byte)) > count(|byte| WINDOWS_LETTERS.contains(byte))
}
