//! Names as people of the province bear them: family names by how frequent they are (Lê Trung Hoa, *Họ và tên người Việt
//! Nam*, 2005, for the Kinh; the usual ones of each group for the others), middle and given names by sex and age. Put
//! together by chance: no real person is meant.

use super::draw::Draw;

/// An ethnic group (dân tộc): its name in the catalog, its share, its family names, its home communes.
pub struct Group {
    /// As the shared catalog has it.
    pub name: &'static str,
    /// Per thousand of the officers.
    pub share: u32,
    families: &'static [(&'static str, u32)],
    /// Where they come from.
    pub homes: &'static [&'static str],
}

const KINH: &[(&str, u32)] = &[
    ("Nguyễn", 315),
    ("Lê", 150),
    ("Trần", 95),
    ("Phạm", 80),
    ("Hoàng", 51),
    ("Trịnh", 40),
    ("Vũ", 39),
    ("Đỗ", 30),
    ("Bùi", 25),
    ("Mai", 24),
    ("Phan", 20),
    ("Đặng", 18),
    ("Ngô", 16),
    ("Hồ", 12),
    ("Dương", 12),
    ("Đinh", 10),
    ("Lưu", 10),
    ("Cao", 10),
    ("Tống", 9),
    ("Đoàn", 8),
    ("Trương", 8),
    ("Lương", 8),
    ("Đào", 7),
    ("Hà", 7),
    ("Tạ", 5),
    ("Thiều", 5),
    ("Lại", 4),
    ("Nghiêm", 3),
    ("Vương", 3),
    ("Khương", 3),
    ("Tô", 3),
];
const LOWLAND: &[&str] = &[
    "phường Hạc Thành",
    "phường Sầm Sơn",
    "phường Bỉm Sơn",
    "phường Tĩnh Gia",
    "phường Đông Sơn",
    "xã Hà Trung",
    "xã Nga Sơn",
    "xã Hậu Lộc",
    "xã Hoằng Hoá",
    "xã Quảng Xương",
    "xã Nông Cống",
    "xã Triệu Sơn",
    "xã Thọ Xuân",
    "xã Yên Định",
    "xã Thiệu Hoá",
    "xã Vĩnh Lộc",
];
const HIGHLAND: &[&str] = &[
    "xã Ngọc Lặc",
    "xã Cẩm Thuỷ",
    "xã Bá Thước",
    "xã Kim Tân",
    "xã Như Thanh",
    "xã Như Xuân",
    "xã Thường Xuân",
];
const BORDER: &[&str] = &["xã Quan Sơn", "xã Hồi Xuân", "xã Linh Sơn", "xã Thường Xuân", "xã Mường Lát"];

const MAJORITY: Group = Group { name: "Kinh", share: 830, families: KINH, homes: LOWLAND };

/// The groups, the most numerous first.
pub const GROUPS: &[Group] = &[
    MAJORITY,
    Group {
        name: "Mường",
        share: 95,
        families: &[
            ("Bùi", 30),
            ("Quách", 18),
            ("Phạm", 16),
            ("Trương", 14),
            ("Cao", 9),
            ("Đinh", 8),
            ("Hà", 5),
        ],
        homes: HIGHLAND,
    },
    Group {
        name: "Thái",
        share: 58,
        families: &[("Hà", 22), ("Lò", 18), ("Vi", 16), ("Lương", 14), ("Lộc", 9), ("Ngân", 9), ("Cầm", 7)],
        homes: BORDER,
    },
    Group {
        name: "Thổ",
        share: 7,
        families: &[("Lê", 6), ("Trương", 5), ("Bùi", 4), ("Nguyễn", 4)],
        homes: &["xã Như Xuân"],
    },
    Group {
        name: "Hmông",
        share: 6,
        families: &[("Giàng", 5), ("Thao", 5), ("Sùng", 4), ("Lâu", 4), ("Hơ", 3)],
        homes: &["xã Mường Lát"],
    },
    Group {
        name: "Dao",
        share: 4,
        families: &[("Triệu", 5), ("Phùng", 5), ("Bàn", 3)],
        homes: &["xã Cẩm Thuỷ", "xã Ngọc Lặc"],
    },
];

const MEN_MIDDLE: &[(&str, u32)] = &[
    ("Văn", 30),
    ("Đức", 9),
    ("Hữu", 8),
    ("Minh", 8),
    ("Quang", 7),
    ("Xuân", 7),
    ("Đình", 6),
    ("Ngọc", 5),
    ("Trọng", 5),
    ("Anh", 4),
    ("Thanh", 4),
    ("Viết", 3),
    ("Bá", 3),
    ("Thế", 3),
    ("Công", 3),
    ("Tiến", 3),
];
const MEN_GIVEN: &[(&str, u32)] = &[
    ("Hùng", 8),
    ("Tuấn", 8),
    ("Dũng", 7),
    ("Sơn", 6),
    ("Hải", 6),
    ("Cường", 6),
    ("Thắng", 5),
    ("Long", 5),
    ("Nam", 5),
    ("Trung", 5),
    ("Hà", 3),
    ("Bình", 4),
    ("Minh", 4),
    ("Tùng", 4),
    ("Thành", 4),
    ("Quân", 4),
    ("Đạt", 3),
    ("Huy", 3),
    ("Phúc", 3),
    ("Khánh", 3),
    ("Việt", 3),
    ("Toàn", 3),
    ("Linh", 2),
    ("Tâm", 2),
    ("Kiên", 3),
    ("Lâm", 3),
    ("Thọ", 2),
    ("Chung", 2),
    ("Hưng", 3),
    ("Vinh", 3),
    ("Quyết", 2),
    ("Giang", 2),
    ("Hiếu", 3),
    ("Tài", 2),
    ("Thuận", 2),
    ("Công", 2),
    ("Định", 2),
    ("Nghĩa", 2),
    ("Phong", 3),
    ("Trường", 3),
];
const OLDER_WOMEN_MIDDLE: &[(&str, u32)] =
    &[("Thị", 70), ("Thị Thanh", 6), ("Thị Thu", 6), ("Thị Kim", 6), ("Thị Minh", 4), ("Thị Hồng", 8)];
const YOUNGER_WOMEN_MIDDLE: &[(&str, u32)] = &[
    ("Thị", 32),
    ("Thị Thu", 9),
    ("Thị Thanh", 8),
    ("Thị Ngọc", 7),
    ("Thị Phương", 7),
    ("Thị Minh", 5),
    ("Thị Hồng", 5),
    ("Ngọc", 5),
    ("Thu", 5),
    ("Phương", 5),
    ("Khánh", 3),
    ("Thuỳ", 4),
    ("Minh", 3),
    ("Diệu", 2),
];
const WOMEN_GIVEN: &[(&str, u32)] = &[
    ("Hương", 8),
    ("Hoa", 4),
    ("Hà", 7),
    ("Hằng", 7),
    ("Thuỷ", 6),
    ("Huyền", 6),
    ("Nga", 5),
    ("Dung", 5),
    ("Hiền", 6),
    ("Trang", 6),
    ("Linh", 6),
    ("Thảo", 5),
    ("Yến", 4),
    ("Oanh", 3),
    ("Nhung", 5),
    ("Tuyết", 3),
    ("Phương", 5),
    ("Vân", 5),
    ("Loan", 3),
    ("Thơm", 2),
    ("Hạnh", 5),
    ("Ngọc", 4),
    ("Anh", 6),
    ("Mai", 4),
    ("Quỳnh", 3),
    ("Liên", 3),
    ("Tâm", 3),
    ("Nhàn", 2),
    ("Lý", 2),
    ("Hoà", 2),
    ("Giang", 3),
    ("Châu", 2),
    ("Xuân", 2),
    ("Thư", 2),
    ("My", 2),
    ("Duyên", 3),
    ("Thêu", 1),
    ("Luyến", 1),
    ("Ngân", 3),
    ("Lệ", 2),
];

/// The first year of birth of the younger ones, whose parents no longer called every daughter Thị alone.
const YOUNGER: i16 = 1985;

/// Draws a group.
pub fn group(draw: &mut Draw) -> &'static Group {
    let mut left = draw.below(GROUPS.iter().map(|group| group.share).sum());
    for group in GROUPS {
        match left.checked_sub(group.share) {
            None => return group,
            Some(rest) => left = rest,
        }
    }
    &MAJORITY
}

/// A family name.
pub fn family(draw: &mut Draw, group: &Group) -> &'static str {
    draw.weighed(group.families)
}

/// A whole name with this family name.
pub fn full(draw: &mut Draw, family: &str, is_woman: bool, born: i16) -> String {
    let middle = match (is_woman, born >= YOUNGER) {
        (false, _) => MEN_MIDDLE,
        (true, false) => OLDER_WOMEN_MIDDLE,
        (true, true) => YOUNGER_WOMEN_MIDDLE,
    };
    let middle = draw.weighed(middle);
    let given = if is_woman { WOMEN_GIVEN } else { MEN_GIVEN };
    let mut given_name = draw.weighed(given);
    // “Ngọc Ngọc” is no name.
    while middle.ends_with(given_name) {
        given_name = draw.weighed(given);
    }
    format!("{family} {middle} {given_name}")
}
