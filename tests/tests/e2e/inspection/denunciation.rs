//! Who denounced, and who stays out of a case.

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
