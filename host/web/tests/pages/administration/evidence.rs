//! The evidence as a list.

use axum::http::StatusCode;
use dinh_merkle::{Checkpoint, Hash, Verifier, leaf_hash, verify_inclusion};
use dinh_model::RecordId;
use dinh_services::accounts::Proofs;
use sha2::{Digest, Sha256};

use super::{Offices, column, send};
use crate::house::expect;

#[tokio::test]
async fn the_evidence_is_narrowed_by_person_deed_plugin_and_day_newest_first() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let id = offices.account("hoa").id;
    let path = format!("/apps/dinh/people/{id}");
    expect(&send(&mut quan, &path, "suspend", &[("reason", "Nghỉ dài ngày")]).await, StatusCode::SEE_OTHER);
    let listed = async |visitor: &mut crate::house::Visitor, query: &str| {
        let page = visitor.get_json(&format!("/apps/dinh/evidence{query}")).await;
        expect(&page, StatusCode::OK);
        column(&page.json(), "evidence", "action")
    };
    let all = listed(&mut quan, "").await;
    // The first form that anybody sends makes the key that seals what was said about it.
    assert_eq!(all.get(..2), Some(&["key.created".to_owned(), "form.submitted".to_owned()][..]), "{all:?}");
    let about = listed(&mut quan, &format!("?person={id}")).await;
    assert_eq!(about, ["account.suspended", "account.viewed", "account.viewed", "account.created"]);
    assert_eq!(listed(&mut quan, "?action=unit.created").await.len(), 2);
    assert!(listed(&mut quan, "?plugin=dinh").await.iter().all(|deed| deed != "unit.created"));
    assert_eq!(listed(&mut quan, "?until=30/06/2026").await.len(), 0);
    assert!(!listed(&mut quan, "?from=01/07/2026").await.is_empty());
    assert_eq!(quan.get("/apps/dinh/evidence?from=yesterday").await.status, 400);
}

#[tokio::test]
async fn a_filter_that_is_mistyped_is_shown_again_with_what_is_wrong_and_nothing_wider_than_asked() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let page = quan.get("/apps/dinh/evidence?from=31/02/2026&action=unit.created").await;
    expect(&page, StatusCode::BAD_REQUEST);
    for said in ["“Từ ngày” phải là một ngày có thật", "href=\"#q-from\"", "value=\"31/02/2026\""]
    {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(!page.body.contains("<table"), "{}", page.body);
    let program = quan.get_json("/apps/dinh/evidence?from=31/02/2026").await;
    expect(&program, StatusCode::BAD_REQUEST);
    assert!(program.json().get("sections").is_none(), "{}", program.body);
    // Without filters there is no page to mend it on: the way back leaves out what was wrong.
    let none = quan.get("/apps/dinh/units/new?parent=x").await;
    expect(&none, StatusCode::BAD_REQUEST);
    assert!(none.body.contains("href=\"/apps/dinh/units/new\""), "{}", none.body);
}

#[tokio::test]
async fn who_reads_the_evidence_of_one_unit_sees_what_concerns_it() {
    let offices = Offices::new();
    let mut so = offices.house.browser("so").await;
    let page = so.get_json("/apps/dinh/evidence?action=unit.created").await.json();
    assert_eq!(column(&page, "evidence", "subject"), ["unit:2"]);
    let file = so.get("/apps/dinh/evidence?export=evidence&action=account.").await;
    expect(&file, StatusCode::OK);
    assert!(file.body.contains("account:4") || file.body.contains("account:1"), "{}", file.body);
    let quan = format!("account:{}", offices.quan);
    assert!(!file.body.lines().any(|line| line.contains(&format!(",{quan},"))), "not theirs: {}", file.body);
}

fn proofs(text: &str) -> Proofs {
    serde_json::from_str(text).unwrap()
}

/// Checks a file of proofs as an outsider does; the actions in it.
fn verified(proofs: &Proofs) -> Vec<&str> {
    let key = Verifier::parse(&proofs.key).unwrap();
    let (head, _) = Checkpoint::open(&proofs.checkpoint, &[key]).unwrap();
    let check = |proved: &dinh_services::accounts::Proved| {
        let salted = data_encoding::BASE64.decode(proved.salted.as_bytes()).unwrap();
        let leaf = [proved.commit.to_be_bytes().as_slice(), &Sha256::digest(&salted)].concat();
        let hashes: Vec<Hash> = proved.hashes.iter().map(|hash| hash.parse().unwrap()).collect();
        verify_inclusion(&leaf_hash(&leaf), proved.index, head.size, &hashes, &head.root).unwrap();
    };
    proofs.entries.iter().for_each(check);
    proofs.entries.iter().map(|proved| proved.entry.action.as_str()).collect()
}

#[tokio::test]
async fn what_a_search_finds_is_taken_out_with_its_proofs_and_that_is_evidence() {
    let offices = Offices::new();
    let mut quan = offices.house.browser("quan").await;
    let file = quan.get("/apps/dinh/evidence/proofs?action=unit.created").await;
    expect(&file, StatusCode::OK);
    assert!(file.header("content-disposition").contains("dinh-evidence-proofs.json"));
    let taken = proofs(&file.body);
    assert_eq!((verified(&taken), taken.older), (vec!["unit.created"; 2], None));
    let exports = quan.get_json("/apps/dinh/evidence?action=evidence.exported").await.json();
    assert_eq!(column(&exports, "evidence", "action").len(), 1);
    // Whoever reads the evidence of one unit takes out that of one unit.
    let mut so = offices.house.browser("so").await;
    let file = so.get("/apps/dinh/evidence/proofs?action=unit.created").await;
    assert_eq!(verified(&proofs(&file.body)).len(), 1);
    assert_eq!(quan.get("/apps/dinh/evidence/proofs?from=yesterday").await.status, 422);
    offices.house.person("dan", "Nguyễn Thị Dân", offices.planning, false);
    let mut dan = offices.house.browser("dan").await;
    assert_eq!(dan.get("/apps/dinh/evidence/proofs").await.status, 403);
    assert_eq!(dan.get("/apps/dinh/evidence/witness").await.status, 403);
    assert_eq!(dan.get("/apps/dinh/evidence/seen/proofs").await.status, 422);
}

#[tokio::test]
async fn the_page_of_a_record_tells_who_has_seen_it_and_gives_the_proofs() {
    let offices = Offices::new();
    let record = RecordId::new(1_767_225_600_000, [3; 10]);
    let path = format!("gone/papers/{record}");
    offices.house.perform(|call| {
        let detail = [("contract", "7".to_owned()), ("purpose", "Kiểm tra đảng phí".to_owned())];
        call.evidence_about("dataset.read", "contract:7", detail, &[record]);
        call.evidence_about("dataset.read", "contract:7", [], &[RecordId::new(1, [4; 10])]);
        Ok(())
    });
    let mut quan = offices.house.browser("quan").await;
    let page = quan.get_json(&format!("/apps/dinh/evidence/seen?record={path}")).await;
    expect(&page, StatusCode::OK);
    assert_eq!(column(&page.json(), "seen", "how"), ["Qua chia sẻ"]);
    assert_eq!(column(&page.json(), "seen", "purpose"), ["Kiểm tra đảng phí"]);
    let found = quan.get_json("/apps/dinh/evidence?purpose=dang+PHI&contract=7&outcome=done").await.json();
    assert_eq!(column(&found, "evidence", "action"), ["dataset.read"]);
    let found = quan.get_json(&format!("/apps/dinh/evidence?record={record}")).await.json();
    assert_eq!(column(&found, "evidence", "action"), ["dataset.read"]);
    let file = quan.get(&format!("/apps/dinh/evidence/seen/proofs?record={path}")).await;
    let taken = proofs(&file.body);
    assert_eq!(verified(&taken), ["dataset.read"]);
    assert_eq!(taken.entries[0].entry.records, [record]);
    // The record is in no unit that is known: that takes the right to read all of the evidence.
    let mut so = offices.house.browser("so").await;
    assert_eq!(so.get(&format!("/apps/dinh/evidence/seen?record={path}")).await.status, 403);
    assert_eq!(quan.get("/apps/dinh/evidence/seen?record=papers").await.status, 400);
}

#[tokio::test]
async fn the_witness_page_has_the_head_the_key_and_the_way_to_check_them() {
    let offices = Offices::new();
    let mut so = offices.house.browser("so").await;
    let said = so.get_json("/apps/dinh/evidence/witness").await.json();
    let page = so.get("/apps/dinh/evidence/witness").await;
    expect(&page, StatusCode::OK);
    let key = Verifier::parse(said["key"].as_str().unwrap()).unwrap();
    let (head, _) = Checkpoint::open(said["checkpoint"].as_str().unwrap(), &[key]).unwrap();
    assert_eq!(said["size"].as_u64(), Some(head.size));
    let root = head.root.to_string();
    for part in [root.as_str(), said["fingerprint"].as_str().unwrap(), "<svg", "heads.txt"] {
        assert!(page.body.contains(part), "{part}");
    }
}
