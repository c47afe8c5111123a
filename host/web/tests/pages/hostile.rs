//! Guests that mean harm, as whoever opens their pages meets them: politely, with the page of everything else as it was.

use std::fmt::Write;

use dinh_hostile::{Case, Ends, Source, cases};
use dinh_model::{AccountId, Actor, Language};
use dinh_runtime::Install;

use crate::house::{Answer, House, component};

/// Installs a guest, for one person; whether it could be.
fn install(house: &House, case: &Case, to: AccountId) -> bool {
    let Source::Text(guest) = &case.guest else { return true };
    let operator = house.platform.origin(Actor::Public, Language::Vi).as_operator();
    let installed = house.runtime.install(&guest.package(case.name), Install::at(house.province), &operator);
    if installed.is_ok() {
        house.give(to, &format!("{}.vandal", case.name), house.province);
    }
    installed.is_ok()
}

/// Where its page is; none for what does harm when a form is submitted, since no page of it has the form.
fn address(case: &Case) -> Option<String> {
    match &case.guest {
        Source::Text(guest) => (!guest.is_form()).then(|| format!("/apps/{}", case.name)),
        Source::Page(path) => Some(format!("/apps/hostile{path}")),
        Source::Form(_) | Source::Disturbed => None,
    }
}

/// What is wrong with what a person saw.
fn differs(case: &Case, page: &Answer) -> Option<String> {
    let (status, words) = match case.ends {
        Ends::Trips(limit, _) => (503, vec!["Ứng dụng vượt giới hạn", limit, "cho phép"]),
        Ends::Breaks | Ends::Fails => (502, vec!["Ứng dụng gặp lỗi", "chưa có gì được ghi"]),
        Ends::Shows(title) => (200, vec![title]),
        Ends::Refused(_) | Ends::Conflicts => return None,
    };
    let missing = words.into_iter().find(|words| !page.body.contains(words));
    let wrong = page.status != status || missing.is_some();
    wrong.then(|| {
        format!("{}: {} instead of {status}, without {missing:?}: {}", case.name, page.status, page.body)
    })
}

#[tokio::test]
async fn every_hostile_guest_is_met_politely_counted_and_in_the_list_of_the_evidence() {
    let house = House::new();
    let lan = house.perform(|call| Ok(dinh_services::accounts::find_account(call, "lan")?.unwrap().id));
    house.give(lan, "dinh.administrator", house.province);
    let operator = house.platform.origin(Actor::Public, Language::Vi).as_operator();
    house.runtime.install(&component("hostile"), Install::at(house.province), &operator).unwrap();
    house.give(lan, "hostile.vandal", house.province);
    let cases = cases();
    // Some behave on the day on which they are installed.
    let installed: Vec<bool> = cases.iter().map(|case| install(&house, case, lan)).collect();
    house.clock.advance(24 * 60);
    let (mut here, mut program) = (house.browser("lan").await, house.program("lan").await);
    let calm = neighbour(&mut here).await;
    let (mut wrong, mut seen) = (String::new(), 0);
    for (case, installed) in cases.iter().zip(installed) {
        let Some(address) = address(case).filter(|_| installed) else { continue };
        seen += 1;
        let page = here.get(&address).await;
        if let Some(why) = differs(case, &page) {
            let _ = writeln!(wrong, "{why}");
        }
        assert_eq!(neighbour(&mut here).await, calm, "{}", case.name);
        let ended = match case.ends {
            Ends::Trips(limit, _) => ("call.tripped", limit),
            Ends::Breaks => ("call.trapped", ""),
            Ends::Fails => ("call.failed", ""),
            Ends::Refused(_) | Ends::Conflicts | Ends::Shows(_) => continue,
        };
        let plugin = address.split('/').nth(2).unwrap();
        let (action, limit) = ended;
        let counted =
            format!("dinh_calls_ended_total{{plugin=\"{plugin}\",action=\"{action}\",limit=\"{limit}\"}}");
        assert!(house.metrics().await.contains(&counted), "{counted}");
        let list = format!("/apps/dinh/evidence?plugin={plugin}&action={action}");
        let list = program.get_json(&list).await;
        assert!(list.status == 200 && list.body.contains(action), "{}: {}", case.name, list.body);
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(seen >= 30, "{seen} pages were opened");
}

/// The page of a plugin that means no harm.
async fn neighbour(here: &mut crate::house::Visitor) -> (u16, usize) {
    let page = here.get("/apps/gallery").await;
    (page.status, page.body.len())
}
