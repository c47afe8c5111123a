//! Mục chi: one row for each key.

use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Rows;

use super::{Listed, Wrong, wrong};
use crate::model::spending::Item;

impl Listed for Item {
    const BLOCK: &'static str = "items";
    const PAGE: &'static str = "/items";
    const KEY: &'static str = "key";

    fn title(request: &Request) -> &str {
        request.say("Tệp mục chi", "File of items")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        vec![
            SheetColumn::integer("order", say("Thứ tự", "Order"), 1, 1000).required(),
            // It becomes the value of choices, which take 256 bytes.
            SheetColumn::new("key", say("Mã", "Key"), FieldKind::Text(TextRange { minimum: 1, maximum: 64 }))
                .required(),
            SheetColumn::text("title", say("Tên mục", "Title")).required(),
            SheetColumn::date("from", say("Áp dụng từ", "From")).required(),
            SheetColumn::date("until", say("Hết hiệu lực từ", "Until")),
            SheetColumn::text("source", say("Căn cứ", "Source")).required(),
        ]
    }

    fn of(request: &Request, rows: &Rows, row: usize) -> Option<Result<Self, Wrong>> {
        let item = Self {
            order: rows.get(row, "order")?,
            key: rows.get(row, "key")?,
            title: rows.get(row, "title")?,
            from: rows.get(row, "from")?,
            until: rows.get(row, "until"),
            source: rows.get(row, "source")?,
        };
        let ends = item.until.is_none_or(|until| until > item.from);
        let message = ("Ngày hết hiệu lực không sau ngày áp dụng", "It ends before it begins");
        let remedy = ("Sửa một trong hai ngày.", "Correct one of the days.");
        Some(if ends { Ok(item) } else { Err(wrong(request, "until", message, remedy)) })
    }

    fn same(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
