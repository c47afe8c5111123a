//! An old code in today's words, and back.

use dinh_model::{Date, Localized};
use dinh_services::catalog::{Definition, PROVINCES, Translation, define, open};
use proptest::prelude::*;

use crate::codes::{day, import_at_once, ship};
use crate::house::House;

/// Codes that a code can be on a day, and whether it is exactly one.
fn translated(house: &House, catalog: &str, code: &str, to: &str) -> Option<(bool, Vec<String>)> {
    house.read(|call| {
        let compiled = open(call, catalog).unwrap();
        let translation = compiled.translate(code, day(to))?;
        let exact = matches!(translation, Translation::Exact(_));
        Some((exact, translation.candidates().into_iter().map(|entry| entry.code.clone()).collect()))
    })
}

fn exactly(code: &str) -> Option<(bool, Vec<String>)> {
    Some((true, vec![code.to_owned()]))
}

#[test]
fn each_of_the_63_is_exactly_one_of_the_34_and_back_a_merger_shows_all_it_came_from() {
    let house = House::new();
    ship(&house);
    let old: Vec<String> = house.read(|call| {
        let compiled = open(call, PROVINCES).unwrap();
        let listed = compiled.list(day("2021-12-31"), None, 100).unwrap();
        listed.entries.into_iter().map(|entry| entry.code.clone()).collect()
    });
    assert_eq!(old.len(), 63);
    for code in &old {
        let (exact, after) = translated(&house, PROVINCES, code, "2026-11-22").unwrap();
        assert!(exact && after.len() == 1, "{code}: {after:?}");
        // And that one came from it.
        let (_, before) = translated(&house, PROVINCES, &after[0], "2021-12-31").unwrap();
        assert!(before.contains(code), "{code}: {before:?}");
        assert_eq!(translated(&house, PROVINCES, code, "2021-12-31"), exactly(code), "in its own term");
    }
    // Bình Thuận and Đắk Nông became Lâm Đồng; Thanh Hóa is what it was.
    assert_eq!(translated(&house, PROVINCES, "60", "2025-07-01"), exactly("68-2025"));
    assert_eq!(translated(&house, PROVINCES, "67", "2025-07-01"), exactly("68-2025"));
    assert_eq!(translated(&house, PROVINCES, "38", "2025-07-01"), exactly("38"));
    let lam_dong = ["60", "67", "68"].map(str::to_owned).to_vec();
    assert_eq!(translated(&house, PROVINCES, "68-2025", "2020-01-01"), Some((false, lam_dong)));
    // Huế changed twice in name and stayed alone.
    assert_eq!(translated(&house, PROVINCES, "46", "2026-01-01"), exactly("46-2025"));
    assert_eq!(translated(&house, PROVINCES, "46-2025", "2024-12-31"), exactly("46"));
    assert_eq!(
        translated(&house, PROVINCES, "60", "2003-12-31"),
        Some((false, Vec::new())),
        "before all of it"
    );
    assert_eq!(translated(&house, PROVINCES, "999", "2026-01-01"), None);
}

fn with(csv: &str) -> House {
    let house = House::new();
    let definition = Definition {
        name: "levels".into(),
        title: Localized::new("Trình độ", "Levels"),
        source: "Phụ lục".into(),
        owner: None,
        attributes: Vec::new(),
    };
    house.admin(|call| {
        define(call, &definition, "")?;
        let imported = import_at_once(call, "levels", csv)?;
        assert_eq!(imported.problems, []);
        Ok(())
    });
    house
}

#[test]
fn a_split_is_ambiguous_also_over_several_steps_and_a_code_without_successor_is_nothing() {
    let house = with(
        "code,name_vi,valid_from,valid_until,predecessors\n\
         a,Cũ,2000-01-01,2010-01-01,\n\
         b,Hai,2010-01-01,2020-01-01,a\n\
         c,Ba,2010-01-01,,a\n\
         d,Bốn,2020-01-01,,b\n\
         e,Năm,2020-01-01,,b\n\
         f,Sáu,2000-01-01,2010-01-01,\n",
    );
    let levels = |code: &str, to: &str| translated(&house, "levels", code, to).unwrap();
    let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    assert_eq!(levels("a", "2015-01-01"), (false, codes(&["b", "c"])));
    assert_eq!(levels("a", "2026-01-01"), (false, codes(&["c", "d", "e"])));
    assert_eq!(levels("e", "2005-01-01"), (true, codes(&["a"])), "a split goes back to one");
    assert_eq!(levels("f", "2026-01-01"), (false, codes(&[])));
    assert_eq!(levels("a", "2009-12-31"), (true, codes(&["a"])));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Entries begin a year after each other and name earlier ones at will.
    #[test]
    fn what_a_code_becomes_is_in_its_term_and_leads_back_to_it(
        rows in prop::collection::vec((prop::collection::vec(0_usize..12, 0..3), 1_i16..6), 1..12),
        to in 2000_i16..2020,
    ) {
        let mut csv = "code,name_vi,valid_from,valid_until,predecessors\n".to_owned();
        for (place, (before, lasts)) in rows.iter().enumerate() {
            let from = 2000 + place as i16;
            let before: Vec<_> = before.iter().filter(|it| **it < place).map(|it| format!("x{it}")).collect();
            csv.push_str(&format!("x{place},Mã {place},{from}-01-01,{}-01-01,{}\n", from + lasts, before.join("|")));
        }
        let house = with(&csv);
        let day = Date::new(to, 6, 1).unwrap();
        house.read(|call| {
            let compiled = open(call, "levels").unwrap();
            for entry in compiled.entries() {
                let translation = compiled.translate(&entry.code, day).unwrap();
                let several = matches!(translation, Translation::Ambiguous(_));
                let found = translation.candidates();
                assert!(found.iter().all(|found| found.is_valid_on(day)));
                assert_eq!(several, found.len() > 1);
                // Plainly: whoever can be reached over entries that had begun, or had not ended, by then.
                let mut reached = vec![entry.code.clone()];
                for _ in 0..rows.len() {
                    let steps: Vec<_> = reached.iter().filter(|code| !compiled.get(code).unwrap().is_valid_on(day))
                        .flat_map(|code| if entry.valid_from <= day { compiled.successors(code) } else { compiled.predecessors(code) })
                        .filter(|step| if entry.valid_from <= day { step.valid_from <= day } else { step.valid_until.unwrap() > day })
                        .map(|step| step.code.clone()).collect();
                    reached.extend(steps);
                    reached.sort();
                    reached.dedup();
                }
                reached.retain(|code| compiled.get(code).unwrap().is_valid_on(day));
                let mut codes: Vec<_> = found.iter().map(|found| found.code.clone()).collect();
                codes.sort();
                assert_eq!(codes, reached, "{} on {day}", entry.code);
            }
        });
    }
}
