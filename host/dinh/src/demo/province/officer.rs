//! One officer: age, schooling, recruitment, post, pay, Party; each follows from the one before, so that no record
//! contradicts itself.

use dinh_model::Date;

use super::draw::Draw;
use super::names::{self, Group};
use super::post::{self, Post};
use super::salary::{self, Step};
use super::{day, months_after};
use crate::demo::units::DemoUnit;

/// An invented officer.
#[derive(Clone, Debug)]
pub struct Officer {
    /// The number in the register, such as `CB0061`.
    pub code: String,
    pub name: String,
    pub family: &'static str,
    pub is_woman: bool,
    pub birth: Date,
    pub group: &'static str,
    pub home: &'static str,
    pub unit: &'static DemoUnit,
    pub post: Post,
    pub education: &'static str,
    pub specialty: &'static str,
    pub graduated: i16,
    pub recruited: Date,
    pub appointed: Option<Date>,
    /// The earliest first; never empty.
    pub steps: Vec<Step>,
    pub admitted: Option<Date>,
    pub theory: &'static str,
    pub is_married: bool,
    /// A measure of discipline: the day on which it was decided.
    pub disciplined: Option<Date>,
    /// Counts officers from 0.
    pub index: u32,
}

const SPECIALTIES: &[(&str, u32)] = &[
    ("Luật", 16),
    ("Kinh tế", 13),
    ("Kế toán", 12),
    ("Quản lý công", 10),
    ("Hành chính học", 9),
    ("Công nghệ thông tin", 8),
    ("Xây dựng", 7),
    ("Quản lý đất đai", 7),
    ("Nông học", 5),
    ("Xây dựng Đảng", 5),
    ("Quản trị kinh doanh", 4),
    ("Công tác xã hội", 4),
];

/// The officer of an index, at the `place` in the unit: 0 heads it, 1 and 2 are deputies.
pub fn officer(index: u32, unit: &'static DemoUnit, place: u32, today: Date) -> Officer {
    let number = index + 61;
    let mut draw = Draw::of(number);
    let is_woman = draw.chance(46);
    let group = group(&mut draw, unit);
    let post = post::of(unit, place);
    let birth = birth(&mut draw, is_woman, post.leads, today);
    let family = names::family(&mut draw, group);
    // Apart from the rest: how many draws a name takes depends on the day.
    let name = names::full(&mut Draw::of(index.wrapping_add(5_000_000)), family, is_woman, birth.year());
    let education = match post.leads {
        true => draw.weighed(&[("Tiến sĩ", 6), ("Thạc sĩ", 60), ("Đại học", 34)]),
        false => draw.weighed(&[("Thạc sĩ", 24), ("Đại học", 62), ("Cao đẳng", 9), ("Trung cấp", 5)]),
    };
    let (grade, years) = match education {
        "Trung cấp" => ("01.005", 2),
        "Cao đẳng" => ("01.004", 3),
        _ => ("01.003", 4),
    };
    let graduated = birth.year() + 18 + years;
    // Recruited some years after school, and not later than a while ago.
    let recruited = day(graduated, 9, 1);
    let waited = i32::try_from(draw.below(60)).unwrap_or_default();
    let recruited = months_after(recruited, waited).min(months_after(today, -3).first_of_month());
    let appointed = post.leads.then(|| {
        let months = i32::try_from(draw.between(1, 58)).unwrap_or(1);
        months_after(today, -months).first_of_month().max(months_after(recruited, 24))
    });
    let promoted = grade == "01.003" && (post.leads || draw.chance(25));
    let steps = salary::history(recruited, grade, promoted, today);
    let joins = post.leads || draw.chance(72);
    let after = i32::try_from(draw.between(10, 110)).unwrap_or(12);
    let admitted = months_after(recruited, after);
    let admitted = day(admitted.year(), i8::try_from(draw.between(1, 12)).unwrap_or(1), 19);
    let admitted = Some(admitted.max(months_after(recruited, 6))).filter(|day| joins && *day < today);
    let theory = match (admitted.is_some(), post.leads) {
        (_, true) => draw.weighed(&[("Cao cấp", 60), ("Trung cấp", 36), ("Cử nhân", 4)]),
        (true, _) => draw.weighed(&[("Sơ cấp", 40), ("Trung cấp", 55), ("Cao cấp", 5)]),
        _ => "Sơ cấp",
    };
    let age = today.year() - birth.year();
    let ago = i32::try_from(draw.between(1, 14)).unwrap_or(1);
    let disciplined = Some(months_after(today, -ago)).filter(|day| index % 97 == 40 && recruited < *day);
    Officer {
        code: format!("CB{number:04}"),
        name,
        family,
        is_woman,
        birth,
        group: group.name,
        home: draw.of_list(group.homes),
        unit,
        post,
        education,
        specialty: draw.weighed(SPECIALTIES),
        graduated,
        recruited,
        appointed,
        steps,
        admitted,
        theory,
        is_married: age > 26 && draw.chance(if age > 34 { 92 } else { 60 }),
        disciplined,
        index,
    }
}

/// In the communes of the highlands most are of the groups that live there.
fn group(draw: &mut Draw, unit: &DemoUnit) -> &'static Group {
    let local = |group: &&'static Group| {
        unit.kind == "xa" && group.homes.iter().any(|home| unit.name.ends_with(home))
    };
    let there: Vec<&'static Group> = names::GROUPS.iter().skip(1).filter(local).collect();
    let at = usize::try_from(draw.below(u32::try_from(there.len()).unwrap_or_default())).unwrap_or_default();
    match there.get(at) {
        Some(group) if draw.chance(55) => group,
        _ => names::group(draw),
    }
}

/// Somebody between 23 and the age of retirement; one of fifty reaches that within the year.
fn birth(draw: &mut Draw, is_woman: bool, leads: bool, today: Date) -> Date {
    // In months: 61 years and 6 months for men, 57 years for women in 2026, rising until 2028 and 2035.
    let retires: u32 = if is_woman { 684 } else { 738 };
    let youngest = if leads { 36 * 12 } else { 23 * 12 };
    let age = match draw.chance(2) {
        true => draw.between(retires - 14, retires - 3),
        // The mean of two draws: more of middle age than young or old.
        false => {
            let mut years = || draw.between(youngest, retires - 24);
            (years() + years()) / 2
        }
    };
    let born = months_after(today.first_of_month(), -i32::try_from(age).unwrap_or_default());
    day(born.year(), born.month(), i8::try_from(draw.between(1, 28)).unwrap_or(1))
}
