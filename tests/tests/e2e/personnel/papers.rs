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

#[test]
fn papers_are_kept_with_their_scans_move_along_and_missing_ones_are_listed() {
    let office = Office::open();
    let sheet = office.sheet("CB0001");
    let steward = office.folder.with_role("personnel.steward");
    let steward = office.server.visitor().sign_in(&steward.account, &steward.password);
    let path = format!("{APP}/settings");
    let rows_of_papers = "Mã;Áp dụng từ;Giá trị;Căn cứ\n\
        required-paper.khai-sinh;01/01/2020;1;Thiết lập của đơn vị\n\
        required-paper.dang-vien;01/01/2020;1;Thiết lập của đơn vị\n";
    let preview = steward.submit_file(&path, "parameters", "tham-so.csv", rows_of_papers.as_bytes());
    let preview = steward.get(preview.location()).expect(200).body;
    let form = page::form(&preview, |form| form.value("sheet").is_some());
    let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain([("rows", "all")]).collect();
    assert_eq!(steward.post(&form.action, &fields).status, 303, "{preview}");

    let missing = || {
        let page = office.clerk.get_json(&format!("{APP}/due/papers")).expect(200).json();
        let rows = rows(&page, "due").into_iter().cloned().collect::<Vec<_>>();
        rows.into_iter().find(|row| row["code"] == "CB0001").map(|row| row["papers"].clone())
    };
    assert_eq!(missing(), Some(json!("Bản sao giấy khai sinh, Lý lịch đảng viên")));
    let file = brought(&office.clerk, "khai-sinh.pdf");
    let paper = |kind: &str, file: Value| json!({ "form": "paper", "inputs": { "kind": kind, "title": null, "dated": "1985-03-20", "file": file } });
    submit(&office.clerk, &sheet, &paper("khai-sinh", json!(file)));
    assert_eq!(missing(), Some(json!("Lý lịch đảng viên")));
    submit(&office.clerk, &sheet, &paper("dang-vien", Value::Null));
    assert_eq!(missing(), None, "on paper alone is there as well");
    let officer = office.person("nguyenthilan-skhdt");
    assert_eq!((download(&officer, &file), download(&office.person("phamvanduc-skhdt"), &file)), (200, 404));

    // They follow the officer to another unit, and are gone with their files when removed.
    let to = office.unit("Sở Xây dựng");
    let inputs = json!({ "effective-on": "2026-06-01", "to-unit": to, "position": "Chuyên viên", "content": null, "document": null });
    decide(&office, &sheet, "transfer", &inputs);
    let page = office.clerk.get_json(&sheet).expect(200).json();
    let papers = page::table(&page, "paper-list")["rows"].as_array().unwrap().clone();
    assert_eq!(papers.len(), 2);
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
