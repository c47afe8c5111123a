//! Chỉ số PCI: ranking, profile, comparison, export.

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;
use serde_json::Value;

fn reader() -> (Folder, Server, Visitor) {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let reader = folder.with_role("pci-index.reader");
    let program = server.visitor().program(&reader.account, &reader.password);
    (folder, server, program)
}

/// The cells of a table's rows.
fn rows<'a>(page: &'a Value, table: &str) -> Vec<&'a Value> {
    let table = page::table(page, table);
    table["rows"].as_array().unwrap().iter().map(|row| &row["cells"]).collect()
}

#[test]
fn the_ranking_of_2021_is_the_published_one() {
    let (_folder, _server, program) = reader();
    let page = program.get_json("/apps/pci-index?edition=2021").expect(200).json();
    let rows = rows(&page, "ranking");
    // 21 provinces of the published table, and Thanh Hóa.
    assert_eq!(rows.len(), 22);
    let first: Vec<_> =
        rows.iter().take(3).map(|row| (&row["rank"], &row["province"], &row["total"])).collect();
    let expected = [(1, "Quảng Ninh", "73.02"), (2, "Hải Phòng", "70.61"), (3, "Đồng Tháp", "70.53")];
    for ((rank, province, total), (expected_rank, name, score)) in first.into_iter().zip(expected) {
        assert_eq!((rank, province, total), (&expected_rank.into(), &name.into(), &score.into()));
    }
    // Recomputed from the components and their weights, within what rounding explains.
    assert_eq!((&rows[0]["computed"], &rows[0]["gap"]), (&"73.04".into(), &Value::Null));
    assert_eq!(rows[21]["province"], "Thanh Hóa");
    assert_eq!(rows[21]["rank"], 43);

    let html = program.get("/apps/pci-index?edition=2021").expect(200).body;
    for shown in ["Quảng Ninh", "73,02", "Gia nhập thị trường", "VCCI"] {
        assert!(html.contains(shown), "{shown}");
    }
}

#[test]
fn a_published_total_that_its_components_do_not_give_is_flagged() {
    let (_folder, _server, program) = reader();
    let page = program.get_json("/apps/pci-index?edition=2023").expect(200).json();
    let row = rows(&page, "ranking").into_iter().find(|row| row["province"] == "Thanh Hóa").unwrap().clone();
    assert_eq!(row["total"], "66.79");
    assert!(row["gap"].is_string(), "{row}");
}

#[test]
fn provinces_are_found_without_diacritics() {
    let (_folder, _server, program) = reader();
    let page = program.get_json("/apps/pci-index?edition=2021&q=da+nang").expect(200).json();
    let found: Vec<_> = rows(&page, "ranking").iter().map(|row| row["province"].clone()).collect();
    assert_eq!(found, ["Đà Nẵng"]);
}

#[test]
fn a_profile_shows_a_province_against_the_best_and_the_median_and_over_the_years() {
    let (_folder, _server, program) = reader();
    let ranking = program.get_json("/apps/pci-index?edition=2021").expect(200).json();
    let thanh_hoa = page::find(&ranking, &|value| value["cells"]["province"] == "Thanh Hóa").unwrap();
    let code = thanh_hoa["key"].as_str().unwrap();
    let profile =
        program.get_json(&format!("/apps/pci-index/provinces/{code}?edition=2021")).expect(200).json();
    assert_eq!(profile["title"], "Thanh Hóa");
    let radar = page::find(&profile, &|value| value["kind"] == "chart" && value["chart"] == "radar").unwrap();
    assert_eq!(radar["series"].as_array().unwrap().len(), 3, "the province, the best, the median: {radar}");
    let years: Vec<_> = [2021, 2022, 2023, 2024]
        .map(|year| {
            let shown = page::find(&profile, &|value| value["cells"]["year"] == year);
            shown.unwrap_or_else(|| panic!("{year} is not in {profile}"))["cells"]["rank"].clone()
        })
        .to_vec();
    assert_eq!(years, [43, 47, 30, 21]);
    program.get_json("/apps/pci-index/provinces/00").expect(404);
}

#[test]
fn provinces_are_compared_side_by_side_and_at_most_five() {
    let (_folder, _server, program) = reader();
    let page =
        program.get_json("/apps/pci-index/compare?edition=2021&province=22&province=38").expect(200).json();
    let rows = rows(&page, "components");
    let total = rows.last().unwrap();
    assert_eq!((&total["p-22"], &total["p-38"]), (&"73.02".into(), &"63.21".into()));
    let six = "/apps/pci-index/compare?edition=2021&province=22&province=38&province=31&province=48&province=46&province=25";
    let page = program.get_json(six).expect(200).json();
    assert_eq!(page::table(&page, "components")["columns"].as_array().unwrap().len(), 6);
}

#[test]
fn every_table_is_exported_as_csv_that_spreadsheets_read() {
    let (_folder, _server, program) = reader();
    let page = program.get_json("/apps/pci-index?edition=2021").expect(200).json();
    let export = page::table(&page, "ranking")["export"].as_str().unwrap().to_owned();
    let csv = program.get(&export).expect(200);
    assert!(csv.header("content-type").starts_with("text/csv"), "{csv:?}");
    assert!(csv.header("content-disposition").contains("attachment"), "{csv:?}");
    assert!(csv.body.starts_with('\u{feff}'), "spreadsheets take UTF-8 for Vietnamese only with its mark");
    assert_eq!(csv.body.lines().filter(|line| line.contains("Quảng Ninh")).count(), 1);
    assert!(csv.body.lines().count() >= 23, "{}", csv.body);
    // Every table of the profile has its export too.
    let profile = program.get_json("/apps/pci-index/provinces/38").expect(200).json();
    let exports = page::all(&profile, &|value| value["kind"] == "table");
    assert!(exports.len() >= 2);
    for table in exports {
        program.get(table["export"].as_str().unwrap_or_else(|| panic!("{table}"))).expect(200);
    }
}

#[test]
fn what_is_not_there_is_named() {
    let (folder, server, _) = reader();
    let account = folder.with_role("pci-index.reader");
    let person = server.visitor().sign_in(&account.account, &account.password);
    for (path, said) in [
        ("/apps/pci-index/provinces/999", "Không tìm thấy: tỉnh, thành phố mang mã “999”."),
        ("/apps/pci-index?edition=1999", "Không tìm thấy: kỳ PCI 1999."),
        ("/apps/pci-index/editions/abc", "Hãy kiểm tra địa chỉ."),
    ] {
        let page = person.get(path).expect(404).body;
        assert!(page.contains(said), "{path}: {page}");
    }
}

#[test]
fn a_page_shows_one_edition_and_says_when_there_is_nothing_to_compare() {
    let (folder, server, _) = reader();
    let account = folder.with_role("pci-index.reader");
    let person = server.visitor().sign_in(&account.account, &account.password);
    let ranking = person.get("/apps/pci-index?edition=2021").expect(200).body;
    let picker = ranking.split("name=\"edition\"").nth(1).unwrap().split("</select>").next().unwrap();
    assert!(picker.contains("PCI 2021") && !picker.contains("value=\"\""), "{picker}");
    let alone = person.get("/apps/pci-index/compare?edition=2021&province=22").expect(200).body;
    assert!(alone.contains("Mới chọn một tỉnh"), "{alone}");
    let two = person.get("/apps/pci-index/compare?edition=2021&province=22&province=38").expect(200).body;
    assert!(!two.contains("Mới chọn một tỉnh"));
    // No province has this name.
    let nobody = person.get("/apps/pci-index?edition=2021&q=khong+co").expect(200).body;
    assert!(nobody.contains("Không có tỉnh nào phù hợp."));
}

#[test]
fn one_year_is_drawn_as_a_point_with_its_rank_and_ranks_that_are_not_there_are_not_drawn() {
    let (folder, server, _) = reader();
    let account = folder.with_role("pci-index.reader");
    let person = server.visitor().sign_in(&account.account, &account.password);
    let trend = |path: &str| {
        let page = person.get(path).expect(200).body;
        page.split("id=\"trend\"").nth(1).unwrap().split("</figure>").next().unwrap().to_owned()
    };
    let one = trend("/apps/pci-index/provinces/22?edition=2021");
    assert!(one.contains("(trục bên phải)") && !one.contains("<rect"), "{one}");
    let unranked = trend("/apps/pci-index/provinces/82?edition=2016");
    let picture = unranked.split("<svg").nth(1).unwrap();
    assert!(!unranked.contains("trục bên phải") && !picture.contains(">Hạng<"), "{unranked}");
}

#[test]
fn results_are_removed_only_after_the_page_has_named_them() {
    let (folder, server, program) = reader();
    let editor = folder.with_role("pci-index.editor");
    let person = server.visitor().sign_in(&editor.account, &editor.password);
    let page = person.get("/apps/pci-index?edition=2021").expect(200).body;
    let bulk = page::form(&page, |form| {
        form.value("csrf").is_some() && form.value("form").is_none() && form.action.starts_with("/apps")
    });
    let mut fields: Vec<_> =
        bulk.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend([("do", "[\"delete\",[]]"), ("selected", "22"), ("selected", "38")]);
    let asked = person.post("/apps/pci-index?edition=2021", &fields).expect(200).body;
    for text in ["Xoá kết quả PCI 2021", "2 dòng được chọn", "<li>Quảng Ninh</li>", "<li>Thanh Hóa</li>"]
    {
        assert!(asked.contains(text), "{text}: {asked}");
    }
    let left = program.get_json("/apps/pci-index?edition=2021").expect(200).json();
    assert_eq!(rows(&left, "ranking").len(), 22, "nothing has happened yet");
}
