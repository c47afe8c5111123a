//! The family of an officer: parents, spouse, children, with names and years that fit.

use dinh_model::Date;

use super::draw::Draw;
use super::names::{self, GROUPS};
use super::officer::Officer;

/// The rows of an officer's relatives.
pub fn rows(officer: &Officer, today: Date) -> Vec<String> {
    let mut draw = Draw::of(officer.index.wrapping_add(4_000_000));
    let born = officer.birth.year();
    let years =
        |draw: &mut Draw, first: u32, last: u32| i16::try_from(draw.between(first, last)).unwrap_or(25);
    let group = GROUPS.iter().find(|group| group.name == officer.group);
    let other = |draw: &mut Draw| group.map_or("Nguyễn", |group| names::family(draw, group));
    let home = format!("\"{}, tỉnh Thanh Hóa\"", officer.home);
    let mut rows = Vec::new();
    let mut add = |relation: &str, name: String, year: i16, details: &str| {
        rows.push(format!("{},Bản thân,{relation},{name},{year},{details}", officer.code));
    };
    let father = born - years(&mut draw, 22, 34);
    let mother = father + years(&mut draw, 0, 5);
    add("Bố đẻ", names::full(&mut draw, officer.family, false, father), father, &home);
    let family = other(&mut draw);
    add("Mẹ đẻ", names::full(&mut draw, family, true, mother), mother, &home);
    if officer.is_married {
        let spouse = other(&mut draw);
        let relation = if officer.is_woman { "Chồng" } else { "Vợ" };
        let year =
            if officer.is_woman { born - years(&mut draw, 0, 6) } else { born + years(&mut draw, 0, 6) };
        add(relation, names::full(&mut draw, spouse, !officer.is_woman, year), year, &home);
        let family = if officer.is_woman { spouse } else { officer.family };
        let first = born + years(&mut draw, 25, 31);
        for child in 0..draw.between(1, 2) {
            let year = first + i16::try_from(child * 4).unwrap_or_default();
            if year < today.year() {
                let is_woman = draw.chance(49);
                let does = if year + 22 > today.year() { "Học sinh, sinh viên" } else { "Đã đi làm" };
                add("Con", names::full(&mut draw, family, is_woman, year), year, &format!("\"{does}\""));
            }
        }
    }
    rows
}
