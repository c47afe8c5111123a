//! Whom a case is about does not see it.

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
    // Whoever has opened it is told by the evidence.
    let login = committee.folder.with_role("inspection.head").account;
    let seen = format!("inspection/dossiers/{id}");
    let seen = run_on(committee.folder.path(), &["audit", "seen", &seen, "--as", &login]);
    assert!(seen.out.contains(&login), "{seen:?}");
    let officer = committee.folder.with_role("inspection.officer").account;
    assert!(!seen.out.contains(&officer), "{seen:?}");
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

#[test]
fn a_subject_who_is_given_an_account_later_does_not_see_the_case_either() {
    let committee = Committee::open();
    let case = opened(&committee, "signs", "Kiểm tra dấu hiệu vi phạm", "CB0037");
    // Somebody whom personnel does not know yet, who comes to work for the committee.
    let newcomer = committee.folder.outsider();
    let operator = |words: &[&str]| {
        let words = [words, &["--as-operator", "--reason", "thử"]].concat();
        let done = run_on(committee.folder.path(), &words);
        assert_eq!(done.code, Some(0), "{done:?}");
    };
    operator(&["account", "clear", &newcomer.account, "--clearance", "confidential"]);
    for (role, unit, label) in [
        ("inspection.officer", "ubkttu", "confidential"),
        ("inspection.lookup", "tinh", "ordinary"),
        ("inspection.staff", "ubkttu", "ordinary"),
    ] {
        let to = newcomer.account.as_str();
        operator(&["grant", "give", "--to", to, "--role", role, "--unit", unit, "--label", label]);
    }
    let program = committee.server.visitor().program(&newcomer.account, &newcomer.password);
    program.get_json(&case).expect(200);
    linked(&committee, "CB0037", &newcomer.account);
    // At once by the page, and for good, by the host, once anybody else has touched the case.
    program.get_json(&case).expect(404);
    submit(&committee.head, &case, "withhold", json!({}));
    let listed = rows(&program, APP, "dossiers");
    assert!(listed.iter().all(|row| row["href"] != case.as_str()), "{listed:?}");
    assert!(refused(&program, &case, "document", json!({})).contains("404"));
    committee.head.get_json(&case).expect(200);
}
