//! The browser's decoder gives what `encoding_rs` does: golden values of every kind of encoding.
#![cfg(target_family = "wasm")]

use pinhole_protocol::table::{Dialect, TextEncoding};
use pinhole_table::{
    records::{RecordBatch, RecordReader},
    source::{Content, MemorySource},
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn cells_are_decoded_as_natively() {
    // Encoding, bytes of a cell, and the text that encoding_rs makes of them.
    let cells: [(TextEncoding, &[u8], &str); 12] = [
        (TextEncoding::ShiftJis, b"\x95\x5c\x8e\xa6\x83\x5c\x83\x74\x83\x67 \xb1", "表示ソフト ｱ"),
        (TextEncoding::EucJp, b"\xc5\xec\xb5\xfe \x8e\xb1", "東京 ｱ"),
        (TextEncoding::Gb18030, b"\xb1\xb1\xbe\xa9 \x81\x30\x81\x30", "北京 \u{80}"),
        (TextEncoding::Big5, b"\xbb\x4f\xa5\x5f \xa5\x5c\xaf\xe0", "臺北 功能"),
        (TextEncoding::EucKr, b"\xbc\xad\xbf\xef \x8c\x63", "서울 똠"),
        (TextEncoding::Koi8R, b"\xed\xcf\xd3\xcb\xd7\xc1", "Москва"),
        (TextEncoding::Windows1251, b"\xcc\xee\xf1\xea\xe2\xe0", "Москва"),
        (TextEncoding::Ibm866, b"\x8c\xae\xe1\xaa\xa2\xa0", "Москва"),
        (TextEncoding::Iso8859_2, b"\xa3\xf3d\xbc", "Łódź"),
        (TextEncoding::Windows874, b"\xca\xb6\xd2\xb9\xd0", "สถานะ"),
        (TextEncoding::Macintosh, b"K\x9anig", "König"),
        // A lead byte at the end of a cell leaves the next cell as it is.
        (TextEncoding::Big5, b"\xa5\x5c\xa5", "功\u{fffd}"),
    ];
    for (encoding, cell, text) in cells {
        let bytes = [cell, b",next\n", cell, b",\xff\n"].concat();
        let dialect = Dialect { encoding, has_header: false, ..Dialect::default() };
        let mut content = Content::open(Box::new(MemorySource::new("t.csv", bytes))).expect("it is text");
        let mut reader = RecordReader::new(&mut content, &dialect).expect("it is a table");
        let mut batch = RecordBatch::default();
        assert!(reader.next_batch(&mut content, &mut batch).expect("it can be read"));
        assert_eq!(batch.record(0).cells().collect::<Vec<_>>(), [text, "next"], "{encoding:?}");
        assert_eq!(batch.record(1).cell(0), text, "{encoding:?}");
    }
}
