//! Who denounced, and who stays out of a case.

use super::files::{brought, may_export};
use super::*;

#[test]
fn who_denounced_is_seen_only_by_those_entrusted_and_relatives_stay_out_of_a_case() {
    let committee = Committee::open();
    let (head, officer, intake) = (&committee.head, &committee.officer, &committee.intake);
    let denounced = {
        let inputs = json!({
            "title": "Tố cáo việc cấp phép", "opened-on": today(intake), "level": "base", "content": "law",
            "subject": "member", "member": committee.member("CB0054"),
        });
        submit(intake, &format!("{APP}/new/denunciation"), "open", inputs)
    };
    assert!(denounced.contains("/denouncers/"), "{denounced}");
    let who = json!({
        "name": "Lê Thị Bí Mật", "channel": "handed", "received-on": today(intake), "protected": true,
        "address": "Phường Hạc Thành",
    });
    submit(intake, &denounced, "register", who);
    assert!(head.get_json(&denounced).expect(200).body.contains("Lê Thị Bí Mật"));
    let case = denounced.replace("/denouncers/", "/dossiers/");
    let shown = officer.get_json(&case).expect(200).body;
    assert!(!shown.contains("Lê Thị Bí Mật") && !shown.contains("denouncers"), "{shown}");
    officer.get_json(&denounced).expect(403);

    // CB0051 is a cousin of the subject, by the family table of personnel; CB0050 is not.
    let team = format!("{case}/team");
    let ask = |number: &str| {
        let asked = json!({ "form": "ask", "inputs": { "member": committee.member(number) } });
        let answer = head.post_json(&team, &asked);
        assert!((200..400).contains(&answer.status), "{answer:?}");
        let location = match answer.header("location") {
            "" => answer.json()["location"].as_str().unwrap().to_owned(),
            location => location.to_owned(),
        };
        head.get_json(&location).expect(200).body
    };
    assert!(ask("CB0051").contains("Người này phải từ chối tham gia"), "{}", ask("CB0051"));
    assert!(ask("CB0050").contains("không ghi quan hệ gia đình"));
    assert!(!ask("CB0051").contains("Chị họ"), "yes or no, and nothing else");
    let cousin =
        refused(head, &team, "join", json!({ "member": committee.member("CB0051"), "role": "member" }));
    assert!(cousin.contains("quan hệ gia đình"), "{cousin}");
    let nobody = refused(head, &team, "join", json!({ "member": "CB0051", "role": "member" }));
    assert!(nobody.contains("member"), "only what was picked: {nobody}");
    submit(head, &team, "join", json!({ "member": committee.member("CB0050"), "role": "lead" }));
    assert!(officer.get_json(&team).expect(200).body.contains("Hoàng Thị Khuyên"));
}

#[test]
fn the_letter_lies_with_who_denounced_and_what_was_written_down_wrong_is_corrected_there() {
    let committee = Committee::open();
    let (head, officer, intake) = (&committee.head, &committee.officer, &committee.intake);
    for role in ["inspection.head", "inspection.officer"] {
        may_export(&committee, role);
    }
    let opened = |title: &str| {
        let inputs = json!({
            "title": title, "opened-on": today(intake), "level": "base", "content": "law",
            "subject": "member", "member": committee.member("CB0054"),
        });
        submit(intake, &format!("{APP}/new/denunciation"), "open", inputs)
    };
    let (denounced, another) = (opened("Tố cáo việc cấp phép"), opened("Tố cáo việc tuyển dụng"));
    let wrong = json!({
        "name": "Lê Thị Bí Mật", "channel": "letter", "received-on": today(intake), "protected": true,
        "address": "Phường Hạc Thành", "letter": brought(intake, "don-to-cao.pdf"),
    });
    submit(intake, &denounced, "register", wrong);
    let known = rows(head, &denounced, "denouncers");
    let letter = page::find(&known[0], &|value| value.as_str().is_some_and(|text| text.contains("/files/")));
    let letter = letter.unwrap_or_else(|| panic!("{known:?}")).as_str().unwrap().to_owned();
    head.get(&letter).expect(200);
    officer.get(&letter).expect(404);
    let case = denounced.replace("/denouncers/", "/dossiers/");
    assert!(!officer.get_json(&case).expect(200).body.contains("don-to-cao"), "no document of the dossier");

    let one = rows(intake, &denounced, "denouncers")[0]["href"].as_str().unwrap().to_owned();
    let right = json!({
        "name": "Lê Thị Bí Mật Hai", "channel": "letter", "received-on": today(intake), "protected": true,
    });
    submit(intake, &one, "correct", right.clone());
    let corrected = head.get_json(&denounced).expect(200).body;
    assert!(
        corrected.contains("Lê Thị Bí Mật Hai") && !corrected.contains("Phường Hạc Thành"),
        "{corrected}"
    );
    head.get(&letter).expect(200);
    let mut to_come = right.clone();
    to_come["received-on"] = json!("2099-12-31");
    assert!(refused(intake, &one, "correct", to_come).contains("received-on"));
    // Nobody else corrects it, and it is found under no other dossier.
    officer.get_json(&one).expect(403);
    refused(head, &one, "correct", right);
    let elsewhere = one.replace(denounced.rsplit('/').next().unwrap(), another.rsplit('/').next().unwrap());
    intake.get_json(&elsewhere).expect(404);
}
