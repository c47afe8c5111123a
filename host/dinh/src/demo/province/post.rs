//! What somebody is called in a unit, by its kind.

use crate::demo::units::DemoUnit;

/// A post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post {
    /// Its title; none for who is a specialist, whose title is that of the grade.
    pub title: Option<&'static str>,
    /// The allowance, as a coefficient.
    pub allowance: &'static str,
    /// Whether it is an appointment for a term.
    pub leads: bool,
    /// The first of the unit.
    pub heads: bool,
}

/// How a name begins, the head, a deputy, and their allowances.
type Titles = (&'static str, &'static str, &'static str, &'static str, &'static str);

const TITLES: &[Titles] = &[
    ("Văn phòng", "Chánh Văn phòng", "Phó Chánh Văn phòng", "0.50", "0.30"),
    ("Phòng", "Trưởng phòng", "Phó Trưởng phòng", "0.50", "0.30"),
    ("Chi cục", "Chi cục trưởng", "Phó Chi cục trưởng", "0.60", "0.40"),
    ("Sở", "Giám đốc Sở", "Phó Giám đốc Sở", "0.90", "0.70"),
    ("Thanh tra", "Chánh Thanh tra", "Phó Chánh Thanh tra", "0.90", "0.70"),
    ("Trường", "Hiệu trưởng", "Phó Hiệu trưởng", "0.90", "0.70"),
    ("Đảng uỷ", "Phó Bí thư thường trực", "Uỷ viên Ban Thường vụ", "0.90", "0.70"),
    ("Ban", "Trưởng ban", "Phó Trưởng ban", "0.90", "0.70"),
    ("Uỷ ban nhân dân phường", "Chủ tịch UBND phường", "Phó Chủ tịch UBND phường", "0.60", "0.40"),
    ("Uỷ ban nhân dân xã", "Chủ tịch UBND xã", "Phó Chủ tịch UBND xã", "0.60", "0.40"),
];

/// The post at a place of a unit.
pub fn of(unit: &DemoUnit, place: u32) -> Post {
    let titles = TITLES.iter().find(|(begins, ..)| unit.name.starts_with(begins));
    match (titles, place) {
        (Some((_, head, _, allowance, _)), 0) => {
            Post { title: Some(head), allowance, leads: true, heads: true }
        }
        (Some((_, _, deputy, _, allowance)), 1 | 2) => {
            Post { title: Some(deputy), allowance, leads: true, heads: false }
        }
        _ => Post { title: None, allowance: "", leads: false, heads: false },
    }
}

/// The title of a specialist of a grade.
pub fn of_grade(grade: &str) -> &'static str {
    match grade {
        "01.004" => "Cán sự",
        "01.005" => "Nhân viên",
        "01.001" => "Chuyên viên cao cấp",
        "01.002" => "Chuyên viên chính",
        _ => "Chuyên viên",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::units::{BY_HAND, UNITS};

    #[test]
    fn every_unit_has_a_head_and_deputies() {
        for unit in UNITS.iter().skip(BY_HAND) {
            let posts = [0, 1, 2, 3].map(|place| of(unit, place));
            assert!(posts[0].heads && posts[1].leads && posts[2].leads && !posts[3].leads, "{}", unit.name);
        }
    }
}
