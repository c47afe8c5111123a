//! Documents with their files: attached at once or later, seen by whoever sees the case, replaced with a reason.

use super::*;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";

/// A file as a program brings it; its identifier.
pub(super) fn brought(program: &Visitor, name: &str) -> String {
    let path = format!("{APP}/files?name={name}");
    let answer = program.send(&path, "application/json", "application/octet-stream", PDF);
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// Lets those who hold a role take out what is Mật of the committee: a right of its own, which no role of a plugin brings.
pub(super) fn may_export(committee: &Committee, role: &str) {
    let account = committee.folder.with_role(role).account;
    let words =
        ["grant", "give", "--to", &account, "--role", "dinh.confidential-exporter", "--unit", "ubkttu"];
    let words = [&words[..], &["--label", "confidential", "--as-operator", "--reason", "thử"]].concat();
    let done = run_on(committee.folder.path(), &words);
    assert_eq!(done.code, Some(0), "{done:?}");
}

/// The document of a case with this title, as its page lists it.
pub(super) fn listed(program: &Visitor, case: &str, title: &str) -> Value {
    let page = program.get_json(case).expect(200).json();
    let found = page::find(&page, &|value| value["title"] == title && value.get("required").is_some());
    found.unwrap_or_else(|| panic!("no {title} in {page}")).clone()
}

#[test]
fn a_document_is_recorded_with_its_file_or_gets_it_later_and_is_replaced_by_whoever_directs() {
    let committee = Committee::open();
    let (head, officer) = (&committee.head, &committee.officer);
    let case = opened(&committee, "thematic", "Kiểm tra chuyên đề về đầu tư công", "CB0043");
    let day = today(head);
    let plan = json!({ "paper": "ke-hoach", "number": "12-KH/UBKTTU", "dated": day, "file": brought(officer, "ke-hoach.pdf") });
    submit(officer, &case, "document", plan);
    let plan = listed(officer, &case, "Kế hoạch");
    let href = plan["href"].as_str().unwrap();
    assert!(officer.get(href).expect(403).body.contains("Xuất dữ liệu Mật"), "seen, and not taken out");
    may_export(&committee, "inspection.officer");
    let file = officer.get(href).expect(200);
    assert_eq!((file.body.as_bytes(), file.header("content-type")), (PDF, "application/pdf"));
    assert!(file.header("content-disposition").contains("ke-hoach.pdf"));

    // Recorded by number and day first; the scan of what was signed comes later.
    submit(officer, &case, "document", json!({ "paper": "lich", "number": null, "dated": day }));
    let schedule =
        listed(officer, &case, "Kế hoạch chi tiết, lịch làm việc")["href"].as_str().unwrap().to_owned();
    assert!(schedule.contains("/documents/"), "its page, where the file is attached: {schedule}");
    assert!(refused(officer, &schedule, "attach", json!({})).contains("file"));
    submit(officer, &schedule, "attach", json!({ "file": brought(officer, "lich.pdf") }));
    let first =
        listed(officer, &case, "Kế hoạch chi tiết, lịch làm việc")["href"].as_str().unwrap().to_owned();
    officer.get(&first).expect(200);
    // What is there is not replaced by whoever works on the case, and by whoever directs it only with a reason.
    let another = json!({ "file": brought(officer, "lich-2.pdf"), "reason": "Bản trước thiếu trang" });
    refused(officer, &schedule, "attach", another);
    assert!(
        refused(head, &schedule, "attach", json!({ "file": brought(head, "lich-3.pdf") })).contains("reason")
    );
    submit(
        head,
        &schedule,
        "attach",
        json!({ "file": brought(head, "lich-3.pdf"), "reason": "Bản trước thiếu trang" }),
    );
    head.get(&first).expect(404);
    let page = head.get_json(&case).expect(200).body;
    assert!(
        page.contains("Thay tệp của tài liệu")
            && page.contains("Kế hoạch chi tiết, lịch làm việc: Bản trước thiếu trang"),
        "{page}"
    );
}

#[test]
fn the_file_of_a_case_is_not_there_for_its_subject_nor_for_those_without_rights_to_it() {
    let committee = Committee::open();
    let (all, own) = (rows(&committee.head, APP, "dossiers"), rows(&committee.officer, APP, "dossiers"));
    let about_the_officer =
        all.iter().find(|row| !own.iter().any(|known| known["href"] == row["href"])).unwrap();
    let case = about_the_officer["href"].as_str().unwrap();
    let head = &committee.head;
    for role in ["inspection.head", "inspection.officer", "personnel.head"] {
        may_export(&committee, role);
    }
    let letter = json!({ "paper": "other", "title": "Đơn thư", "dated": today(head), "file": brought(head, "don.pdf") });
    submit(head, case, "document", letter);
    let file = listed(head, case, "Đơn thư")["href"].as_str().unwrap().to_owned();
    head.get(&file).expect(200);
    // The officer works on cases with the same rights; this one is about them.
    committee.officer.get(&file).expect(404);
    committee.with_role("personnel.head").get(&file).expect(404);
}

#[test]
fn a_document_is_printed_from_its_template_and_recorded_on_the_page_where_it_is_read() {
    let committee = Committee::open();
    let officer = &committee.officer;
    let case = opened(&committee, "thematic", "Kiểm tra chuyên đề về mua sắm công", "CB0043");
    let template = format!("{case}/templates/ke-hoach");
    let page = officer.get_json(&template).expect(200).json();
    let choice = page::find(&page, &|field| field["name"] == "paper").unwrap();
    assert_eq!(choice["value"], "ke-hoach", "the document of that template");

    // On paper it leaves the platform: not everybody who works on a case takes out what is Mật.
    let form = format!("{template}?print=van-ban");
    officer.get_json(&form).expect(403);
    let data = committee.head.get_json(&form).expect(200).body;
    assert!(data.contains("KẾ HOẠCH") && data.contains("mua sắm công"), "{data}");
    let pdf = committee.head.get(&form).expect(200);
    assert_eq!(pdf.header("content-type"), "application/pdf");

    let signed = json!({ "paper": "ke-hoach", "number": "15-KH/UBKTTU", "dated": today(&committee.head), "file": brought(officer, "ke-hoach-da-ky.pdf") });
    let back = submit(officer, &template, "document", signed);
    assert_eq!(back, case);
    assert_eq!(listed(officer, &case, "Kế hoạch")["number"], "15-KH/UBKTTU");
}
