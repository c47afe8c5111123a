//! Mục chi: the items that estimates and vouchers name.

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use crate::import;
use crate::model::spending::Item;
use crate::permission;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let rows = Item::load()?;
    let table = Table::of("item-list", &rows)
        .column(Head::new("order", say("Thứ tự", "Order")).narrow(), |row| row.order)
        .column(Head::new("title", say("Tên mục", "Title")).wide(), |row| row.title.as_str())
        .column(Head::new("from", say("Áp dụng từ", "From")).format(Format::Date), |row| row.from)
        .column(Head::new("until", say("Hết hiệu lực từ", "Until")).format(Format::Date), |row| {
            row.until
        })
        .column(Head::new("key", say("Mã", "Key")).format(Format::Code), |row| row.key.as_str())
        .column(Head::new("source", say("Căn cứ", "Source")).wide(), |row| row.source.as_str())
        .build()
        .empty(say("Chưa có mục chi nào.", "No items yet."));
    let page = Page::new(say("Mục chi", "Items of expenses")).block(table);
    if !access::may_somewhere(permission::RATES) {
        return Ok(page);
    }
    let form = Form::new("item", say("Ghi", "Record"))
        .field(Field::of(Item::KEY, say("Mã", "Key")).at_most(40).width(3))
        .field(Field::of(Item::TITLE, say("Tên mục", "Title")).at_most(200).width(6))
        .field(Field::of(Item::ORDER, say("Thứ tự", "Order")).between(1, 1000).width(3))
        .field(Field::of(Item::FROM, say("Áp dụng từ", "From")).width(3))
        .field(Field::of(Item::UNTIL, say("Hết hiệu lực từ", "Until")).width(3))
        .field(Field::of(Item::SOURCE, say("Căn cứ", "Source")).at_most(300).width(6));
    Ok(page
        .section(Section::new("new-item", say("Ghi mục chi", "Record an item")).collapsed().block(form))
        .section(
            Section::new("import", say("Nhập từ tệp", "Import"))
                .collapsed()
                .block(import::block::<Item>(request)?),
        ))
}
