//! JSON and JSON Lines.

use pinhole_protocol::table::FileFormat;
use pinhole_table::conversion::ConvertedText;

use super::{HEADINGS, convert, file, refusal, write_scored};

#[test]
fn json_of_every_usual_shape_is_one_table() {
    let expected = "a,b\n1,x\n2.50,\n";
    for text in [
        r#"[{"a": 1, "b": "x"}, {"a": 2.50, "b": null}]"#,
        "{\"a\": 1, \"b\": \"x\"}\r\n{\"a\": 2.50}\r\n",
        "\u{feff}\n{\"a\": 1, \"b\": \"x\"}{\"a\": 2.50, \"b\": NaN}",
        r#"{"a": [1, 2.50], "b": ["x", null]}"#,
        r#"{"a": {"0": 1, "1": 2.50}, "b": {"0": "x", "1": null}}"#,
        r#"{"columns": ["a", "b"], "index": [0, 1], "data": [[1, "x"], [2.50, null]]}"#,
        r#"{"status": "ok", "result": {"rows": [{"a": 1, "b": "x"}, {"a": 2.50}]}}"#,
    ] {
        let converted = convert(vec![file("t.json", text)], None).expect(text);
        assert_eq!(converted.text, expected, "{text}");
        assert_eq!(converted.written, ConvertedText::NamedRecords);
    }
    let rows = convert(vec![file("rows.json", r#"[["a", "b"], [1, "x"], [2, "y, z"]]"#)], None).expect("rows");
    assert_eq!((rows.text.as_str(), rows.written), ("a,b\n1,x\n2,\"y, z\"\n", ConvertedText::Records));
    let by_name = r#"{"p": {"a": 1, "b": "x"}, "q": {"a": 2}}"#;
    let by_name = convert(vec![file("index.json", by_name)], None).expect("records by name");
    assert_eq!(by_name.text, "index,a,b\np,1,x\nq,2,\n");
}

#[test]
fn columns_are_the_union_of_all_records_and_structures_are_flattened() {
    let text = "{\"id\": 12345678901234567890, \"at\": {\"x\": 1, \"y\": [1, 2]}}\n{\"new\": true, \"at\": {}}\n";
    let converted = convert(vec![file("t.jsonl", text)], None).expect("records");
    assert_eq!(converted.text, "id,at.x,at.y,new,at\n12345678901234567890,1,\"[1, 2]\",,\n,,,true,{}\n");
    assert_eq!(converted.origin.format, FileFormat::JsonLines);
}

#[test]
fn the_tables_of_a_document_can_be_chosen() {
    let text = r#"{"meta": {"v": 1}, "a": [{"x": 1}, {"x": 2}], "deep": {"b": [{"y": 3}]}}"#;
    let first = convert(vec![file("t.json", text)], None).expect("a table");
    assert_eq!(first.origin.parts, ["a", "deep.b"]);
    assert!(first.origin.remarks[0].contains("“a” is read; there are 2"), "{:?}", first.origin.remarks);
    assert_eq!(convert(vec![file("t.json", text)], Some(1)).expect("a table").text, "y\n3\n");
}

#[test]
fn json_that_is_no_table_is_refused_with_the_record() {
    for (text, part) in [
        ("[1, 2, 3]", "record 1"),
        ("[{\"a\": 1}, {\"a\": ]", "record 2"),
        ("[{\"a\": 1}, 7]", "record 2"),
        ("{\"a\": 1}\n{\"a\": 2\n", "record 2"),
        ("[]", "empty"),
        ("{\"a\": [}", "record 1"),
    ] {
        let sentence = refusal(vec![file("t.json", text)]);
        assert!(sentence.contains("t.json") && sentence.contains(part), "{text}: {sentence}");
    }
    let deep = format!("[{{\"a\": {}1{}}}]", "[".repeat(100_000), "]".repeat(100_000));
    let _ = convert(vec![file("deep.json", deep)], None).map(|converted| converted.text);
}

#[test]
fn scores_become_fields_of_each_record_and_all_other_bytes_stay() {
    let source = file("t.json", "[\n  {\"a\": 1.50, \"c\": [1]},\n  {},\n  {\"a\": 2 }\n]\n");
    let scored = format!("a,c{HEADINGS}\n1.50,[1],0.25,0.5,0,a,c,\n,\n2,,3.5,1,1,\"a \"\"b\"\"\",,\n");
    let written = String::from_utf8(write_scored(&source, &scored, 2)).expect("UTF-8");
    assert_eq!(
        written,
        "[\n  {\"a\": 1.50, \"c\": [1], \"score\": 0.25, \"percentile\": 0.5, \"flag\": false, \"top_column_1\": \"a\", \
         \"top_column_2\": \"c\", \"top_column_3\": null},\n  {},\n  {\"a\": 2 , \"score\": 3.5, \"percentile\": 1, \
         \"flag\": true, \"top_column_1\": \"a \\\"b\\\"\", \"top_column_2\": null, \"top_column_3\": null}\n]\n"
    );
}
