//! The seven kinds of dossiers, each with its steps and documents, from its opening to its end.

use super::*;

const KINDS: [&str; 7] =
    ["compliance", "thematic", "signs", "supervision", "denunciation", "complaint", "discipline"];

/// What opens a dossier of a kind.
fn inputs(committee: &Committee, kind: &str) -> Value {
    let day = today(&committee.head);
    if kind != "complaint" {
        return json!({
            "title": format!("Hồ sơ thử {kind}"), "opened-on": day, "level": "base", "content": "law",
            "subject": "member", "member": committee.member("CB0037"),
        });
    }
    // About a decision that stands, on the first day of its clock.
    let decisions = rows(&committee.head, &format!("{APP}/discipline"), "measures");
    let standing = decisions.iter().find(|row| row.to_string().contains("Đang có hiệu lực")).unwrap();
    json!({
        "title": "Hồ sơ thử complaint", "opened-on": day, "level": "base", "content": "other",
        "decision": standing["cells"]["number"], "lodged-on": standing["cells"]["decided-on"],
    })
}

/// Its steps, and its documents with whether they are required, as lines.
fn procedure(page: &Value) -> String {
    let steps = page::find(page, &|block| block["kind"] == "steps").expect("steps");
    let step =
        |step: &Value| format!("  {} ({})", step["title"].as_str().unwrap(), step["note"].as_str().unwrap());
    let steps: Vec<String> = steps["steps"].as_array().unwrap().iter().map(step).collect();
    let documents = page::all(page, &|value| value["title"].is_string() && value["required"].is_boolean());
    let document = |document: &&Value| {
        let needed = if document["required"] == true { "bắt buộc" } else { "nếu có" };
        format!("  {} [{needed}]", document["title"].as_str().unwrap())
    };
    let documents: Vec<String> = documents.iter().map(document).collect();
    format!("{}\n  – tài liệu\n{}", steps.join("\n"), documents.join("\n"))
}

/// The day by which the current step is due.
fn due(page: &Value) -> String {
    let fact = page::find(page, &|fact| fact["label"] == "Hạn của bước").expect("a fact");
    fact["value"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn each_of_the_seven_kinds_goes_through_its_own_steps_with_its_documents_deadlines_and_suspension() {
    let committee = Committee::open();
    let head = &committee.head;
    let day = today(head);
    let waived = json!({ "reason": "Lưu ở hồ sơ của cấp dưới" });
    let mut told = String::new();
    for kind in KINDS {
        let case = submit(head, &format!("{APP}/new/{kind}"), "open", inputs(&committee, kind));
        let case = case.replace("/denouncers/", "/dossiers/");
        let page = head.get_json(&case).expect(200).json();
        told.push_str(&format!("{kind}\n{}\n", procedure(&page)));

        let missing = refused(head, &case, "close", json!({}));
        assert!(missing.contains("Còn thiếu tài liệu"), "{kind}: {missing}");
        let before = due(&page);
        submit(head, &case, "extend", json!({ "days": "5", "reason": "Nội dung phức tạp" }));
        let after = due(&head.get_json(&case).expect(200).json());
        assert!(after > before, "{kind}: {before} {after}");
        submit(head, &case, "suspend", json!({ "reason": "Chờ kết luận giám định" }));
        let halted = refused(head, &case, "close", waived.clone());
        assert!(halted.contains("không còn trên trang"), "{kind}: {halted}");
        submit(head, &case, "resume", json!({ "reason": "Đã có kết luận" }));
        let resumed = due(&head.get_json(&case).expect(200).json());
        assert_eq!(resumed, after, "{kind}: suspended and resumed on one day costs none");

        let steps =
            page::find(&page, &|block| block["kind"] == "steps").unwrap()["steps"].as_array().unwrap().len();
        for _ in 1..steps {
            submit(head, &case, "close", waived.clone());
        }
        let early = refused(head, &case, "close", waived.clone());
        assert!(early.contains("Chưa có kết luận"), "{kind}: {early}");
        submit(
            head,
            &case,
            "conclude",
            json!({ "conclusion": "good", "concluded-on": day, "findings": "Đạt" }),
        );
        submit(head, &case, "close", waived.clone());
        let done = head.get_json(&case).expect(200).body;
        assert!(done.contains("Đã kết thúc"), "{kind}: {done}");
        let over = refused(head, &case, "suspend", json!({ "reason": "Muộn" }));
        assert!(over.contains("không còn trên trang"), "{kind}: {over}");
    }
    insta::assert_snapshot!("kinds", told);
}

#[test]
fn every_figure_of_the_statistics_is_as_many_dossiers_as_the_list_that_it_leads_to() {
    let committee = Committee::open();
    let mut looked = 0;
    for (program, query) in
        [(&committee.head, ""), (&committee.head, "?kind=signs"), (&committee.officer, "")]
    {
        let page = program.get_json(&format!("{APP}/statistics{query}")).expect(200).json();
        let matrix = page::table(&page, "matrix")["rows"].as_array().unwrap();
        for row in matrix {
            for (figure, value) in row["cells"].as_object().unwrap() {
                let mark = row["marks"].get(figure).and_then(|mark| mark["href"].as_str());
                // A figure without a way on is none.
                let Some(to) = mark else {
                    assert!(value.as_i64().unwrap_or(0) == 0, "{figure} {row}");
                    continue;
                };
                assert_eq!(*value, rows(program, to, "dossiers").len(), "{figure} {to}");
                looked += 1;
            }
        }
    }
    assert!(looked > 20, "{looked} figures");
}
