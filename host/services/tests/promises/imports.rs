//! Importing and exporting catalogs: all or nothing, with a full report.

use dinh_model::{Localized, Value};
use dinh_services::ServiceError;
use dinh_services::catalog::{
    Attribute, AttributeKind, BASE_SALARY, Definition, GRADES, Imported, PROVINCES, catalogs, define,
    export_csv, export_json, import_csv, open,
};
use proptest::prelude::*;

use crate::codes::{get, import_at_once, list, ship, successors};
use crate::house::{House, at_once, denied, invalid, refused};

const LEVELS: &str = "levels";

fn with_catalog() -> House {
    let house = House::new();
    house.admin(|call| define(call, &levels(), ""));
    house
}

fn levels() -> Definition {
    Definition {
        name: LEVELS.into(),
        title: Localized::new("Trình độ", "Levels"),
        source: "Phụ lục của tỉnh".into(),
        owner: None,
        attributes: Vec::new(),
    }
}

fn import(house: &House, csv: &str) -> Imported {
    house.admin(|call| import_at_once(call, LEVELS, csv))
}

/// Line, column and value of each problem.
fn problems(imported: &Imported) -> Vec<(u32, &str, &str)> {
    let one = |problem: &dinh_services::sheets::Problem| {
        (problem.line, problem.column.clone().unwrap_or_default(), problem.value.clone())
    };
    imported
        .problems
        .iter()
        .map(one)
        .map(|(line, column, value)| (line, &*column.leak(), &*value.leak()))
        .collect()
}

#[test]
fn what_is_exported_is_imported_as_the_same() {
    let house = House::new();
    ship(&house);
    let csv = house.read(|call| export_csv(call, PROVINCES).unwrap());
    assert!(csv.starts_with("\u{feff}code,name_vi,"), "spreadsheets need the byte-order mark");
    assert_eq!(csv.matches("\r\n").count(), 88);
    let again = house.admin(|call| import_at_once(call, PROVINCES, &csv));
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 87), "{:?}", again.problems);
    let other = House::new();
    other.admin(|call| {
        define(call, &Definition { name: PROVINCES.into(), ..levels() }, "")?;
        import_at_once(call, PROVINCES, &csv)
    });
    assert_eq!(other.read(|call| export_csv(call, PROVINCES).unwrap()), csv);
}

#[test]
fn json_says_the_same_as_csv_and_is_imported_as_the_same() {
    let house = House::new();
    ship(&house);
    for catalog in [PROVINCES, GRADES, BASE_SALARY, "document-types"] {
        let json = house.read(|call| export_json(call, catalog).unwrap());
        let again = house.admin(|call| import_at_once(call, catalog, &json));
        assert_eq!((again.added, again.changed, again.problems.len()), (0, 0, 0), "{catalog}");
        let other = House::new();
        other.admin(|call| {
            let known = catalogs(&house.platform.begin(&house.origin(house.admin)).unwrap()).unwrap();
            let known = known.into_iter().find(|known| known.definition.name == catalog).unwrap();
            define(call, &known.definition, "")?;
            import_at_once(call, catalog, &json)
        });
        let csv = |house: &House| house.read(|call| export_csv(call, catalog).unwrap());
        assert_eq!(csv(&other), csv(&house), "{catalog}");
    }
    let json = house.read(|call| export_json(call, GRADES).unwrap());
    assert!(json.contains(r#""coefficient": "2.34""#) && json.contains(r#""steps": 9"#), "{json}");
}

#[test]
fn json_that_is_not_as_it_should_be_is_told_with_its_place() {
    let house = House::new();
    ship(&house);
    let wrong = |json: &str| {
        invalid(house.as_person(house.admin, |call| at_once(call, |call| import_csv(call, GRADES, json, ""))))
    };
    assert!(wrong("{\"entries\": [{\"code\": \"x\"}]}").contains("line 1 column"));
    assert!(wrong("{\"entries\": []}").contains("1 to 100000"));
    let entry = |more: &str| {
        format!("{{\"entries\":[{{\"code\":\"x\",\"name_vi\":\"X\",\"valid_from\":\"2020-01-01\",{more}}}]}}")
    };
    assert!(wrong(&entry("\"colour\":1")).contains("colour"));
    assert!(wrong(&entry("\"attributes\":{\"salary\":1}")).contains("salary"));
    assert!(wrong(&entry("\"attributes\":{\"steps\":1.5}")).contains("steps"));
    assert!(wrong(&entry("\"attributes\":{\"coefficient\":\"2.345\"}")).contains("coefficient"));
    let good = entry("\"attributes\":{\"coefficient\":2.5,\"steps\":3}");
    assert_eq!(house.admin(|call| import_at_once(call, GRADES, &good)).added, 1);
}

#[test]
fn attributes_are_columns_of_their_own_and_of_their_types() {
    let house = House::new();
    ship(&house);
    let import = |csv: &str| house.admin(|call| import_at_once(call, GRADES, csv));
    let heads = "code,name_vi,valid_from,coefficient,step,steps,months\n";
    let imported = import(&format!(
        "{heads}x1,Một,2020-01-01,2.345,0.33,9,36\nx2,Hai,2020-01-01,2.34,a,9,36\nx3,Ba,2020-01-01,2.34,0.33,9.5,36\n"
    ));
    let places: Vec<_> = problems(&imported).into_iter().map(|(line, column, _)| (line, column)).collect();
    assert_eq!(places, [(2, "coefficient"), (3, "step"), (4, "steps")]);
    assert_eq!(import(&format!("{heads}x1,Một,2020-01-01,\"2,34\",\"0,33\",9,\n")).added, 1);
    let entry = house.read(|call| get(call, GRADES, "x1").unwrap().unwrap());
    let number = |text: &str| Value::Decimal(text.parse().unwrap());
    assert_eq!(entry.attributes, [number("2.34"), number("0.33"), Value::Integer(9)]);
    // What a file has no column for stays.
    assert_eq!(import("code,name_vi,valid_from\nx1,Một hai,2020-01-01\n").changed, 1);
    let renamed = house.read(|call| get(call, GRADES, "x1").unwrap().unwrap());
    assert_eq!((renamed.name.vi.as_str(), renamed.attributes.len()), ("Một hai", 3));
}

#[test]
fn attributes_keep_their_names_types_and_order() {
    let house = House::new();
    ship(&house);
    let grades = house.read(|call| open(call, GRADES).unwrap().catalog().definition.clone());
    let change = |change: &dyn Fn(&mut Definition)| {
        let mut changed = grades.clone();
        change(&mut changed);
        house.as_person(house.admin, |call| define(call, &changed, ""))
    };
    for wrong in [
        &(|it: &mut Definition| it.attributes.truncate(1)) as &dyn Fn(&mut Definition),
        &|it| it.attributes.swap(0, 1),
        &|it| it.attributes[0].kind = AttributeKind::Text,
        &|it| it.attributes[2].name = "buoc".into(),
    ] {
        assert_eq!(refused(change(wrong)), "catalog-attributes");
    }
    let named = |name: &str| Attribute {
        name: name.into(),
        title: Localized::new("Ghi chú", "Note"),
        kind: AttributeKind::Text,
    };
    for name in ["", "Note", "code", "valid_from", "coefficient"] {
        invalid(change(&|it| it.attributes.push(named(name))));
    }
    invalid(change(&|it| it.attributes.extend((0..17).map(|number| named(&format!("n{number}"))))));
    invalid(change(&|it| {
        it.attributes.push(Attribute { kind: AttributeKind::Decimal { scale: 19 }, ..named("n") })
    }));
    change(&|it| it.attributes.push(named("note"))).unwrap();
    assert_eq!(house.read(|call| open(call, GRADES).unwrap().catalog().version), 3);
}

#[test]
fn a_term_is_within_that_of_the_code_above_and_successors_begin_later() {
    let house = with_catalog();
    let heads = "code,name_vi,valid_from,valid_until,parent,predecessors\n";
    let imported = import(
        &house,
        &format!("{heads}a,A,2020-01-01,2025-01-01,,\nb,B,2020-01-01,,a,\nc,C,2019-12-31,2021-01-01,a,\n"),
    );
    assert_eq!(problems(&imported), [(3, "parent", "a"), (4, "parent", "a")]);
    assert_eq!(
        import(&house, &format!("{heads}a,A,2020-01-01,,,\nb,B,2020-01-01,,a,\nd,D,2022-01-01,,,a\n")).added,
        3
    );
    // An entry that others stand on does not end under them, nor begin after what became of it.
    let ended = import(&house, &format!("{heads}a,A,2020-01-01,2024-01-01,,\n"));
    assert_eq!(problems(&ended), [(2, "valid_until", "2024-01-01")]);
    assert!(ended.problems[0].message.contains("“b”"), "{}", ended.problems[0].message);
    let later = import(&house, &format!("{heads}a,A,2022-01-01,,,\nb,B,2022-01-01,,a,\n"));
    assert_eq!(problems(&later), [(2, "valid_from", "2022-01-01")]);
    // Together with them it does.
    let both = import(&house, &format!("{heads}a,A,2020-01-01,2024-01-01,,\nb,B,2020-01-01,2024-01-01,a,\n"));
    assert_eq!((both.changed, both.problems.len()), (2, 0), "{:?}", both.problems);
}

#[test]
fn a_name_that_does_not_show_as_it_reads_is_refused() {
    let house = with_catalog();
    let imported = import(&house, "code,name_vi,valid_from\na,Sở\u{202e}Y tế,2020-01-01\n");
    assert_eq!(problems(&imported)[0].1, "name_vi");
}

#[test]
fn entries_come_in_their_order_then_by_code() {
    let house = with_catalog();
    let imported = import(
        &house,
        "code,name_vi,valid_from,order\nkha,Khá,2020-01-01,2\nxs,Xuất sắc,2020-01-01,1\ntb,Trung bình,2020-01-01,3\nam,Âm,2020-01-01,-1\n",
    );
    assert_eq!((imported.added, imported.problems.len()), (4, 0), "{:?}", imported.problems);
    let codes = |house: &House| {
        house.read(|call| {
            let listed = list(call, LEVELS, call.today(), None, 10).unwrap();
            listed.entries.into_iter().map(|entry| entry.code).collect::<Vec<_>>()
        })
    };
    assert_eq!(codes(&house), ["am", "xs", "kha", "tb"]);
    import(&house, "code,name_vi,valid_from,order\nxs,Xuất sắc,2020-01-01,9\n");
    assert_eq!(codes(&house), ["am", "kha", "tb", "xs"], "an entry leaves its old place");
}

#[test]
fn every_mistake_is_reported_with_line_column_value_and_remedy_and_nothing_is_imported() {
    let house = with_catalog();
    let imported = import(
        &house,
        "code,name_vi,valid_from,valid_until,parent,predecessors\n\
         a,Một,2020-01-01,,,\n\
         a,Hai,2020-01-01,,,\n\
         b,Ba,2020-01-01,2020-01-01,,\n\
         c,Bốn,2020-13-01,,,\n\
         d,,2020-01-01,,,\n\
         e,Sáu,2020-01-01,,khong-co,\n\
         f,Bảy,2020-01-01,,f,\n\
         g,Tám,2020-01-01,,,g|khong-co|h\n\
         h,Chín,2021-01-01,,,\n\
         mã xấu,Mười,2020-01-01,,,\n\
         i,---,2020-01-01,,,\n",
    );
    assert_eq!((imported.added, imported.changed, imported.unchanged), (0, 0, 0));
    assert_eq!(
        problems(&imported),
        [
            (3, "code", "a"),
            (4, "valid_until", "2020-01-01"),
            (5, "valid_from", "2020-13-01"),
            (6, "name_vi", ""),
            (7, "parent", "khong-co"),
            (8, "parent", "f"),
            (9, "predecessors", "g"),
            (9, "predecessors", "khong-co"),
            (9, "predecessors", "h"),
            (11, "code", "mã xấu"),
            (12, "name_vi", "---"),
        ]
    );
    assert!(
        imported.problems.iter().all(|problem| !problem.message.is_empty() && !problem.remedy.is_empty())
    );
    assert!(imported.problems.first().unwrap().message.contains("dòng 2"));
    assert_eq!(house.read(|call| get(call, LEVELS, "a").unwrap()), None);
}

#[test]
fn codes_above_do_not_lead_in_a_circle_not_even_through_what_is_stored() {
    let house = with_catalog();
    let imported = import(
        &house,
        "code,name_vi,valid_from,parent\na,A,2020-01-01,c\nb,B,2020-01-01,a\nc,C,2020-01-01,b\n",
    );
    assert_eq!(problems(&imported), [(2, "parent", "c"), (3, "parent", "a"), (4, "parent", "b")]);
    assert_eq!(
        import(&house, "code,name_vi,valid_from,parent\na,A,2020-01-01,\nb,B,2020-01-01,a\n").added,
        2
    );
    let imported = import(&house, "code,name_vi,valid_from,parent\na,A,2020-01-01,b\n");
    assert_eq!(problems(&imported), [(2, "parent", "b")]);
}

#[test]
fn a_misspelt_head_is_a_mistake_and_a_missing_one_is_named() {
    let house = with_catalog();
    let imported = import(&house, "code,name_vi,valid_from,valid_untill\na,A,2020-01-01,2021-01-01\n");
    assert_eq!(problems(&imported), [(1, "", "valid_untill")]);
    let missing = house.as_person(house.admin, |call| import_csv(call, LEVELS, "code,name_vi\na,A\n", ""));
    assert!(invalid(missing).contains("valid_from"));
    for empty in ["", "\u{feff}", "code,name_vi,valid_from\n"] {
        assert!(matches!(
            house.as_person(house.admin, |call| import_csv(call, LEVELS, empty, "")),
            Err(ServiceError::Invalid(_))
        ));
    }
}

#[test]
fn files_of_spreadsheets_are_read_as_they_come() {
    let house = with_catalog();
    let imported =
        import(&house, "\u{feff}Code;Name_VI;valid_from;valid_until\r\na;\"Một; hai\";01/07/2025;\r\n");
    assert_eq!((imported.added, imported.problems.len()), (1, 0), "{:?}", imported.problems);
    let entry = house.read(|call| get(call, LEVELS, "a").unwrap().unwrap());
    assert_eq!((entry.name.vi.as_str(), entry.name.en.as_str()), ("Một; hai", "Một; hai"));
    assert_eq!(entry.valid_from.to_string(), "2025-07-01");
    assert_eq!(import(&house, "code,name_vi,valid_from\nb,Ho\u{301}a,2020-01-01\n").added, 1);
    assert_eq!(house.read(|call| get(call, LEVELS, "b").unwrap().unwrap().name.vi), "Hóa");
}

#[test]
fn a_succession_can_be_taken_back() {
    let house = with_catalog();
    import(&house, "code,name_vi,valid_from,predecessors\na,A,2020-01-01,\nb,B,2021-01-01,a\n");
    assert_eq!(house.read(|call| successors(call, LEVELS, "a").unwrap().len()), 1);
    let imported = import(&house, "code,name_vi,valid_from,predecessors\nb,B,2021-01-01,\n");
    assert_eq!((imported.added, imported.changed), (0, 1));
    assert!(house.read(|call| successors(call, LEVELS, "a").unwrap()).is_empty());
}

#[test]
fn a_catalog_is_defined_by_a_proper_name_by_whoever_may() {
    let house = with_catalog();
    for name in ["", "Tỉnh", "a", "a_b", "-a"] {
        let catalog = Definition { name: name.into(), ..levels() };
        invalid(house.as_person(house.admin, |call| define(call, &catalog, "")));
    }
    denied(house.as_person(house.officer, |call| define(call, &levels(), "")));
    denied(house.as_person(house.officer, |call| import_csv(call, LEVELS, "code,name_vi,valid_from\n", "")));
    let unknown =
        house.as_person(house.admin, |call| import_csv(call, "levles", "code,name_vi,valid_from\n", ""));
    assert!(matches!(unknown, Err(ServiceError::NotFound { .. })));
}

#[test]
fn an_import_of_ten_thousand_entries_is_one_change() {
    let house = with_catalog();
    let seq = house.seq();
    let lines: String = (0..10_000).map(|number| format!("x{number},Xã số {number},2025-07-01\n")).collect();
    let imported = import(&house, &format!("code,name_vi,valid_from\n{lines}"));
    assert_eq!((imported.added, house.seq()), (10_000, seq + 1));
    assert_eq!(house.last().entry.detail.get("added").unwrap(), "10000");
}

#[test]
fn no_text_of_an_export_is_run_by_a_spreadsheet_and_each_comes_back_as_it_was() {
    let house = with_catalog();
    let longest = format!("-{}", "x".repeat(39));
    let imported = import(
        &house,
        &format!(
            "code,name_vi,valid_from,aliases\n{longest},=cmd|calc,2020-01-01,+a|@b\nb,''=Hai,2020-01-01,'ba\n"
        ),
    );
    assert_eq!((imported.added, imported.problems.len()), (2, 0), "{:?}", imported.problems);
    let exported = house.read(|call| export_csv(call, LEVELS).unwrap());
    for line in [format!("'{longest},'=cmd|calc,"), "b,''=Hai,".into(), ",'+a|@b,".into(), ",'ba,".into()] {
        assert!(exported.contains(&line), "{line}: {exported}");
    }
    let again = import(&house, &exported);
    assert_eq!((again.unchanged, again.problems.len()), (2, 0), "{:?}", again.problems);
    let long = import(&house, &format!("code,name_vi,valid_from\n{},Một,2020-01-01\n", "x".repeat(41)));
    assert_eq!(problems(&long), [(2, "code", "x".repeat(41).as_str())]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_entries_hold_they_survive_export_and_import(
        names in prop::collection::vec(("[a-zđăâêôơư ,;\"'|=-]{0,12}[a-z]", "[A-Z][a-z ,\"]{0,9}"), 1..8),
        order in -5_i64..5,
    ) {
        let house = with_catalog();
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["code", "name_vi", "name_en", "valid_from", "valid_until", "order", "parent"]).unwrap();
        for (place, (vi, en)) in names.iter().enumerate() {
            let parent = if place == 0 { String::new() } else { format!("x{}", place - 1) };
            let order = (order + place as i64 % 3).to_string();
            let code = format!("x{place}");
            csv.write_record([&code, vi, en, "2020-01-01", "2031-12-31", &order, &parent]).unwrap();
        }
        let text = String::from_utf8(csv.into_inner().unwrap()).unwrap();
        let imported = import(&house, &text);
        prop_assert_eq!((imported.added, imported.problems.len()), (names.len(), 0), "{:?}", imported.problems);
        let exported = house.read(|call| export_csv(call, LEVELS).unwrap());
        let again = import(&house, &exported);
        prop_assert_eq!((again.added, again.changed, again.unchanged), (0, 0, names.len()));
        let other = with_catalog();
        import(&other, &exported);
        prop_assert_eq!(other.read(|call| export_csv(call, LEVELS).unwrap()), exported);
    }
}
