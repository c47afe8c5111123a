//! Personnel recruits somebody who is a member of the Party already; the administrator asks for an account, the
//! director agrees.

use dinh_tests::programs::run_on_with;
use serde_json::{Value, json};

use super::proof::Told;
use super::{
    ADMINISTRATOR, CLERK, DEPARTMENT, DIRECTOR, MEMBER, NAME, NUMBER, PASSWORD, Province, fact, fill_in,
    submit,
};

pub(super) fn act(province: &mut Province) {
    province.unit = super::dues::unit(&province.collector, DEPARTMENT);
    let unit: u64 = province.unit.parse().unwrap();
    let account = account(province);
    let sheet = fill_in(
        &province.clerk,
        "/apps/personnel/new",
        "add",
        &[
            ("code", json!(NUMBER)),
            ("full-name", json!(NAME)),
            ("birth-date", json!("1994-04-12")),
            ("sex", json!("2")),
            ("unit", json!(unit)),
            ("category", json!("cong-chuc")),
        ],
    );
    let joined = [("party-admitted-on", json!("2020-05-19")), ("party-official-on", json!("2021-05-19"))];
    fill_in(
        &province.clerk,
        &format!("{sheet}/edit"),
        "save",
        &[&joined[..], &[("account", account)]].concat(),
    );
    let recruited = recruited_on(province);
    let decision = fill_in(
        &province.clerk,
        &format!("{sheet}/decide/recruit"),
        "draft",
        &[
            ("effective-on", json!(recruited)),
            ("position", json!("Chuyên viên")),
            ("grade", json!("01.003")),
            ("step", json!(1)),
        ],
    );
    // Whoever drafts does not sign: it waits for the director.
    let inbox = province.director.get_json("/apps/dinh/inbox").expect(200).body;
    assert!(inbox.contains(&format!("Tuyển dụng: {NAME}")), "{inbox}");
    submit(&province.director, &decision, "sign", json!({ "signer-title": "Chánh Văn phòng" }));

    let page = province.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(
        (fact(&page, "Tình trạng"), fact(&page, "Hệ số lương")),
        (json!("Đang công tác"), json!("2.34"))
    );
    province.sheet = sheet;
    province.told.extend([
        Told::form(CLERK, "personnel", "add"),
        Told::form(CLERK, "personnel", "save"),
        Told::form(CLERK, "personnel", "draft"),
        Told::form(DIRECTOR, "personnel", "sign"),
    ]);
}

/// The first day of the year of the three months.
pub(super) fn recruited_on(province: &Province) -> String {
    format!("{}-01-01", province.today.three_months()[0].split_once('/').unwrap().1)
}

/// An account with the rights of an officer: asked for by one person and approved by another. Its number.
fn account(province: &mut Province) -> Value {
    let (data, asks) = (province.folder.path(), ["--as", ADMINISTRATOR, "--json"]);
    let words = ["account", "create", MEMBER, "--full-name", NAME, "--unit", "sxd"];
    let words = [&words[..], &["--password-stdin", "--keep-password"], &asks].concat();
    let asked = run_on_with(data, &words, &format!("{PASSWORD}\n")).json()["request"].to_string();
    province.command(&["account", "approve", &asked, "--as", DIRECTOR]);
    for (role, unit, own) in [("personnel.officer", "tinh", true), ("personnel.staff", "snv", false)] {
        let words =
            ["grant", "give", "--to", MEMBER, "--role", role, "--unit", unit, "--reason", "Tuyển dụng"];
        let own: &[&str] = if own { &["--own"] } else { &[] };
        let asked = province.command(&[&words[..], own, &asks[..2]].concat())["request"].to_string();
        province.command(&["grant", "approve", &asked, "--as", DIRECTOR]);
    }
    province.told.extend([
        Told::deed(ADMINISTRATOR, "account.requested"),
        Told::deed(DIRECTOR, "account.created"),
        Told::deed(DIRECTOR, "grant.given"),
    ]);
    province.command(&["account", "show", MEMBER, "--as", ADMINISTRATOR])["id"].clone()
}
