//! What stands in a workbook around the rows of an exported table: what it is, how confidential, from when, who took it
//! out and when; below them its note.

use dinh_model::{Label, Timestamp, time};
use dinh_runtime::bindings::views::{Page, Table};

use super::draw::label;
use crate::directory::Directory;
use crate::format;
use crate::visitor::Visitor;
use crate::workbook::{Layout, Line, sheet_name};

/// The layout of a table of a page, for a visitor who began to export it at `began`.
pub fn layout<'a>(
    visitor: &Visitor,
    directory: &dyn Directory,
    page: &Page,
    table: &'a Table,
    began: Timestamp,
) -> Layout<'a> {
    let texts = visitor.texts();
    let caption = table.caption.as_ref().filter(|caption| **caption != page.title);
    let mut lines: Vec<String> = caption.into_iter().chain(&page.subtitle).cloned().collect();
    let label = label(page.label);
    if label > Label::Ordinary {
        lines.push(marked(visitor, label));
    }
    if let Some(moment) = page.as_of.and_then(time::from_microseconds) {
        lines.push(texts.with("page-as-of", &[("moment", &format::instant(moment))]));
    }
    if let Some(session) = &visitor.session {
        let account = &session.account;
        if let Some(unit) = directory.unit(account.unit) {
            lines.push(texts.with("export-unit", &[("unit", &unit)]));
        }
        let name = format!("{} ({})", account.full_name, account.login);
        let lender = session.on_behalf_of.and_then(|lender| directory.person(lender));
        lines.push(match lender {
            Some(lender) => texts.with("export-by-for", &[("who", &name), ("whom", &lender.text)]),
            None => texts.with("export-by", &[("who", &name)]),
        });
    }
    lines.push(texts.with("export-at", &[("moment", &format::instant(began))]));
    let title = Line { text: page.title.clone(), title: true };
    let lines = lines.into_iter().map(|text| Line { text, title: false });
    Layout {
        sheet: sheet_name(table.caption.as_ref().unwrap_or(&page.title), &table.id),
        lines: std::iter::once(title).chain(lines).collect(),
        columns: table.columns.iter().collect(),
    }
}

/// The lines below the table: the note of its last part, and how confidential the whole is where a later part is more so
/// than what stands above says.
pub fn below(visitor: &Visitor, table: &Table, above: Label, highest: Label) -> Vec<String> {
    let raised = (highest > above).then(|| marked(visitor, highest));
    table.note.iter().cloned().chain(raised).collect()
}

/// The line that says how confidential a file is.
fn marked(visitor: &Visitor, label: Label) -> String {
    visitor.texts().with("export-label", &[("label", label.name(visitor.language))])
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use dinh_model::Language;
    use dinh_runtime::bindings::types;

    use super::*;
    use crate::gallery;
    use crate::village::Village;
    use crate::visitor::{By, Wants};

    #[test]
    fn a_confidential_page_and_one_of_another_day_say_so_above_their_tables() {
        let visitor = Visitor {
            session: None,
            by: By::Cookie,
            token: None,
            ended: false,
            language: Language::Vi,
            wants: Wants::Html,
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            secure: true,
            here: "/".to_owned(),
            sends: false,
            same_origin: true,
        };
        let table = gallery::ranking();
        let moment = |text: &str| text.parse::<Timestamp>().unwrap();
        let said = |page: &Page| {
            let layout = layout(&visitor, &Village, page, &table, moment("2026-07-01T01:00:00Z"));
            assert_eq!(layout.sheet, "Bảng xếp hạng PCI năm 2021");
            layout.lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>()
        };
        let mut page = gallery::empty_page("Xếp hạng");
        page.subtitle = None;
        let ordinary = ["Xếp hạng", "Bảng xếp hạng PCI năm 2021", "Thời điểm xuất: 01/07/2026 08:00"];
        assert_eq!(said(&page), ordinary);
        page.label = types::Label::Confidential;
        page.as_of = Some(time::microseconds(moment("2021-12-31T17:00:00Z")));
        let [title, caption, at] = ordinary;
        let marked = [title, caption, "Độ mật: Mật", "Số liệu tính đến 01/01/2022 00:00", at];
        assert_eq!(said(&page), marked);

        let note = table.note.clone().unwrap();
        let below = |above, highest| below(&visitor, &table, above, highest);
        assert_eq!(below(Label::Ordinary, Label::Ordinary), [note.as_str()]);
        assert_eq!(below(Label::Confidential, Label::Confidential), [note.as_str()], "said above already");
        assert_eq!(below(Label::Ordinary, Label::Confidential), [note.as_str(), "Độ mật: Mật"]);
    }
}
