//! Serves one page with every block, without a store or a plugin: to look at and to try with a keyboard, a
//! phone or a printer.
//!
//! `cargo run -p dinh-web --example gallery` serves <http://127.0.0.1:8090/> (`?lang=en`, `?wrong`, `?preview`).

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "an example"
)]

use axum::Router;
use axum::extract::RawQuery;
use axum::response::Html;
use axum::routing::get;
use dinh_model::{Label, Language, Value};
use dinh_runtime::bindings::views::Block;
use dinh_services::sheets::{Problem as SheetProblem, Sheet, SheetColumnData};
use dinh_web::{assets, directory, draw, form, format, guard, messages, place, shell};

mod contract {
    pub use dinh_runtime::bindings::{types, views};
}
#[path = "../../../tests/plugins/gallery/src/gallery.rs"]
mod gallery;
#[path = "../src/village.rs"]
mod village;

use form::{Filled, Problem, Raw};

fn sheet() -> Sheet {
    let texts = |values: [&str; 4]| values.iter().map(|text| Value::Text((*text).to_owned())).collect();
    let number = |text: &str| Value::Decimal(text.parse().unwrap());
    Sheet {
        file_name: "pci-2021.csv".to_owned(),
        lines: vec![2, 3, 4, 5],
        columns: vec![
            SheetColumnData {
                name: "province".to_owned(),
                values: texts(["Quảng Ninh", "Hải Phòng", "Quảng Ninh", "Đồng Tháp"]),
                wrong: vec![false; 4],
            },
            SheetColumnData {
                name: "entry".to_owned(),
                values: vec![number("7.98"), number("6.52"), number("7.98"), Value::Empty],
                wrong: vec![false, false, false, true],
            },
        ],
        problems: vec![SheetProblem {
            row: 3,
            line: 5,
            column: Some("entry".to_owned()),
            value: "11".to_owned(),
            message: "“11” không nằm trong khoảng 1,00 đến 10,00.".to_owned(),
            remedy: "Ghi điểm từ 1,00 đến 10,00, hoặc N/A.".to_owned(),
        }],
        unlisted_problems: 0,
        unknown_heads: vec!["Ghi chú".to_owned()],
    }
}

fn wrong() -> Filled {
    let texts = [
        ("f.name", ""),
        ("f.children", "hai"),
        ("f.coefficient", "4,98"),
        ("f.sex", "nu"),
        ("f.party", "true"),
        ("f.boss.words", "nguyễn"),
    ];
    let pairs = texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let problem =
        |name: &str, message: &str| Problem { name: Some(name.to_owned()), message: message.to_owned() };
    let found = directory::Directory::search_people(&village::Village, "nguyễn", 20);
    Filled {
        form: "edit".to_owned(),
        raw: Raw::typed(pairs, vec![]),
        problems: vec![
            problem("f.name", "Hãy nhập “Họ và tên khai sinh”."),
            problem("f.children", "“Số con” phải là số nguyên, ví dụ 1.250."),
            problem("f.boss", "“Người quản lý trực tiếp”: có nhiều kết quả cho “nguyễn”. Hãy chọn một."),
        ],
        stale: true,
        found: [("f.boss".to_owned(), found)].into(),
        more: None,
    }
}

async fn page(RawQuery(query): RawQuery) -> Html<String> {
    let query = query.unwrap_or_default();
    let language = if query.contains("lang=en") { Language::En } else { Language::Vi };
    let plugin = "pci-index".parse().unwrap();
    let reader = village::Village.reader(language);
    let guard = guard::Guard::new([7; 32]);
    let mut view = gallery::page();
    let (sheet, filled) = (sheet(), wrong());
    if query.contains("preview") {
        for block in view.sections.iter_mut().flat_map(|section| &mut section.blocks) {
            if let Block::SheetImport(import) = block {
                import.preview = Some(gallery::sheet_preview());
            }
        }
    }
    let canvas = draw::Canvas {
        texts: reader.texts,
        formats: format::Formats::of(language),
        place: place::Place { plugin: &plugin, path: "/gallery", query: &[] },
        directory: &village::Village,
        guard: Some(&guard),
        whose: None,
        filled: query.contains("wrong").then_some(&filled),
        sheet: query.contains("preview").then_some(draw::SheetAtHand {
            id: "1-2-3",
            block: "scores",
            sheet: &sheet,
        }),
        unreadable: None,
        label: Label::Confidential,
        today: reader.today,
        prints: None,
        largest_file: 20 << 20,
    };
    let content = draw::page(&canvas, &view);
    let entry =
        |text: &str, current| shell::NavEntry { text: text.to_owned(), href: "/".to_owned(), current };
    let application = shell::Application {
        name: "Chỉ số PCI".to_owned(),
        href: "/".to_owned(),
        menu: vec![
            entry("Xếp hạng", true),
            entry("So sánh", false),
            entry("Nhập dữ liệu", false),
            entry("Các kỳ công bố", false),
        ],
    };
    let who = shell::Who {
        name: "Nguyễn Thị Lan".to_owned(),
        login: "nguyenthilan".to_owned(),
        unit: "Sở Kế hoạch và Đầu tư".to_owned(),
        sign_out: String::new(),
        acting: None,
    };
    let frame = shell::Frame {
        texts: messages::Texts::of(language),
        title: &view.title,
        who: Some(&who),
        application: Some(&application),
        here: "/",
    };
    Html(shell::page(&frame, &content).into_string())
}

#[tokio::main]
async fn main() {
    let router = Router::new().route("/", get(page)).route("/assets/{version}/{name}", get(assets::serve));
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8090".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await.unwrap();
    println!("http://{}/", listener.local_addr().unwrap());
    axum::serve(listener, router).await.unwrap();
}
