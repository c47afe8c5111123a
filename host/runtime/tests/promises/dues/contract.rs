//! What a contract gives, and what there is without one; who sees what.

use dinh_runtime::CallError;
use dinh_runtime::bindings::views::{Block, Effect};
use dinh_services::sharing;

use super::cell::*;

#[test]
fn without_a_contract_each_page_says_so_and_what_to_do() {
    let cell = Cell::without_contract();
    for path in ["/", "/collect"] {
        let told = notices(&cell.draw(path, "2026-06"));
        assert!(told.contains("Chưa có thoả thuận chia sẻ"), "{path}: {told}");
        assert!(told.contains("cần lập đề nghị"), "{path}: {told}");
    }
    let refused = cell.press(cell.collector, "/", "assess", "2026-06");
    assert!(
        matches!(&refused, Err(CallError::Denied(why)) if why.contains("cần lập đề nghị")),
        "{refused:?}"
    );

    let cell = Cell::new();
    cell.assess("2026-06");
    let an = cell.member("2026-06", AN);
    let revoke =
        |call: &mut dinh_services::Call| sharing::revoke(call, cell.contract.unwrap(), "hết nhu cầu");
    cell.house.platform.perform(&cell.house.operator(), revoke).unwrap();
    for path in ["/", "/collect", "/arrears", &format!("/members/{an}")] {
        let page = cell.draw(path, "2026-06");
        assert!(notices(&page).contains("lập đề nghị mới"), "{path}: {}", notices(&page));
        assert!(!format!("{page:?}").contains(AN), "{path} shows no name");
    }
    assert_eq!(fact_of_book(&cell), 194_454, "what is the plugin's own is still there");
}

#[test]
fn the_book_adds_months_up_to_quarters_and_the_year() {
    let cell = Cell::new();
    for month in ["2026-03", "2026-04", "2026-05"] {
        cell.assess(month);
    }
    let an = cell.member("2026-05", AN);
    done(cell.collect("2026-04", &[(&an, 150_000)]));
    let page = cell.draw("/book", "2026-05");
    let book = table(&page, "s01-2");
    let titles = ["03/2026", "Quý 1", "04/2026", "05/2026", "Quý 2", "Cả năm"];
    assert_eq!(texts(book, "month"), titles);
    assert_eq!(integers(book, "collected"), [0, 0, 150_000, 0, 150_000, 150_000]);
    assert_eq!(integers(book, "unpaid"), [194_454, 194_454, 238_908, 433_362, 433_362, 433_362]);
}

#[test]
fn nobody_sees_or_records_dues_of_another_unit() {
    let cell = Cell::new();
    cell.assess("2026-06");
    let stranger = cell.house.person("nguoila", cell.house.finance);
    cell.house.give(stranger, "party-finance.collector", cell.house.finance);
    cell.house.give(stranger, "party-finance.staff", cell.house.province);
    // Never an empty ledger in which all have paid.
    for path in ["/", "/arrears"] {
        let refused = cell.house.draw(stranger, PLUGIN, &cell.at(path, "2026-06"));
        assert!(
            matches!(&refused, Err(CallError::Denied(why)) if why.contains("Sở Kế hoạch và Đầu tư")),
            "{path}: {refused:?}"
        );
    }
    let refused = cell.press(stranger, "/", "assess", "2026-06");
    assert!(problems(refused).contains("Không có đảng viên nào"), "the members of planning are not there");
    let page = cell.house.draw(stranger, PLUGIN, "/?month=2026-06").unwrap();
    assert_eq!(texts(table(&page, "s01-1"), "name")[0], "Vũ Thị Giang", "one's own unit comes first");
}

#[test]
fn the_page_offers_what_may_be_done_and_nothing_else() {
    let cell = Cell::new();
    let forms = |who| {
        let page = cell.house.draw(who, PLUGIN, &cell.at("/", "2026-06")).unwrap();
        let actions: Vec<_> = blocks(&page)
            .filter_map(
                |block| if let Block::Actions(actions) = block { Some(actions.clone()) } else { None },
            )
            .flatten()
            .collect();
        actions.iter().filter(|action| matches!(action.effect, Effect::Submit(_))).count()
    };
    assert_eq!((forms(cell.collector), forms(cell.treasurer)), (1, 0));
}

#[test]
fn a_contract_that_gives_too_little_is_named_with_what_it_lacks() {
    let cell = Cell::under(|terms| terms.fields.retain(|field| field != "insured-coefficient"));
    let told = notices(&cell.draw("/", "2026-06"));
    assert!(told.contains("không cho đọc: insured-coefficient"), "{told}");
    let refused = cell.press(cell.collector, "/", "assess", "2026-06");
    assert!(
        matches!(&refused, Err(CallError::Denied(why)) if why.contains("insured-coefficient")),
        "{refused:?}"
    );
}

#[test]
fn months_unpaid_are_offered_to_inspection_without_names() {
    let cell = Cell::new();
    let plugin = PLUGIN.parse().unwrap();
    let offer = |call: &mut dinh_services::Call| sharing::find_offer(call, &plugin, "dues-status");
    let offer = cell.house.platform.perform(&cell.house.operator(), offer).unwrap().unwrap();
    assert_eq!(offer.dataset.fields, ["member", "unit", "months-unpaid", "as-of"]);
    assert_eq!(offer.dataset.purposes[0].name, "inspection");
}

fn fact_of_book(cell: &Cell) -> i64 {
    let page = cell.draw("/book", "2026-06");
    integers(table(&page, "s01-2"), "unpaid")[0]
}
