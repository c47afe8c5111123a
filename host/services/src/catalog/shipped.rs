//! Catalogs that come with the platform; `shipped/README.md` says how certain each is.

use dinh_model::{Localized, RequestId};

use super::import::Plan;
use super::library::{catalogs, open};
use super::model::{Changed, Version, version_key};
use super::rules::{self, Row};
use super::{Attribute, AttributeKind, Definition, Entry, import, manage, proposal};
use crate::sheets::Problem;
use crate::{Call, ServiceError};

/// The provinces (tỉnh, thành phố trực thuộc trung ương).
pub const PROVINCES: &str = "provinces";
/// The grades of civil servants (ngạch công chức): first coefficient, step, number of steps, months between raises.
pub const GRADES: &str = "civil-service-grades";
/// The base salary (mức lương cơ sở): one entry for each amount, in force in its term.
pub const BASE_SALARY: &str = "base-salary";

/// The public holidays (ngày nghỉ lễ, tết): an entry's term is days that are none of work.
pub const HOLIDAYS: &str = "holidays";

/// Why entries are there that came with the platform; kept with the version, in the deployment's language.
const REASON: &str = "Danh mục kèm theo bản phát hành của hệ thống";

/// A catalog in a file.
struct File {
    name: &'static str,
    title: [&'static str; 2],
    attributes: &'static [(&'static str, AttributeKind, [&'static str; 2])],
    csv: &'static str,
}

const SCALED: AttributeKind = AttributeKind::Decimal { scale: 2 };
const WHOLE: AttributeKind = AttributeKind::Integer;
const TEXT: AttributeKind = AttributeKind::Text;

/// All of them. The first line of each names its source.
const FILES: [File; 10] = [
    File {
        name: PROVINCES,
        title: ["Tỉnh, thành phố", "Provinces and cities"],
        attributes: &[],
        csv: include_str!("shipped/provinces.csv"),
    },
    File {
        name: "ethnic-groups",
        title: ["Dân tộc", "Ethnic groups"],
        attributes: &[],
        csv: include_str!("shipped/ethnic-groups.csv"),
    },
    File {
        name: "sexes",
        title: ["Giới tính", "Sexes"],
        attributes: &[],
        csv: include_str!("shipped/sexes.csv"),
    },
    File {
        name: "education-levels",
        title: ["Trình độ giáo dục, đào tạo", "Levels of education"],
        attributes: &[("framework-level", WHOLE, ["Bậc khung trình độ quốc gia", "Level of the framework"])],
        csv: include_str!("shipped/education-levels.csv"),
    },
    File {
        name: "political-theory-levels",
        title: ["Trình độ lý luận chính trị", "Levels of political theory"],
        attributes: &[],
        csv: include_str!("shipped/political-theory-levels.csv"),
    },
    File {
        name: GRADES,
        title: ["Ngạch công chức", "Civil-service grades"],
        attributes: &[
            ("coefficient", SCALED, ["Hệ số bậc 1", "First coefficient"]),
            ("step", SCALED, ["Mức tăng mỗi bậc", "Step"]),
            ("steps", WHOLE, ["Số bậc", "Steps"]),
            ("months", WHOLE, ["Số tháng giữ bậc", "Months at a step"]),
        ],
        csv: include_str!("shipped/civil-service-grades.csv"),
    },
    File {
        name: "document-types",
        title: ["Loại văn bản hành chính", "Types of documents"],
        attributes: &[("abbreviation", TEXT, ["Chữ viết tắt", "Abbreviation"])],
        csv: include_str!("shipped/document-types.csv"),
    },
    File {
        name: "labels",
        title: ["Độ mật", "Labels"],
        attributes: &[],
        csv: include_str!("shipped/labels.csv"),
    },
    File {
        name: BASE_SALARY,
        title: ["Mức lương cơ sở", "Base salary"],
        attributes: &[
            ("amount", WHOLE, ["Mức lương (đồng/tháng)", "Amount (đồng a month)"]),
            ("basis", TEXT, ["Căn cứ", "Basis"]),
        ],
        csv: include_str!("shipped/base-salary.csv"),
    },
    File {
        name: HOLIDAYS,
        title: ["Ngày nghỉ lễ, tết", "Public holidays"],
        attributes: &[("basis", TEXT, ["Căn cứ", "Basis"])],
        csv: include_str!("shipped/holidays.csv"),
    },
];

impl File {
    /// The source, and the table.
    fn parts(&self) -> (&'static str, &'static str) {
        let (first, table) = self.csv.split_once('\n').unwrap_or_default();
        (first.trim_start_matches('#').trim(), table)
    }

    fn definition(&self) -> Definition {
        let attribute = |(name, kind, [vi, en]): &(&str, AttributeKind, [&str; 2])| Attribute {
            name: (*name).to_owned(),
            title: Localized::new(vi, en),
            kind: *kind,
        };
        let [vi, en] = self.title;
        Definition {
            name: self.name.to_owned(),
            title: Localized::new(vi, en),
            source: self.parts().0.to_owned(),
            owner: None,
            attributes: self.attributes.iter().map(attribute).collect(),
        }
    }
}

/// What came of shipping a catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Shipped {
    /// Which.
    pub catalog: String,
    /// New entries.
    pub added: usize,
    /// Entries of an earlier release that are brought up to date.
    pub changed: usize,
    /// Entries that are as shipped.
    pub unchanged: usize,
    /// Entries that the deployment has otherwise, and keeps.
    pub kept: usize,
    /// Why none of it was laid: what the deployment has does not go with it.
    pub problems: Vec<Problem>,
    /// The request that waits for a steward; none when it is in force, or when nothing changes.
    pub request: Option<RequestId>,
}

/// Lays the catalogs that come with the platform, and what is new in them; what the deployment has changed stays as
/// it is. Defining one that is not there needs `dinh.catalog.manage` everywhere; the entries are asked for like any
/// others, by break-glass they are in force at once.
pub fn ship(call: &mut Call) -> Result<Vec<Shipped>, ServiceError> {
    FILES.iter().map(|file| ship_one(call, file)).collect()
}

fn ship_one(call: &mut Call, file: &File) -> Result<Shipped, ServiceError> {
    define(call, file)?;
    let compiled = open(call, file.name)?;
    let Plan { imported, entries, .. } = import::plan(call, file.name, file.name, file.parts().1.as_bytes())?;
    let mut shipped = Shipped {
        catalog: file.name.to_owned(),
        added: 0,
        changed: 0,
        unchanged: imported.unchanged,
        kept: 0,
        problems: imported.problems,
        request: None,
    };
    let mut laid: Vec<Entry> = Vec::new();
    for entry in entries {
        match proposal::version_of(call, file.name, &entry.code)? {
            None => shipped.added += 1,
            Some(version) if came_with_us(call, file.name, version)? => shipped.changed += 1,
            Some(_) => {
                shipped.kept += 1;
                continue;
            }
        }
        laid.push(entry);
    }
    if shipped.problems.is_empty() && shipped.kept > 0 {
        // Without those that stay, the others have to stand by themselves.
        let rows: Vec<Row> = laid.iter().cloned().map(Row::only).collect();
        shipped.problems = rules::check(&compiled, &rows, call.language());
    }
    if !shipped.problems.is_empty() {
        return Ok(Shipped { added: 0, changed: 0, ..shipped });
    }
    if !laid.is_empty() {
        shipped.request = proposal::ask(call, file.name, laid, REASON, true)?;
    }
    Ok(shipped)
}

/// Defines the catalog, or adds the attributes that are new in it: everything else is the deployment's.
fn define(call: &mut Call, file: &File) -> Result<(), ServiceError> {
    let shipped = file.definition();
    let known = catalogs(call)?.into_iter().find(|known| known.definition.name == file.name);
    let Some(known) = known else { return manage::define(call, &shipped, "") };
    let mut definition = known.definition;
    for attribute in shipped.attributes {
        if !definition.attributes.iter().any(|known| known.name == attribute.name) {
            definition.attributes.push(attribute);
        }
    }
    // When nothing is new, nothing is asked for.
    manage::define(call, &definition, "")
}

/// Whether what an entry is came with the platform.
fn came_with_us(call: &Call, catalog: &str, version: u32) -> Result<bool, ServiceError> {
    let version: Option<Version> = call.load(&version_key(catalog, version))?;
    Ok(version.is_some_and(|version| matches!(version.what, Changed::Entries { shipped: true, .. })))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use dinh_model::{Actor, Language};
    use dinh_store::memory::Memory;
    use dinh_store::{Signer, Store};

    use super::*;
    use crate::{FixedClock, Options, Platform};

    #[test]
    fn what_an_earlier_release_said_is_brought_up_to_date_and_what_the_deployment_said_stays() {
        let signer = Signer::from_seed("tests", [7; 32]).unwrap();
        let memory = Box::new(Memory::new());
        let store = Store::with_backend(memory, signer, dinh_store::Options::default()).unwrap();
        let clock = Arc::new(FixedClock::new("2026-03-02T01:00:00Z".parse().unwrap()));
        let platform = Platform::open_with(Path::new("/nowhere"), store, clock, Options::cheap()).unwrap();
        let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
        platform.perform(&operator, ship).unwrap();
        let grade = |call: &Call, code: &str| open(call, GRADES).unwrap().get(code).unwrap().clone();
        platform
            .perform(&operator, |call| {
                let old = |call: &Call, code: &str| Entry { order: 99, ..grade(call, code) };
                let (ours, theirs) = (old(call, "01.003"), old(call, "01.004"));
                proposal::ask(call, GRADES, vec![ours], "", true)?;
                proposal::ask(call, GRADES, vec![theirs], "", false)
            })
            .unwrap();
        let shipped = platform.perform(&operator, ship).unwrap();
        let grades = shipped.iter().find(|shipped| shipped.catalog == GRADES).unwrap();
        assert_eq!((grades.changed, grades.kept, grades.unchanged), (1, 1, 3));
        let call = platform.begin(&operator).unwrap();
        assert_eq!((grade(&call, "01.003").order, grade(&call, "01.004").order), (3, 99));
    }

    #[test]
    fn each_file_names_its_source_and_has_the_columns_of_its_catalog() {
        for file in &FILES {
            let (source, table) = file.parts();
            assert!(file.csv.starts_with("# ") && source.len() > 10, "{}", file.name);
            let heads: Vec<&str> = table.lines().next().unwrap().split(',').collect();
            for (name, ..) in file.attributes {
                assert!(heads.contains(name), "{}: {name}", file.name);
            }
        }
    }
}
