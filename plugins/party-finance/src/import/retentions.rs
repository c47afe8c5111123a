//! Tỷ lệ trích giữ lại: one row for each kind, level and day.

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Rows;

use super::{Listed, Wrong};
use crate::model::division::Retention;
use crate::pages::organisations::{bases, kinds, levels};

impl Listed for Retention {
    const BLOCK: &'static str = "retentions";
    const PAGE: &'static str = "/organisations";
    const KEY: &'static str = "kind";

    fn title(request: &Request) -> &str {
        request.say("Tệp tỷ lệ trích giữ lại", "File of shares")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        vec![
            SheetColumn::choice("kind", say("Loại hình", "Kind"), kinds(request)).required(),
            SheetColumn::choice("level", say("Cấp", "Level"), levels(request)).required(),
            SheetColumn::date("from", say("Áp dụng từ", "From")).required(),
            SheetColumn::decimal("percent", say("Được trích giữ lại (%)", "Retained (%)"), 4, 0, 100)
                .required(),
            SheetColumn::choice("basis", say("Tính trên", "Of"), bases(request)).required(),
            SheetColumn::text("source", say("Căn cứ", "Source")).required(),
        ]
    }

    fn of(_: &Request, rows: &Rows, row: usize) -> Option<Result<Self, Wrong>> {
        Some(Ok(Self {
            kind: rows.get(row, "kind")?,
            level: rows.get(row, "level")?,
            from: rows.get(row, "from")?,
            percent: rows.get(row, "percent")?,
            basis: rows.get(row, "basis")?,
            source: rows.get(row, "source")?,
        }))
    }

    fn same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.level == other.level && self.from == other.from
    }
}
