//! A directory that holds a handful of people and units: what tests and the gallery look names up in.

#![allow(dead_code, missing_docs, reason = "shared by tests and an example, which use different parts")]

use dinh_model::{AccountId, Date, FileId, Label, Language, MediaType, RecordId, UnitId};
use dinh_runtime::bindings::views::RecordPicker;
use dinh_services::files::FileInfo;

use crate::directory::{Candidate, Directory, Found, UnitEntry};
use crate::form::Reader;
use crate::format::Formats;
use crate::messages::Texts;

pub struct Village;

/// The one file that there is.
pub const FILE: FileId = RecordId([7; 16]);

pub fn file() -> FileInfo {
    FileInfo {
        id: FILE,
        name: "Quyết định <b>.pdf".to_owned(),
        media: MediaType::Pdf,
        size: 1_500_000,
        sha256: [7; 32],
        label: Label::Ordinary,
        brought_by: AccountId(1),
        brought: jiff::Timestamp::UNIX_EPOCH,
    }
}

impl Village {
    pub fn reader(&self, language: Language) -> Reader<'_> {
        Reader {
            passes_on: false,
            most_files: 20,
            texts: Texts::of(language),
            formats: Formats::of(language),
            directory: self,
            today: jiff::civil::date(2026, 7, 1),
        }
    }
}

const PEOPLE: [(u32, &str, &str); 3] = [
    (1, "Nguyễn Thị Lan", "Sở Kế hoạch và Đầu tư"),
    (2, "Trần Văn Bình", "Sở Kế hoạch và Đầu tư"),
    (3, "Nguyễn Văn An", "Uỷ ban Kiểm tra Tỉnh uỷ"),
];

const UNITS: [(u32, &str, usize); 3] =
    [(1, "Tỉnh Bình Thuận", 0), (2, "Sở Kế hoạch và Đầu tư", 1), (3, "Uỷ ban Kiểm tra Tỉnh uỷ", 1)];

const PROVINCES: [(&str, &str); 3] = [("01", "Hà Nội"), ("38", "Thanh Hóa"), ("60", "Bình Thuận")];

fn person(entry: &(u32, &str, &str)) -> Candidate {
    Candidate { value: entry.0.to_string(), text: entry.1.to_owned(), detail: entry.2.to_owned() }
}

impl Directory for Village {
    fn unit(&self, id: UnitId) -> Option<String> {
        UNITS.iter().find(|unit| unit.0 == id.0).map(|unit| unit.1.to_owned())
    }

    fn units(&self) -> Vec<UnitEntry> {
        UNITS
            .iter()
            .map(|unit| UnitEntry { id: UnitId(unit.0), name: unit.1.to_owned(), depth: unit.2 })
            .collect()
    }

    fn person(&self, id: AccountId) -> Option<Candidate> {
        PEOPLE.iter().find(|entry| entry.0 == id.0).map(person)
    }

    fn search_people(&self, words: &str, limit: usize) -> Found {
        let words = dinh_model::text::fold(words);
        let fits = |entry: &&(u32, &str, &str)| {
            let name = dinh_model::text::fold(entry.1);
            words.split(' ').all(|word| name.contains(word))
        };
        Found {
            candidates: PEOPLE.iter().filter(fits).take(limit).map(person).collect(),
            more: false,
            why: None,
        }
    }

    fn code(&self, catalog: &str, code: &str, _as_of: Date) -> Option<String> {
        PROVINCES
            .iter()
            .find(|entry| catalog == "provinces" && entry.0 == code)
            .map(|entry| entry.1.to_owned())
    }

    fn codes(&self, catalog: &str, _as_of: Date, _limit: usize) -> Option<Found> {
        (catalog == "provinces").then(|| Found {
            candidates: PROVINCES
                .iter()
                .map(|entry| Candidate {
                    value: entry.0.to_owned(),
                    text: entry.1.to_owned(),
                    detail: String::new(),
                })
                .collect(),
            more: false,
            why: None,
        })
    }

    fn file(&self, id: FileId) -> Option<FileInfo> {
        (id == FILE).then(file)
    }

    fn record(&self, _picker: &RecordPicker, _id: RecordId) -> Option<Candidate> {
        None
    }

    fn search_records(&self, _picker: &RecordPicker, _words: &str, _limit: usize) -> Found {
        Found::default()
    }
}
