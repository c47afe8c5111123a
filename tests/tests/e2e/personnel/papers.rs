//! Files: of decisions, of an officer's papers, of a request for correction.

use super::*;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";

/// A file as a program brings it; its identifier.
fn brought(program: &Visitor, name: &str) -> String {
    let answer = program.send(
        &format!("{APP}/files?name={name}"),
        "application/json",
        "application/octet-stream",
        PDF,
    );
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// Downloads a file.
fn download(program: &Visitor, id: &str) -> u16 {
    program.get(&format!("{APP}/files/{id}")).status
}

#[test]
fn a_decision_has_its_proposal_and_what_was_signed_which_its_officer_reads_on_the_own_sheet() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let officer = office.person("nguyenthilan-skhdt");
    let proposal = brought(&office.clerk, "to-trinh.pdf");
    let inputs = json!({ "effective-on": "2026-05-19", "form": "Giấy khen", "content": null, "document": "5/TTr-SKHĐT",
        "proposal": proposal });
    let page = decide(&office, &sheet, "reward", &inputs);
    assert_eq!(download(&office.head, &proposal), 200, "whoever signs reads it");
    let scan = brought(&office.clerk, "quyet-dinh.pdf");
    submit(&office.clerk, &page, &json!({ "form": "scan", "inputs": { "scan": scan } }));
    assert_eq!(download(&officer, &scan), 200);
    let own = officer.get_json(&format!("{APP}/own")).expect(200).json();
    let rewards = page::table(&own, "rewards")["rows"][0].to_string();
    assert!(rewards.contains(&scan), "the number leads to what was signed: {rewards}");
    // Another officer reads neither, and what is there is replaced by whoever signs, not by whoever drafts.
    let other = office.person("phamvanduc-skhdt");
    assert_eq!((download(&other, &scan), download(&other, &proposal)), (404, 404));
    let again = |program: &Visitor| json!({ "form": "scan", "inputs": { "scan": brought(program, "quyet-dinh-2.pdf") } });
    refused(&office.clerk, &page, &again(&office.clerk));
    submit(&office.head, &page, &again(&office.head));
    assert_eq!(download(&officer, &scan), 404, "the one before is gone");
}

/// The papers that the file of an officer lacks, as the due list says.
fn missing(office: &Office, code: &str) -> Option<Value> {
    let page = office.clerk.get_json(&format!("{APP}/due/papers")).expect(200).json();
    rows(&page, "due").into_iter().find(|row| row["code"] == code).map(|row| row["papers"].clone())
}

/// Imports a file as the holder of a role does; what was said before anything was written.
fn import(office: &Office, role: &str, page: &str, block: &str, file: &str) -> String {
    let account = office.folder.with_role(role);
    let visitor = office.server.visitor().sign_in(&account.account, &account.password);
    let preview = visitor.submit_file(&format!("{APP}/{page}"), block, "bang.csv", file.as_bytes());
    let preview = visitor.get(preview.location()).expect(200).body;
    let form = page::form(&preview, |form| form.value("sheet").is_some());
    let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain([("rows", "good")]).collect();
    assert_eq!(visitor.post(&form.action, &fields).status, 303, "{preview}");
    preview
}

#[test]
fn what_a_file_has_to_hold_is_asked_for_from_the_first_day_until_the_steward_says_otherwise() {
    let office = Office::open();
    assert_eq!(missing(&office, "CB0001"), Some(json!("Bản sao giấy khai sinh, Lý lịch đảng viên")));
    assert_eq!(missing(&office, "CB0002"), None);
    let page = office.clerk.get_json(&format!("{APP}/due/papers")).expect(200).json();
    let listed = rows(&page, "due").len();
    assert!((100..600).contains(&listed), "some of two thousand: {listed}");
    let head = "Mã;Áp dụng từ;Giá trị;Căn cứ\n";
    let settings = |row: &str| {
        import(&office, "personnel.steward", "settings", "parameters", &format!("{head}{row}\n"));
    };
    settings("required-paper.khai-sinh;01/01/2020;0;Thiết lập của đơn vị");
    assert_eq!(missing(&office, "CB0001"), Some(json!("Lý lịch đảng viên")));
    settings("required-paper.tai-san;01/01/2020;1;Thiết lập của đơn vị");
    assert_eq!(missing(&office, "CB0002"), Some(json!("Bản kê khai tài sản, thu nhập")));
}

#[test]
fn a_list_of_the_papers_on_the_shelf_is_imported_and_names_what_is_wrong_with_it() {
    let office = Office::open();
    let file = "Số hiệu;Loại giấy tờ;Tên, số giấy tờ;Ngày cấp\n\
        CB0001;Bản sao giấy khai sinh;Số 12/1985;20/03/1985\n\
        CB0001;Bản sao giấy khai sinh;Số 12/1985;20/03/1985\n\
        CB0001;Văn bằng, chứng chỉ;;\n\
        CB9999;Văn bằng, chứng chỉ;;\n\
        CB0002;Giấy tờ khác;Thẻ;01/01/2090\n\
        CB0002;Sổ tay;;\n";
    let said = import(&office, "personnel.clerk", "import/papers", "papers", file);
    for words in [
        "Thêm 1 giấy tờ, đã có 2",
        "Không có cán bộ mang số hiệu “CB9999”",
        "Ngày cấp 01/01/2090 chưa đến",
        "để trống nếu không rõ ngày cấp",
        "Sổ tay",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(missing(&office, "CB0001"), Some(json!("Lý lịch đảng viên")));
}

#[test]
fn papers_are_kept_with_their_scans_move_along_and_missing_ones_are_listed() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let missing = || missing(&office, "CB0001");
    let kept = || {
        let page = office.clerk.get_json(&sheet).expect(200).json();
        page::table(&page, "paper-list")["rows"].as_array().unwrap().clone()
    };
    let before = kept().len();
    assert_eq!(missing(), Some(json!("Bản sao giấy khai sinh, Lý lịch đảng viên")));
    let file = brought(&office.clerk, "khai-sinh.pdf");
    let paper = |kind: &str, file: Value| json!({ "form": "paper", "inputs": { "kind": kind, "title": null, "dated": "1985-03-20", "file": file } });
    submit(&office.clerk, &sheet, &paper("khai-sinh", json!(file)));
    assert_eq!(missing(), Some(json!("Lý lịch đảng viên")));
    let ahead = json!({ "form": "paper", "inputs": { "kind": "khac", "title": null, "dated": "2090-01-01", "file": null } });
    let said = refused(&office.clerk, &sheet, &ahead);
    assert!(said.contains("Ngày cấp 01/01/2090 chưa đến") && said.contains("Kiểm tra lại năm"), "{said}");
    submit(&office.clerk, &sheet, &paper("dang-vien", Value::Null));
    assert_eq!(missing(), None, "on paper alone is there as well");
    let officer = office.person("nguyenthilan-skhdt");
    assert_eq!((download(&officer, &file), download(&office.person("phamvanduc-skhdt"), &file)), (200, 404));

    // They follow the officer to another unit, and are gone with their files when removed.
    let to = office.unit("Sở Xây dựng");
    let inputs = json!({ "effective-on": "2026-06-01", "to-unit": to, "position": "Chuyên viên", "content": null, "document": null });
    decide(&office, &sheet, "transfer", &inputs);
    let papers = kept();
    assert_eq!(papers.len(), before + 2);
    let scanned = papers.iter().find(|row| row.to_string().contains(&file)).unwrap();
    let drop = json!({ "form": "drop", "selected": [scanned["key"]], "confirmed": "yes" });
    submit(&office.clerk, &sheet, &drop);
    assert_eq!(download(&office.clerk, &file), 404);
    assert_eq!(missing(), Some(json!("Bản sao giấy khai sinh")));
}

#[test]
fn a_request_for_correction_brings_its_proof_to_those_who_check_it() {
    let office = Office::open();
    let officer = office.person("nguyenthilan-skhdt");
    let proof = brought(&officer, "khai-sinh.pdf");
    assert_eq!(download(&office.clerk, &proof), 404, "before it is sent");
    let inputs = json!({ "field": "birth-date", "after": "09/03/1985", "reason": "Theo giấy khai sinh", "proof": proof });
    submit(&officer, &format!("{APP}/own"), &json!({ "form": "correct", "inputs": inputs }));
    assert_eq!((download(&office.clerk, &proof), download(&office.head, &proof)), (200, 200));
    assert_eq!(download(&office.person("phamvanduc-skhdt"), &proof), 404);
}
