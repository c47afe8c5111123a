//! Import of scores: preview, all or only the good rows, and every bad file with one clear outcome.

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::server::Server;
use dinh_tests::visitor::{Response, Visitor};

const PAGE: &str = "/apps/pci-index/import";
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

    /// Uploads a file and shows its preview, or why there is none.
    fn preview(&self, name: &str, content: &[u8]) -> Preview {
        let answer = self.officer.submit_file(PAGE, "scores", name, content);
        if answer.status != 303 {
            return Preview { at: String::new(), page: answer };
        }
        let at = answer.location().to_owned();
        Preview { page: self.officer.get(&at).expect(200), at }
    }

    /// Confirms what is previewed.
    fn confirm(&self, preview: &Preview, rows: &str) -> Response {
        self.officer.submit(&preview.at, PAGE, &[("rows", rows)])
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
    at: String,
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
    let provinces = [
        "Hà Nội",
        "Hà Giang",
        "Cao Bằng",
        "Bắc Kạn",
        "Tuyên Quang",
        "Lào Cai",
        "Điện Biên",
        "Lai Châu",
        "Sơn La",
        "Yên Bái",
    ];
    let years = [2019, 2020, 2021, 2022, 2023, 2024];
    let mut rows = Vec::new();
    for number in 0..10_000 {
        let (year, province) = (years[number % 6], provinces[number / 6 % 10]);
        // The first sixty are one line for each province and edition; the rest name provinces there are not.
        let province = if number < 60 { province.to_owned() } else { format!("Tỉnh thứ {number}") };
        rows.push(format!("{year},{province},7,7,6,7,6,5,6,6,5,7,N/A,N/A,"));
    }
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let before: usize = years.iter().map(|year| desk.results(*year)).sum();
    let preview = desk.preview("muoi-nghin.csv", &file(&rows));
    assert!(preview.shows("10.000") && preview.shows("9.940"), "{}", preview.page.body);
    let done = desk.confirm(&preview, "good");
    assert_eq!(done.status, 303, "{done:?}");
    let after: usize = years.iter().map(|year| desk.results(*year)).sum();
    // Hà Nội 2021 was there, and is replaced by its line.
    assert_eq!(after, before + 59);

    let too_many: Vec<&str> = rows.iter().copied().chain([GOOD]).collect();
    assert_eq!(desk.preview("qua-nhieu.csv", &file(&too_many)).page.status, 422);
}
