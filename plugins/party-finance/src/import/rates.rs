//! Mức đóng: one row for each key and day.

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Rows;

use super::{Listed, Wrong};
use crate::model::Rate;
use crate::pages::rates::choices;

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
            SheetColumn::choice("key", say("Mức", "Rate"), choices(request)).alias("Mã").required(),
            SheetColumn::date("from", say("Áp dụng từ", "From")).required(),
            SheetColumn::decimal("value", say("Giá trị", "Value"), 4, 0, 1_000_000_000).required(),
            SheetColumn::text("source", say("Căn cứ", "Source")).required(),
        ]
    }

    fn of(_: &Request, rows: &Rows, row: usize) -> Option<Result<Self, Wrong>> {
        Some(Ok(Self {
            key: rows.get(row, "key")?,
            from: rows.get(row, "from")?,
            value: rows.get(row, "value")?,
            source: rows.get(row, "source"),
        }))
    }

    fn same(&self, other: &Self) -> bool {
        self.key == other.key && self.from == other.from
    }
}
