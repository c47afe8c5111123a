//! Whom a case is about does not see it.

use dinh_tests::patience::until;

use super::files::{self, brought};
use super::*;

#[test]
fn the_subject_of_a_case_does_not_see_it_whatever_they_are_granted() {
    let committee = Committee::open();
    let (all, own) = (rows(&committee.head, APP, "dossiers"), rows(&committee.officer, APP, "dossiers"));
    assert_eq!((all.len(), own.len()), (30, 29), "the officer is the subject of one");
    let hidden: Vec<&Value> =
        all.iter().filter(|row| !own.iter().any(|it| it["href"] == row["href"])).collect();
    let case = hidden[0]["href"].as_str().unwrap();
    committee.head.get_json(case).expect(200);
    committee.officer.get_json(case).expect(404);
    committee.officer.get_json(&format!("{case}/team")).expect(404);
    let id = case.rsplit('/').next().unwrap();
    assert!(!committee.officer.get_json("/api/v1/inbox").body.contains(id));
    let written = committee.officer.post_json(case, &json!({ "form": "close", "inputs": {} }));
    assert_eq!(written.status, 404, "{written:?}");
    // Nor is it found by its words.
    let words = hidden[0]["cells"]["title"].as_str().unwrap().replace(' ', "+");
    let found = |program: &Visitor| {
        let rows = rows(program, &format!("{APP}?q={words}"), "dossiers");
        rows.iter().any(|row| row["href"] == case)
    };
    assert_eq!((found(&committee.head), found(&committee.officer)), (true, false));
    // Nor does the matrix count it for them: not even that it is.
    let total = |program: &Visitor| {
        let rows = rows(program, &format!("{APP}/due"), "overdue").len();
        (
            rows,
            page::table(&program.get_json(&format!("{APP}/statistics")).expect(200).json(), "matrix")
                .to_string(),
        )
    };
    assert_ne!(total(&committee.head).1, total(&committee.officer).1);
}

/// Links an officer of personnel to an account, as the clerk's import does.
fn linked(committee: &Committee, officer: &str, login: &str) {
    let clerk = committee.with_role("personnel.clerk");
    let people =
        std::fs::read_to_string(dinh_tests::programs::plugins().join("personnel/people.csv")).unwrap();
    let line = people.lines().find(|line| line.starts_with(officer)).unwrap();
    let table = format!("{}\n{line}{login}\n", people.lines().next().unwrap());
    let path = "/apps/personnel/import";
    let preview = clerk.upload(path, &[("form", "people")], "file", "people.csv", table.as_bytes());
    let sheet = preview.location().split(['?', '&']).find_map(|pair| pair.strip_prefix("sheet="));
    let sheet = sheet.unwrap_or_else(|| panic!("{preview:?}"));
    let done = clerk.post(path, &[("form", "people"), ("sheet", sheet), ("rows", "all")]);
    assert!((300..400).contains(&done.status), "{done:?}");
}

/// Somebody whom personnel does not know yet, who comes to work for the committee with every right that it has.
fn newcomer(committee: &Committee) -> (String, Visitor) {
    let newcomer = committee.folder.outsider();
    let operator = |words: &[&str]| {
        let words = [words, &["--as-operator", "--reason", "thử"]].concat();
        let done = run_on(committee.folder.path(), &words);
        assert_eq!(done.code, Some(0), "{done:?}");
    };
    operator(&["account", "clear", &newcomer.account, "--clearance", "confidential"]);
    for (role, unit, label) in [
        ("inspection.officer", "ubkttu", "confidential"),
        ("inspection.head", "ubkttu", "confidential"),
        ("inspection.intake", "ubkttu", "confidential"),
        ("dinh.confidential-exporter", "ubkttu", "confidential"),
        ("dinh.auditor", "ubkttu", "confidential"),
        ("inspection.lookup", "tinh", "ordinary"),
        ("inspection.staff", "ubkttu", "ordinary"),
    ] {
        let to = newcomer.account.as_str();
        operator(&["grant", "give", "--to", to, "--role", role, "--unit", unit, "--label", label]);
    }
    let program = committee.server.visitor().program(&newcomer.account, &newcomer.password);
    (newcomer.account, program)
}

#[test]
fn from_a_subject_who_is_given_an_account_later_everything_about_the_case_is_withheld_by_itself() {
    let committee = Committee::open();
    let (head, intake) = (&committee.head, &committee.intake);
    let about = json!({
        "title": "Tố cáo việc đấu thầu", "opened-on": today(intake), "level": "base", "content": "law",
        "subject": "member", "member": committee.member("CB0037"),
    });
    let denounced = submit(intake, &format!("{APP}/new/denunciation"), "open", about);
    let case = denounced.replace("/denouncers/", "/dossiers/");
    let (login, program) = newcomer(&committee);
    let who = json!({
        "name": "Lê Thị Bí Mật", "channel": "letter", "received-on": today(intake), "protected": true,
        "letter": brought(intake, "don-to-cao.pdf"),
    });
    submit(intake, &denounced, "register", who);
    let minutes = json!({ "paper": "other", "title": "Biên bản", "dated": today(head), "file": brought(head, "bb.pdf") });
    submit(head, &case, "document", minutes);
    let work = submit(
        head,
        &format!("{case}/team"),
        "join",
        json!({ "member": committee.member("CB0050"), "role": "lead" }),
    );
    let known = rows(head, &denounced, "denouncers");
    let letter = page::find(&known[0], &|value| value.as_str().is_some_and(|text| text.contains("/files/")));
    let letter = letter.expect("the letter").as_str().unwrap().to_owned();
    let file = files::listed(head, &case, "Biên bản")["href"].as_str().unwrap().to_owned();
    let one = rows(intake, &denounced, "denouncers")[0]["href"].as_str().unwrap().to_owned();
    let id = case.rsplit('/').next().unwrap();
    let seen = format!("/apps/dinh/evidence/seen?record=inspection/dossiers/{id}");
    let pages = [
        case.clone(),
        format!("{case}/team"),
        format!("{case}/templates/ke-hoach"),
        denounced.clone(),
        one.clone(),
    ];
    let lists = [
        APP.to_owned(),
        format!("{APP}?q=dau+thau"),
        format!("{APP}?kind=denunciation"),
        format!("{APP}/due"),
        format!("{APP}?export=dossiers&format=csv"),
        format!("{APP}?kind=denunciation&export=dossiers&format=csv"),
    ];
    let total = |program: &Visitor| {
        let page = program.get_json(&format!("{APP}/statistics?kind=denunciation")).expect(200).json();
        page::table(&page, "matrix").to_string()
    };
    let tells = |path: &String| program.get(path).expect(200).body.contains("đấu thầu");
    // All of it is there for a member of the committee …
    for path in &pages {
        program.get_json(path).expect(200);
    }
    for path in [&letter, &file] {
        program.get(path).expect(200);
    }
    assert_eq!(lists.iter().filter(|path| tells(path)).count(), 5, "all but those that are due");
    assert_eq!(total(&program), total(head));
    assert!(!rows(&program, &seen, "seen").is_empty());
    // … until they are known to be the one whom it is about. Nobody has to touch the case for that.
    linked(&committee, "CB0037", &login);
    assert!(until(|| program.get_json(&case).status == 404), "{:?}", program.get_json(&case));
    for path in &pages {
        let answer = program.get_json(path);
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
    }
    for path in [&letter, &file] {
        program.get(path).expect(404);
    }
    assert!(!lists.iter().any(tells), "no list and no file");
    assert_ne!(total(&program), total(head), "not even a count");
    for path in ["/api/v1/inbox", "/apps/dinh/inbox"] {
        let answer = program.get_json(path);
        assert!(!answer.body.contains(id), "{answer:?}");
    }
    let refusal = program.get_json(&seen);
    let of_nothing =
        format!("/apps/dinh/evidence/seen?record=inspection/dossiers/{}", one.rsplit('/').next().unwrap());
    assert_eq!((refusal.status, program.get_json(&of_nothing).status), (403, 403), "{refusal:?}");
    assert_eq!(program.get_json(&seen.replace("seen?", "seen/proofs?")).status, 403);
    for (path, form) in [(&case, "document"), (&denounced, "register"), (&one, "correct"), (&case, "suspend")]
    {
        assert!(refused(&program, path, form, json!({})).contains("404"), "{path} {form}");
    }
    // For the others it goes on.
    assert_eq!(work, format!("{case}/team"));
    head.get_json(&case).expect(200);
    head.get_json(&denounced).expect(200);
    assert!(until(|| committee.intake.get_json(&one).status == 200));
}

#[test]
fn who_directs_a_case_sees_who_has_opened_it_and_neither_who_works_on_it_nor_whom_it_is_about_does() {
    let committee = Committee::open();
    let (head, officer) = (&committee.head, &committee.officer);
    let case = opened(&committee, "signs", "Kiểm tra dấu hiệu vi phạm", "CB0037");
    officer.get_json(&case).expect(200);
    let page = head.get_json(&case).expect(200).json();
    let link = page::find(&page, &|value| value["text"] == "Ai đã xem hồ sơ này").unwrap();
    let link = link["href"].as_str().unwrap_or_else(|| panic!("{link}")).to_owned();
    assert!(
        page::find(&officer.get_json(&case).expect(200).json(), &|value| value["href"] == link.as_str())
            .is_none()
    );

    let told = rows(head, &link, "seen");
    let looked = |by: &str| {
        told.iter().any(|row| {
            row["cells"]["by"].to_string().contains(by) && row["cells"]["deed"].to_string().contains("Xem")
        })
    };
    assert!(looked("Phan Anh Tuấn") && looked("Vũ Quốc Khánh"), "{told:?}");
    officer.get_json(&link).expect(403);
    committee.intake.get_json(&link).expect(403);
    committee.with_role("personnel.clerk").get_json(&link).expect(403);
    // It is the evidence of this dossier, and none else: neither that of the house nor the entries themselves.
    head.get_json("/apps/dinh/evidence").expect(403);
    head.get_json(&link.replace("seen?", "seen/proofs?")).expect(403);
    let member = committee.member("CB0037");
    head.get_json(&format!("/apps/dinh/evidence/seen?record=personnel/people/{member}")).expect(403);
    let steps = link.replace("inspection/dossiers/", "inspection/documents/");
    head.get_json(&steps).expect(403);
    let page = head.get_json(&link).expect(200).json();
    assert!(page::find(&page, &|value| value["text"] == "Xuất kèm chứng cứ").is_none());
}
