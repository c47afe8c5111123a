//! Import of scores: preview, all or only the good rows, and every bad file with one clear outcome.

use std::path::Path;

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::programs::run_on;
use dinh_tests::server::Server;
use dinh_tests::visitor::{Response, Visitor};

const PAGE: &str = "/apps/pci-index/import";
const EDITIONS: &str = "/apps/pci-index/editions";
const HEADS: &str = "year,province,entry_costs,land_access,transparency,time_costs,informal_charges,\
                     fair_competition,proactivity,business_support,labour_training,legal_institutions,\
                     published_score,published_rank,published_group";
/// A row that is right: Nghệ An has no result in the demo.
const GOOD: &str = "2021,Nghệ An,7.21,7.18,6.02,7.49,6.30,5.70,6.75,6.98,5.01,7.45,63.21,30,Khá";

struct Desk {
    folder: Folder,
    server: Server,
    officer: Visitor,
}

impl Desk {
    /// The desk of the planning officer.
    fn new() -> Self {
        let folder = Folder::demo();
        let server = Server::start(folder.path());
        let account = folder.with_role("pci-index.editor");
        let officer = server.visitor().sign_in(&account.account, &account.password);
        Self { folder, server, officer }
    }

    /// Uploads a file of scores and shows its preview, or why there is none.
    fn preview(&self, name: &str, content: &[u8]) -> Preview {
        self.preview_at(PAGE, "scores", name, content)
    }

    fn preview_at(&self, page: &str, block: &str, name: &str, content: &[u8]) -> Preview {
        let answer = self.officer.submit_file(page, block, name, content);
        if answer.status != 303 {
            return Preview { page: answer };
        }
        Preview { page: self.officer.get(answer.location()).expect(200) }
    }

    /// Confirms what is previewed.
    fn confirm(&self, preview: &Preview, rows: &str) -> Response {
        self.confirm_at(PAGE, preview, rows)
    }

    fn confirm_at(&self, page: &str, preview: &Preview, rows: &str) -> Response {
        let form = page::form(&preview.page.body, |form| form.value("sheet").is_some());
        assert_eq!(form.action, page);
        let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields: Vec<_> = hidden.chain([("rows", rows)]).collect();
        self.officer.post(&form.action, &fields)
    }

    /// How many rows the ranking of an edition has.
    fn results(&self, year: u32) -> usize {
        let account = self.folder.with_role("pci-index.reader");
        let program = self.server.visitor().program(&account.account, &account.password);
        let page = program.get_json(&format!("/apps/pci-index?edition={year}")).expect(200).json();
        page::table(&page, "ranking")["rows"].as_array().unwrap().len()
    }
}

struct Preview {
    page: Response,
}

impl Preview {
    fn shows(&self, text: &str) -> bool {
        self.page.body.contains(text)
    }
}

fn file(rows: &[&str]) -> Vec<u8> {
    format!("{HEADS}\n{}\n", rows.join("\n")).into_bytes()
}

#[test]
fn a_good_file_is_previewed_confirmed_and_shown_in_the_ranking() {
    let desk = Desk::new();
    let preview = desk.preview("diem-2021.csv", &file(&[GOOD]));
    assert!(preview.shows("Nghệ An") && preview.shows("diem-2021.csv"), "{}", preview.page.body);
    assert_eq!(desk.results(2021), 22, "a preview imports nothing");
    let done = desk.confirm(&preview, "all");
    assert_eq!(done.status, 303, "{done:?}");
    assert_eq!(desk.results(2021), 23);
}

#[test]
fn the_same_confirmation_twice_imports_once() {
    let desk = Desk::new();
    let preview = desk.preview("diem.csv", &file(&[GOOD]));
    let form = page::form(&preview.page.body, |form| form.value("sheet").is_some());
    let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain([("rows", "all")]).collect();
    let first = desk.officer.post(&form.action, &fields);
    let second = desk.officer.post(&form.action, &fields);
    assert_eq!(first.status, 303, "{first:?}");
    assert_eq!(second.location(), first.location());
    assert_eq!(desk.results(2021), 23);
}

#[test]
fn files_as_spreadsheets_write_them_are_read() {
    let desk = Desk::new();
    let comma = GOOD.replace(',', ";").replace('.', ",");
    let semicolons = format!("\u{feff}{}\r\n{comma}\r\n", HEADS.replace(',', ";"));
    let decomposed = String::from_utf8(file(&[GOOD])).unwrap().replace("Nghệ An", "Nghe\u{323}\u{302} An");
    let utf16: Vec<u8> = "\u{feff}"
        .chars()
        .chain(semicolons.trim_start_matches('\u{feff}').chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (name, content) in [
        ("semicolons-bom-crlf-comma.csv", semicolons.into_bytes()),
        ("nfd.csv", decomposed.into_bytes()),
        ("utf-16.csv", utf16),
    ] {
        let preview = desk.preview(name, &content);
        assert!(preview.shows("Nghệ An") && preview.shows("value=\"all\""), "{name}: {}", preview.page.body);
    }
}

#[test]
fn every_bad_row_is_named_and_nothing_is_imported_unless_the_good_ones_are_chosen() {
    let desk = Desk::new();
    let bad = [
        GOOD,
        "2021,Nghệ An,7.21,7.18,6.02,7.49,6.30,5.70,6.75,6.98,5.01,7.45,63.21,31,Khá",
        "2021,Sài Thành,7.21,7.18,6.02,7.49,6.30,5.70,6.75,6.98,5.01,7.45,63.21,32,Khá",
        "2021,Hà Tĩnh,11,7.18,6.02,7.49,6.30,5.70,6.75,6.98,5.01,7.45,63.21,33,Khá",
        "2021,Sơn La,7.21,cao,6.02,7.49,6.30,5.70,6.75,6.98,5.01,7.45,63.21,34,Khá",
        "2021,Lai Châu,7.21,7.18,6.02,7.49,6.30,5.70,6.75,6.98,5.01,7.45,63.21,35,Khá",
    ];
    let preview = desk.preview("diem.csv", &file(&bad));
    for wrong in ["Sài Thành", "11", "cao"] {
        assert!(preview.shows(&format!("<code>{wrong}</code>")), "{wrong}: {}", preview.page.body);
    }
    assert!(!preview.shows("value=\"all\""), "not all of it can be imported");
    assert_eq!(desk.confirm(&preview, "all").status, 422, "not even when a forged form asks for it");
    assert_eq!(desk.results(2021), 22);
    let done = desk.confirm(&preview, "good");
    assert_eq!(done.status, 303, "{done:?}");
    // Lai Châu, and at most one of the two lines of Nghệ An.
    let results = desk.results(2021);
    assert!((23..=24).contains(&results), "{results}");
}

#[test]
fn a_file_that_is_no_table_is_refused_with_the_reason() {
    let desk = Desk::new();
    for (name, content) in [
        ("rong.csv", Vec::new()),
        ("chi-co-tieu-de.csv", format!("{HEADS}\n").into_bytes()),
        ("nhi-phan.csv", (0..=255).cycle().take(5_000).collect()),
        ("khong-phai.xlsx", b"PK\x03\x04 not a workbook".to_vec()),
        ("thieu-cot.csv", b"year,tinh_nao\n2021,x\n".to_vec()),
    ] {
        let preview = desk.preview(name, &content);
        assert_eq!(preview.page.status, 422, "{name}: {}", preview.page.body);
        assert!(preview.shows("class=\"wrong\""), "{name}: {}", preview.page.body);
    }
    assert_eq!(desk.results(2021), 22);
}

#[test]
fn ten_thousand_rows_are_checked_and_the_good_ones_imported() {
    let desk = Desk::new();
    // Editions to come, so that there are as many places for a row as a file may have rows.
    let mut editions = String::from("year,key,order,name_vi,name_en,weight\n");
    for year in 2025..=2200 {
        editions.push_str(&format!("{year},entry_costs,1,Gia nhập thị trường,Entry costs,100\n"));
    }
    let defined = desk.preview_at(EDITIONS, "components", "cac-ky.csv", editions.as_bytes());
    assert_eq!(desk.confirm_at(EDITIONS, &defined, "all").status, 303, "{}", defined.page.body);

    let provinces = provinces_after_the_mergers(desk.folder.path());
    assert_eq!(provinces.len(), 34);
    let mut rows: Vec<String> = (2025..=2200)
        .flat_map(|year| provinces.iter().map(move |province| format!("{year},{province},7.5")))
        .collect();
    let good = rows.len();
    assert_eq!(good, 5_984);
    rows.extend((good..10_000).map(|number| format!("2025,Tỉnh thứ {number},7.5")));
    let file = |rows: &[String]| format!("year,province,entry_costs\n{}\n", rows.join("\n")).into_bytes();

    let preview = desk.preview("muoi-nghin.csv", &file(&rows));
    for count in ["10.000", "5.984", "4.016"] {
        assert!(preview.shows(count), "{count} is not in {}", preview.page.body);
    }
    let done = desk.confirm(&preview, "good");
    assert_eq!(done.status, 303, "{done:?}");
    for year in [2025, 2100, 2200] {
        assert_eq!(desk.results(year), 34, "{year}");
    }
    rows.push("2025,Hà Nội,7.5".into());
    assert_eq!(desk.preview("qua-nhieu.csv", &file(&rows)).page.status, 422);
}

/// Names of the provinces since 1 July 2025, from the catalog that the platform comes with.
fn provinces_after_the_mergers(data: &Path) -> Vec<String> {
    let catalog = run_on(data, &["catalog", "export", "provinces", "--as-operator", "--json"]).json();
    let csv = catalog["csv"].as_str().unwrap().trim_start_matches('\u{feff}').to_owned();
    let lines: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let column = |head: &str| lines[0].iter().position(|known| *known == head).unwrap();
    let (name, until) = (column("name_vi"), column("valid_until"));
    lines[1..].iter().filter(|line| line[until].is_empty()).map(|line| line[name].to_owned()).collect()
}

#[test]
fn scores_keep_their_zeros_and_words_fit_what_was_found() {
    let desk = Desk::new();
    let warned = desk.preview(
        "luu-y.csv",
        b"year,province,entry_costs,published_score\n2021,Ngh\xe1\xbb\x87 An,6.7,64.5\n",
    );
    for text in ["6,70", "64,50", "Mọi dòng đều đúng", "Điểm cần lưu ý"] {
        assert!(warned.shows(text), "{text}: {}", warned.page.body);
    }
    assert!(!warned.shows("Lỗi cần sửa"), "there is none");
    let bad = desk.preview("sai.csv", "year,province,entry_costs\nhai,Nghệ An,11\n".as_bytes());
    assert!(bad.shows("Lỗi cần sửa") && bad.shows("ví dụ 2021"), "{}", bad.page.body);
    assert!(!bad.shows("chỉ nhập những dòng đúng"), "no row is good");
}

#[test]
fn thirty_attempts_in_a_day_are_as_good_as_one() {
    let desk = Desk::new();
    let file = format!("{HEADS}\n{GOOD}\n");
    let mut last = desk.preview("a.csv", file.as_bytes());
    for _ in 0..29 {
        last = desk.preview("a.csv", file.as_bytes());
    }
    assert_eq!(desk.confirm(&last, "all").status, 303);
}

#[test]
fn an_edition_without_results_says_so() {
    let desk = Desk::new();
    let file = "year,key,order,name_vi,weight\n2030,entry_costs,1,Gia nhập thị trường,100\n";
    let preview = desk.preview_at(EDITIONS, "components", "ky-2030.csv", file.as_bytes());
    assert_eq!(desk.confirm_at(EDITIONS, &preview, "all").status, 303, "{}", preview.page.body);
    let empty = desk.officer.get("/apps/pci-index?edition=2030").expect(200).body;
    assert!(empty.contains("Kỳ này chưa có kết quả."), "{empty}");
    let narrowed = desk.officer.get("/apps/pci-index?edition=2030&q=ha").expect(200).body;
    assert!(narrowed.contains("Không có tỉnh nào phù hợp."), "{narrowed}");
}
