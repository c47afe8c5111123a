//! The tables of personnel's imports, as a clerk would bring them: a head, then a line for each officer or each row of a
//! history.

use dinh_model::Date;

use super::draw::Draw;
use super::officer::Officer;
use super::{day, months_after, post};

const AGENCY: &str = "Uỷ ban nhân dân tỉnh Thanh Hóa";

/// A line of a table; cells with commas are quoted, and none has quotes.
fn line(cells: &[&str]) -> String {
    let cells = cells.iter().map(|cell| match cell.contains(',') {
        true => format!("\"{cell}\""),
        false => (*cell).to_owned(),
    });
    cells.collect::<Vec<_>>().join(",")
}

/// A day, or nothing.
fn or_empty(day: Option<Date>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// The columns of [`people`].
pub const PEOPLE: &str = "code,full-name,birth-date,sex,birth-place,home-town,ethnic-group,religion,\
    permanent-address,residence,citizen-id,social-insurance,status,unit,category,recruited-on,recruited-by,position,\
    appointed-on,appointed-until,main-work,grade,step,coefficient,over-frame,step-since,position-allowance,\
    general-education,education-level,specialty,political-theory,state-management,foreign-language,computing,\
    party-admitted-on,party-official-on,party-post,youth-union-on,enlisted-on,discharged-on,military-rank,health,height,\
    weight,blood-group";

const WORK: &[&str] = &[
    "Tham mưu tổng hợp",
    "Theo dõi, báo cáo",
    "Thẩm định hồ sơ",
    "Tiếp nhận và trả kết quả",
    "Quản lý dự án",
    "Văn thư, lưu trữ",
    "Công tác tổ chức, cán bộ",
    "Kế toán",
];
const STREETS: &[&str] =
    &["Lê Lợi", "Trần Phú", "Nguyễn Trãi", "Bà Triệu", "Quang Trung", "Lê Hoàn", "Đội Cung", "Hạc Thành"];

/// The line of an officer.
pub fn people(officer: &Officer, today: Date) -> Option<String> {
    let mut draw = Draw::of(officer.index.wrapping_add(1_000_000));
    let step = officer.steps.last()?;
    let home = format!("{}, tỉnh Thanh Hóa", officer.home);
    let address = format!("Số {}, đường {}, {home}", draw.between(1, 240), draw.of_list(STREETS));
    // 9xxxxx in place of the running number, which no office has reached: nobody's.
    let sex = u8::from(officer.is_woman) + if officer.birth.year() >= 2000 { 2 } else { 0 };
    let citizen = format!("038{sex}{:02}9{:05}", officer.birth.year().rem_euclid(100), officer.index);
    let insurance = format!("3800{:06}", officer.index + 1);
    let lacks = |of: u32, at: u32| officer.index % of == at;
    let management = match step.grade {
        "01.001" => "Ngạch chuyên viên cao cấp",
        "01.002" => "Ngạch chuyên viên chính",
        _ => "Ngạch chuyên viên",
    };
    let until = officer.appointed.and_then(|day| months_after(day, 60).yesterday().ok());
    let official = officer.admitted.map(|day| months_after(day, 12)).filter(|day| *day <= today);
    let serves = !officer.is_woman && draw.chance(12);
    let enlisted = serves.then(|| day(officer.birth.year() + 18, 2, 15));
    let discharged = serves.then(|| day(officer.birth.year() + 20, 2, 10));
    let height = if officer.is_woman { draw.between(148, 168) } else { draw.between(158, 180) };
    let weight = if officer.is_woman { draw.between(43, 64) } else { draw.between(54, 82) };
    Some(line(&[
        &officer.code,
        &officer.name,
        &officer.birth.to_string(),
        if officer.is_woman { "Nữ" } else { "Nam" },
        &home,
        &home,
        officer.group,
        draw.weighed(&[("Không", 95), ("Công giáo", 4), ("Phật giáo", 1)]),
        &address,
        &home,
        if lacks(41, 7) { "" } else { &citizen },
        if lacks(53, 11) { "" } else { &insurance },
        "Đang công tác",
        officer.unit.code,
        if officer.unit.name.starts_with("Trường") { "Viên chức" } else { "Công chức" },
        &officer.recruited.to_string(),
        AGENCY,
        officer.post.title.unwrap_or_else(|| post::of_grade(step.grade)),
        &or_empty(officer.appointed),
        &or_empty(until),
        draw.of_list(WORK),
        step.grade,
        &step.step.to_string(),
        &step.coefficient(),
        &if step.over_frame > 0 { step.over_frame.to_string() } else { String::new() },
        &step.from.to_string(),
        officer.post.allowance,
        if lacks(67, 13) { "" } else { "12/12" },
        officer.education,
        officer.specialty,
        officer.theory,
        management,
        draw.weighed(&[("Tiếng Anh A2", 40), ("Tiếng Anh B1", 40), ("Tiếng Anh B2", 20)]),
        "Ứng dụng CNTT cơ bản",
        &or_empty(officer.admitted),
        &or_empty(official),
        if officer.post.heads { "Bí thư chi bộ" } else { "" },
        &day(officer.birth.year() + 16, 3, 26).to_string(),
        &or_empty(enlisted),
        &or_empty(discharged),
        if serves { "Trung sĩ" } else { "" },
        "Tốt",
        &height.to_string(),
        &weight.to_string(),
        draw.weighed(&[("O", 42), ("A", 21), ("B", 30), ("AB", 7)]),
    ]))
}

/// What somebody was before: a specialist, then appointed.
pub fn careers(officer: &Officer) -> Vec<String> {
    let unit = officer.unit;
    let row = |from: Date, until: Option<Date>, title: &str, basis: &str| {
        line(&[&officer.code, &from.to_string(), &or_empty(until), unit.name, title, unit.code, basis])
    };
    let before = officer.appointed.and_then(|day| day.yesterday().ok());
    let first = officer.steps.first().map_or("", |step| post::of_grade(step.grade));
    let mut rows = vec![row(officer.recruited, before, first, "")];
    if let (Some(appointed), Some(title)) = (officer.appointed, officer.post.title) {
        let basis = format!("Quyết định số {}/QĐ-UBND", officer.index % 900 + 100);
        rows.push(row(appointed, None, title, &basis));
    }
    rows
}

/// How the pay rose: the last steps, as far back as the books that were taken over.
pub fn steps(officer: &Officer) -> Vec<String> {
    const KEPT: usize = 3;
    let steps = officer.steps.iter().skip(officer.steps.len().saturating_sub(KEPT));
    let row = |step: &super::salary::Step| {
        let over = if step.over_frame > 0 { step.over_frame.to_string() } else { String::new() };
        let (from, number) = (step.from.to_string(), step.step.to_string());
        line(&[
            &officer.code,
            &from,
            step.grade,
            &number,
            &step.coefficient(),
            &over,
            "Quyết định nâng bậc lương",
        ])
    };
    steps.map(row).collect()
}

/// The columns of [`trainings`].
pub const TRAININGS: &str =
    "officer,school,specialty,from,until,mode,degree,education-level,political-theory";

/// A training, as far as it does not follow from the officer.
struct Course<'a> {
    school: &'a str,
    specialty: &'a str,
    from: Date,
    until: Date,
    mode: &'a str,
    degree: String,
    /// What it attests: education, or political theory.
    level: (&'a str, &'a str),
}

/// School and what came after it, and the course of political theory. Nobody has finished what lies ahead: whom the years
/// are too short for has the level without the training, as in records that were taken over.
pub fn trainings(officer: &Officer, today: Date) -> Vec<String> {
    let mut draw = Draw::of(officer.index.wrapping_add(2_000_000));
    let (school, title, level) = match officer.education {
        "Trung cấp" => ("Trường Cao đẳng Công nghiệp Thanh Hoá", "Trung cấp", "Trung cấp"),
        "Cao đẳng" => ("Trường Cao đẳng Công nghiệp Thanh Hoá", "Cao đẳng", "Cao đẳng"),
        _ => (
            draw.of_list(&[
                "Trường Đại học Hồng Đức",
                "Trường Đại học Luật Hà Nội",
                "Trường Đại học Kinh tế quốc dân",
                "Trường Đại học Vinh",
                "Học viện Hành chính Quốc gia",
                "Học viện Nông nghiệp Việt Nam",
            ]),
            "Cử nhân",
            "Đại học",
        ),
    };
    let years = match title {
        "Trung cấp" => 2,
        "Cao đẳng" => 3,
        _ => 4,
    };
    let (graduated, specialty) = (officer.graduated, officer.specialty);
    let mut courses = vec![Course {
        school,
        specialty,
        from: day(graduated - years, 9, 5),
        until: day(graduated, 6, 30),
        mode: "Chính quy",
        degree: format!("{title} {specialty}"),
        level: (level, ""),
    }];
    let further: &[(&str, &str, i16)] = match officer.education {
        "Thạc sĩ" => &[("Thạc sĩ", "Học viện Hành chính Quốc gia", 2)],
        "Tiến sĩ" => &[
            ("Thạc sĩ", "Học viện Hành chính Quốc gia", 2),
            ("Tiến sĩ", "Trường Đại học Kinh tế quốc dân", 4),
        ],
        _ => &[],
    };
    let mut begun = officer.recruited.year() + 3;
    for (level, school, lasts) in further {
        courses.push(Course {
            school,
            specialty,
            from: day(begun, 9, 5),
            until: day(begun + lasts, 7, 30),
            mode: "Vừa làm vừa học",
            degree: format!("{level} {specialty}"),
            level: (level, ""),
        });
        begun += lasts + 1;
    }
    if courses.iter().any(|course| course.until > today) {
        courses.truncate(1);
        courses.iter_mut().for_each(|course| course.level = ("", ""));
    }
    let later = officer.recruited.year() + 6;
    if matches!(officer.theory, "Trung cấp" | "Cao cấp") && day(later + 1, 3, 30) <= today {
        let school = match officer.theory {
            "Cao cấp" => "Học viện Chính trị khu vực I",
            _ => "Trường Chính trị tỉnh Thanh Hóa",
        };
        courses.push(Course {
            school,
            specialty: "Lý luận chính trị",
            from: day(later, 3, 1),
            until: day(later + 1, 3, 30),
            mode: "Tập trung",
            degree: format!("{} lý luận chính trị", officer.theory),
            level: ("", officer.theory),
        });
    }
    let row = |course: Course<'_>| {
        let (from, until) = (course.from.to_string(), course.until.to_string());
        let Course { school, specialty, mode, level: (education, theory), .. } = course;
        line(&[&officer.code, school, specialty, &from, &until, mode, &course.degree, education, theory])
    };
    courses.into_iter().map(row).collect()
}

/// The columns of [`allowances`].
pub const ALLOWANCES: &str = "officer,kind,rate,from,until,basis";

/// That of the position, since the appointment.
pub fn allowances(officer: &Officer, today: Date) -> Vec<String> {
    let appointed = officer.appointed.filter(|day| *day <= today && !officer.post.allowance.is_empty());
    let row = |day: Date| {
        let (kind, rate, from) = ("Chức vụ lãnh đạo (hệ số)", officer.post.allowance, day.to_string());
        line(&[&officer.code, kind, rate, &from, "", "Quyết định bổ nhiệm"])
    };
    appointed.map(row).into_iter().collect()
}

/// Rewards of some, and discipline of few.
pub fn rewards(officer: &Officer, today: Date) -> Vec<String> {
    let mut draw = Draw::of(officer.index.wrapping_add(3_000_000));
    let year = today.year() - i16::try_from(draw.between(1, 6)).unwrap_or(1);
    if !draw.chance(35) || year <= officer.recruited.year() {
        return Vec::new();
    }
    let (form, authority) = match draw.below(3) {
        0 => ("Bằng khen của Chủ tịch UBND tỉnh", "Chủ tịch UBND tỉnh"),
        1 => ("Chiến sĩ thi đua cơ sở", "Thủ trưởng đơn vị"),
        _ => ("Giấy khen", "Thủ trưởng đơn vị"),
    };
    let decided = day(year, 12, 20).to_string();
    vec![line(&[&officer.code, &decided, form, authority, "Hoàn thành xuất sắc nhiệm vụ", ""])]
}

/// Discipline of few.
pub fn disciplines(officer: &Officer) -> Vec<String> {
    let Some(decided) = officer.disciplined else { return Vec::new() };
    let (form, months) =
        if officer.index.is_multiple_of(2) { ("Khiển trách", 3) } else { ("Cảnh cáo", 6) };
    let (until, basis) = (months_after(decided, 12), format!("Quyết định số {}/QĐ", officer.index));
    let (decided, until, months) = (decided.to_string(), until.to_string(), months.to_string());
    let content = "Chậm xử lý hồ sơ, văn bản";
    vec![line(&[&officer.code, &decided, form, "Thủ trưởng đơn vị", content, &until, &months, &basis])]
}

/// What the file holds: of most officers everything, of some not.
pub fn papers(officer: &Officer) -> Vec<String> {
    let mut draw = Draw::of(officer.index.wrapping_add(6_000_000));
    let kinds: [(&str, u32, Option<Date>); 7] = [
        ("Quyển lý lịch cán bộ, công chức", 1, None),
        ("Sơ yếu lý lịch (mẫu 2C)", 3, None),
        ("Bản sao giấy khai sinh", 2, None),
        ("Văn bằng, chứng chỉ", 1, None),
        ("Giấy chứng nhận sức khoẻ", 6, None),
        ("Quyết định tuyển dụng", 1, Some(officer.recruited)),
        ("Lý lịch đảng viên", 2, officer.admitted),
    ];
    let mut rows = Vec::new();
    for (kind, lacking, dated) in kinds {
        let is_theirs = kind != "Lý lịch đảng viên" || officer.admitted.is_some();
        if !draw.chance(lacking) && is_theirs {
            rows.push(line(&[&officer.code, kind, "", &or_empty(dated)]));
        }
    }
    rows
}
