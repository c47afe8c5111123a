//! Whatever is put into a workbook comes out of it as what it was.

use calamine::{Data, DataType, Ods, Reader, Xlsx};
use dinh_model::Decimal;
use proptest::prelude::*;

use super::*;

/// Texts as somebody would write them who wishes the reader ill.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("=HYPERLINK(\"http://x\")".to_owned()),
        Just("+84 912".to_owned()),
        Just("@SUM(A1)".to_owned()),
        Just("-1".to_owned()),
        Just("]]></t></is></c><c r=\"A1\"><f>1+1</f>".to_owned()),
        Just("_x000D_".to_owned()),
        Just("&#0;&amp;".to_owned()),
        Just("  a  b ".to_owned()),
        Just("\r\n\t\n".to_owned()),
        Just("\u{0}\u{1}\u{b}\u{1b}\u{fffe}\u{ffff}".to_owned()),
        Just("Điều 12 – 😀".to_owned()),
        any::<String>(),
    ];
    proptest::collection::vec(pieces, 0..4).prop_map(|pieces| pieces.concat())
}

/// A text as a workbook can hold it.
fn held(text: &str) -> String {
    let gone = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    xml::unix(text).chars().map(|c| if gone(c) { '\u{fffd}' } else { c }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_text_is_it_stays_a_text_and_that_text(texts in proptest::collection::vec(hostile(), 1..6)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut table = typed();
        table.columns.truncate(1);
        table.data = vec![text_column(&texts)];
        table.note = None;
        for kind in KINDS {
            let file = workbook(kind, &table);
            let (_, range) = read(kind, file.clone());
            let above = top(&layout(&table)).len();
            for (row, text) in texts.iter().enumerate() {
                let cell = range.get_value(((above + row) as u32, 0)).unwrap_or(&Data::Empty);
                let found = match cell {
                    Data::Empty => "",
                    Data::String(found) => found,
                    other => return Err(TestCaseError::fail(format!("{other:?}"))),
                };
                prop_assert_eq!(found, held(text), "{:?}", kind);
            }
            let formulas = match kind {
                Kind::Xlsx => Xlsx::new(Cursor::new(file)).unwrap().worksheet_formula("Bảng xếp hạng PCI năm 2021").unwrap(),
                Kind::Ods => Ods::new(Cursor::new(file)).unwrap().worksheet_formula("Bảng xếp hạng PCI năm 2021").unwrap(),
            };
            prop_assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()));
        }
    }

    #[test]
    fn numbers_are_exact_or_texts(
        numbers in proptest::collection::vec((any::<i64>(), 0_u32..60), 1..20),
        scale in 0_u8..=18,
    ) {
        let mut table = typed();
        table.columns.truncate(1);
        table.columns[0].format = Format::Decimal(scale);
        table.note = None;
        let values: Vec<_> = numbers.iter().map(|(number, shorter)| Some(number >> shorter)).collect();
        table.data = vec![gallery::build::decimals(scale, &values)];
        for kind in KINDS {
            let (_, range) = read(kind, workbook(kind, &table));
            let above = top(&layout(&table)).len();
            for (row, number) in values.iter().enumerate() {
                let found = match range.get_value(((above + row) as u32, 0)).unwrap() {
                    Data::String(text) => text.replace(',', "."),
                    number => number.as_f64().unwrap().to_string(),
                };
                let wanted = Decimal::new(number.unwrap(), u32::from(scale));
                prop_assert_eq!(found.parse::<Decimal>().unwrap(), wanted, "{:?}", kind);
            }
        }
    }
}
