//! No bytes make reading panic.

use proptest::prelude::*;

use super::book::{book, number_cell, text_cell};
use super::read_bytes;

fn good_book() -> Vec<u8> {
    let heads = [text_cell("A1", "Năm"), text_cell("B1", "Tỉnh"), text_cell("C1", "CSTP2")].concat();
    let row =
        [number_cell("A2", "2021", 0), text_cell("B2", "Quảng Ninh"), number_cell("C2", "7.39", 1)].concat();
    book(&format!("<row r=\"1\">{heads}</row><row r=\"2\">{row}</row>"))
}

proptest! {
    #[test]
    fn random_bytes_are_a_sheet_or_an_error(bytes: Vec<u8>) {
        let _outcome = read_bytes(&bytes);
    }

    #[test]
    fn random_text_is_a_sheet_or_an_error(rest in "[\\PC\n\r\t\";,]{0,200}") {
        let _outcome = read_bytes(rest.as_bytes());
        let file = format!("Năm;Tỉnh;CSTP2\n{rest}");
        if let Ok(sheet) = read_bytes(file.as_bytes()) {
            for column in &sheet.columns {
                prop_assert_eq!(column.values.len(), sheet.rows());
                prop_assert_eq!(column.wrong.len(), sheet.rows());
            }
            prop_assert_eq!(sheet.good_rows().len(), sheet.rows());
            for problem in &sheet.problems {
                prop_assert_eq!(sheet.lines[problem.row as usize], problem.line);
                prop_assert!(!problem.message.is_empty() && !problem.remedy.is_empty());
            }
        }
    }

    #[test]
    fn a_truncated_workbook_is_an_error(cut in 0.0_f64..1.0) {
        let book = good_book();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let length = (book.len() as f64 * cut) as usize;
        prop_assert!(read_bytes(&book[..length]).is_err());
    }

    #[test]
    fn a_damaged_workbook_is_a_sheet_or_an_error(at: prop::sample::Index, byte: u8) {
        let mut book = good_book();
        let at = at.index(book.len());
        book[at] = byte;
        let _outcome = read_bytes(&book);
    }

    #[test]
    fn random_markup_in_a_workbook_is_a_sheet_or_an_error(markup in "(<row r=\"[0-9A-Z]{0,8}\">|<c r=\"[A-Z0-9]{0,8}\" t=\"[a-z]{0,3}\" s=\"[0-9]{0,3}\">|<v>[0-9.eE-]{0,12}</v>|</c>|</row>|&#x[0-9a-f]{0,6};|[a-z<>&\"]{0,5}){0,20}") {
        let _outcome = read_bytes(&book(&markup));
    }
}

#[test]
fn the_workbook_that_is_damaged_above_is_good() {
    assert!(read_bytes(&good_book()).is_ok());
}
