//! Personnel learns of the Party's decision under contract, disciplines in its turn, and so puts the raise off. The
//! member sees that on the own record; the clerk of the neighbour department sees nothing.

use dinh_tests::page;
use dinh_tests::visitor::Visitor;
use serde_json::{Value, json};

use super::case::DECISION;
use super::proof::Told;
use super::recruit::recruited_on;
use super::{
    CLERK, DIRECTOR, MEMBER, NAME, NEIGHBOUR, NUMBER, PASSWORD, Province, fact, fill_in, rows, submit,
};

const APP: &str = "/apps/personnel";

pub(super) fn act(province: &mut Province, case: &str) {
    let sheet = province.sheet.clone();
    let next = |page: &Value| fact(page, "Nâng lương kế tiếp").as_str().unwrap().to_owned();
    // The first step lasts three years.
    let recruited = recruited_on(province);
    let due = |month: u32| format!("{}-{month:02}-01", recruited[..4].parse::<u32>().unwrap() + 3);
    // What is Mật is shown to whoever may see that, and its number to nobody else.
    let director = province.director.get_json(&sheet).expect(200);
    assert!(director.body.contains(DECISION), "{}", director.body);
    let clerk = province.clerk.get_json(&sheet).expect(200);
    assert!(!clerk.body.contains(DECISION));
    // Whoever may see the Party's decision sees the raise put off by it already.
    assert_eq!((next(&director.json()), next(&clerk.json())), (due(4), due(1)));

    let reason = "Không đóng đảng phí ba tháng";
    let decision = fill_in(
        &province.clerk,
        &format!("{sheet}/decide/discipline"),
        "draft",
        &[("form", json!("khien-trach")), ("content", json!(reason))],
    );
    submit(&province.director, &decision, "sign", json!({ "signer-title": "Chánh Văn phòng" }));

    let member = province.server.visitor().program(MEMBER, PASSWORD);
    let own = member.get_json(&format!("{APP}/own")).expect(200);
    assert!(!own.body.contains(DECISION), "{}", own.body);
    let own = own.json();
    assert_eq!((fact(&own, "Họ và tên khai sinh"), next(&own)), (json!(NAME), due(4)));
    let measures = page::table(&own, "disciplines")["rows"].as_array().unwrap().clone();
    let shown = &measures[0]["cells"];
    assert_eq!((measures.len(), &shown["delay-months"], &shown["content"]), (1, &json!(3), &json!(reason)));
    assert_eq!(next(&province.clerk.get_json(&sheet).expect(200).json()), due(4));

    neighbour(province, &sheet, case);
    province.told.extend([
        Told::read(DIRECTOR, "inspection/discipline"),
        Told::form(CLERK, "personnel", "draft"),
        Told::form(DIRECTOR, "personnel", "sign"),
        Told::refused(NEIGHBOUR, "inspection"),
        Told::refused(NEIGHBOUR, "party-finance"),
    ]);
}

/// A clerk of another department, with all rights of a clerk there.
fn neighbour(province: &Province, sheet: &str, case: &str) {
    let words = ["--role", "personnel.clerk", "--unit", "skhdt", "--as-operator", "--reason", "thử nghiệm"];
    province.command(&[&["grant", "give", "--to", NEIGHBOUR], &words[..]].concat());
    let neighbour = province.person(NEIGHBOUR);
    let listed = |words: &str| rows(&neighbour, &format!("{APP}?q={words}"), "people").len();
    assert_eq!((listed("CB0001"), listed(NUMBER)), (1, 0), "the own department's, and nobody else's");
    let said = |visitor: &Visitor, path: &str| {
        let answer = visitor.get_json(path);
        assert!(!answer.body.contains(NAME), "{path}: {answer:?}");
        answer.status
    };
    assert_eq!(said(&neighbour, sheet), 404);
    assert_eq!(said(&neighbour, &format!("{sheet}/decide/raise")), 404);
    assert_eq!(said(&neighbour, &format!("{APP}/due/raise?as-of={}", province.today.months_later(36))), 200);
    assert!([403, 404].contains(&said(&neighbour, case)));
    assert_eq!(said(&neighbour, "/apps/party-finance"), 403);
}
