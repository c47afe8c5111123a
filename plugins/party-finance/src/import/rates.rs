//! Mức đóng: one row for each key and day.

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Rows;

use super::{Listed, Wrong, wrong};
use crate::model::Rate;
use crate::rules::rates::key;

impl Listed for Rate {
    const BLOCK: &'static str = "rates";
    const PAGE: &'static str = "/rates";
    const KEY: &'static str = "key";

    fn title(request: &Request) -> &str {
        request.say("Tệp mức đóng", "File of rates")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        vec![
            SheetColumn::text("key", say("Mã", "Key")).required(),
            SheetColumn::date("from", say("Áp dụng từ", "From")).required(),
            SheetColumn::decimal("value", say("Giá trị", "Value"), 4, 0, 1_000_000_000).required(),
            SheetColumn::text("source", say("Căn cứ", "Source")).required(),
        ]
    }

    fn of(request: &Request, rows: &Rows, row: usize) -> Option<Result<Self, Wrong>> {
        let rate = Self {
            key: rows.get(row, "key")?,
            from: rows.get(row, "from")?,
            value: rows.get(row, "value")?,
            source: rows.get(row, "source"),
        };
        Some(if key::ALL.contains(&rate.key.as_str()) {
            Ok(rate)
        } else {
            let message = ("Không có mức mang mã này", "There is no such rate");
            Err(wrong(
                request,
                "key",
                message,
                ("Dùng mã có trong bảng mức đóng.", "Use a key of the table."),
            ))
        })
    }

    fn same(&self, other: &Self) -> bool {
        self.key == other.key && self.from == other.from
    }
}
