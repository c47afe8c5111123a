//! The units of the demo: a province with its departments and their divisions, its Party bodies, its wards and communes.
//! Real offices; who works there is invented.

/// A unit: code, name, kind, code of the unit above, first day.
#[derive(Debug)]
pub struct DemoUnit {
    /// Short code.
    pub code: &'static str,
    /// Official name.
    pub name: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// Code of the unit above; none for the province.
    pub parent: Option<&'static str>,
    /// First day of its term.
    pub since: &'static str,
}

const fn unit(
    code: &'static str,
    kind: &'static str,
    parent: Option<&'static str>,
    since: &'static str,
    name: &'static str,
) -> DemoUnit {
    DemoUnit { code, name, kind, parent, since }
}

/// A department of the province.
const fn department(code: &'static str, since: &'static str, name: &'static str) -> DemoUnit {
    unit(code, "so", Some("tinh"), since, name)
}

/// A division of a department that has been there since 1997.
const fn division(parent: &'static str, code: &'static str, name: &'static str) -> DemoUnit {
    unit(code, "phong", Some(parent), "1997-01-01", name)
}

/// A division of a department that was made of others in March 2025.
const fn merged(parent: &'static str, code: &'static str, name: &'static str) -> DemoUnit {
    unit(code, "phong", Some(parent), MERGER, name)
}

/// A Party body of the province.
const fn party(code: &'static str, since: &'static str, name: &'static str) -> DemoUnit {
    unit(code, "dang", Some("tinhuy"), since, name)
}

/// A ward or commune since the two-level local government of 1 July 2025.
const fn local(code: &'static str, kind: &'static str, name: &'static str) -> DemoUnit {
    unit(code, kind, Some("tinh"), "2025-07-01", name)
}

/// When departments of the province were merged.
const MERGER: &str = "2025-03-01";

/// How many of [`UNITS`] come first whose officers are written down by hand.
pub const BY_HAND: usize = 15;

/// The units, each after the one above it.
pub const UNITS: &[DemoUnit] = &[
    unit("tinh", "tinh", None, "1997-01-01", "Tỉnh Thanh Hóa"),
    department("vpubnd", "1997-01-01", "Văn phòng Uỷ ban nhân dân tỉnh"),
    department("skhdt", "1997-01-01", "Sở Kế hoạch và Đầu tư"),
    division("skhdt", "skhdt-thqh", "Phòng Tổng hợp – Quy hoạch"),
    unit("skhdt-dkkd", "phong", Some("skhdt"), "2000-01-01", "Phòng Đăng ký kinh doanh"),
    unit(
        "skhdt-xtdt",
        "phong",
        Some("skhdt"),
        "2005-01-01",
        "Trung tâm Xúc tiến đầu tư và Hỗ trợ doanh nghiệp",
    ),
    department("snv", "1997-01-01", "Sở Nội vụ"),
    division("snv", "snv-ccvc", "Phòng Công chức, viên chức"),
    department("sxd", "1997-01-01", "Sở Xây dựng"),
    unit("tinhuy", "dang", Some("tinh"), "1997-01-01", "Tỉnh uỷ"),
    party("vptu", "1997-01-01", "Văn phòng Tỉnh uỷ"),
    party("btctu", "1997-01-01", "Ban Tổ chức Tỉnh uỷ"),
    party("ubkttu", "1997-01-01", "Uỷ ban Kiểm tra Tỉnh uỷ"),
    local("hac-thanh", "phuong", "Uỷ ban nhân dân phường Hạc Thành"),
    local("sam-son", "phuong", "Uỷ ban nhân dân phường Sầm Sơn"),
    // From here on officers are generated.
    party("btgdvtu", "2025-02-03", "Ban Tuyên giáo và Dân vận Tỉnh uỷ"),
    party("bnctu", "2013-06-01", "Ban Nội chính Tỉnh uỷ"),
    party("dukccqd", "2025-02-03", "Đảng uỷ các cơ quan Đảng tỉnh"),
    party("duubnd", "2025-02-03", "Đảng uỷ Uỷ ban nhân dân tỉnh"),
    party("tct", "1997-01-01", "Trường Chính trị tỉnh Thanh Hóa"),
    department("stc", MERGER, "Sở Tài chính"),
    merged("stc", "stc-ns", "Phòng Quản lý ngân sách"),
    merged("stc", "stc-gcs", "Phòng Quản lý giá và công sản"),
    merged("stc", "stc-tcdt", "Phòng Tài chính đầu tư"),
    merged("stc", "stc-vp", "Văn phòng Sở Tài chính"),
    department("snnmt", MERGER, "Sở Nông nghiệp và Môi trường"),
    merged("snnmt", "snnmt-dd", "Phòng Quản lý đất đai"),
    merged("snnmt", "snnmt-mt", "Phòng Quản lý môi trường"),
    merged("snnmt", "snnmt-kl", "Chi cục Kiểm lâm"),
    merged("snnmt", "snnmt-tl", "Chi cục Thuỷ lợi"),
    merged("snnmt", "snnmt-vp", "Văn phòng Sở Nông nghiệp và Môi trường"),
    department("sct", "1997-01-01", "Sở Công Thương"),
    division("sct", "sct-cn", "Phòng Quản lý công nghiệp"),
    division("sct", "sct-tm", "Phòng Quản lý thương mại"),
    division("sct", "sct-nl", "Phòng Quản lý năng lượng"),
    division("sct", "sct-vp", "Văn phòng Sở Công Thương"),
    department("skhcn", MERGER, "Sở Khoa học và Công nghệ"),
    merged("skhcn", "skhcn-cds", "Phòng Chuyển đổi số"),
    merged("skhcn", "skhcn-qlkh", "Phòng Quản lý khoa học"),
    merged("skhcn", "skhcn-bcvt", "Phòng Bưu chính, viễn thông"),
    merged("skhcn", "skhcn-vp", "Văn phòng Sở Khoa học và Công nghệ"),
    department("syt", "1997-01-01", "Sở Y tế"),
    division("syt", "syt-nvy", "Phòng Nghiệp vụ y"),
    division("syt", "syt-nvd", "Phòng Nghiệp vụ dược"),
    merged("syt", "syt-btxh", "Phòng Bảo trợ xã hội và trẻ em"),
    division("syt", "syt-vp", "Văn phòng Sở Y tế"),
    department("sgddt", "1997-01-01", "Sở Giáo dục và Đào tạo"),
    division("sgddt", "sgddt-gdmn", "Phòng Giáo dục mầm non"),
    division("sgddt", "sgddt-gdth", "Phòng Giáo dục trung học"),
    division("sgddt", "sgddt-qlcl", "Phòng Quản lý chất lượng giáo dục"),
    division("sgddt", "sgddt-vp", "Văn phòng Sở Giáo dục và Đào tạo"),
    department("svhttdl", "2008-05-01", "Sở Văn hoá, Thể thao và Du lịch"),
    unit("svhttdl-dl", "phong", Some("svhttdl"), "2008-05-01", "Phòng Quản lý du lịch"),
    unit("svhttdl-ds", "phong", Some("svhttdl"), "2008-05-01", "Phòng Quản lý di sản văn hoá"),
    unit("svhttdl-vp", "phong", Some("svhttdl"), "2008-05-01", "Văn phòng Sở Văn hoá, Thể thao và Du lịch"),
    department("stp", "1997-01-01", "Sở Tư pháp"),
    division("stp", "stp-vbpl", "Phòng Xây dựng và kiểm tra văn bản"),
    division("stp", "stp-http", "Phòng Hành chính tư pháp"),
    division("stp", "stp-vp", "Văn phòng Sở Tư pháp"),
    department("sdtg", MERGER, "Sở Dân tộc và Tôn giáo"),
    merged("sdtg", "sdtg-csdt", "Phòng Chính sách dân tộc"),
    merged("sdtg", "sdtg-tg", "Phòng Tôn giáo"),
    department("thanhtra", "1997-01-01", "Thanh tra tỉnh"),
    division("thanhtra", "thanhtra-nv1", "Phòng Nghiệp vụ 1"),
    division("thanhtra", "thanhtra-nv2", "Phòng Nghiệp vụ 2"),
    division("thanhtra", "thanhtra-nv3", "Phòng Nghiệp vụ 3"),
    department("bqlns", "2006-05-15", "Ban Quản lý Khu kinh tế Nghi Sơn và các khu công nghiệp"),
    unit("bqlns-dt", "phong", Some("bqlns"), "2006-05-15", "Phòng Quản lý đầu tư"),
    unit("bqlns-qhxd", "phong", Some("bqlns"), "2006-05-15", "Phòng Quản lý quy hoạch và xây dựng"),
    unit("bqlns-tnmt", "phong", Some("bqlns"), "2006-05-15", "Phòng Quản lý tài nguyên và môi trường"),
    unit("bqlns-vp", "phong", Some("bqlns"), "2006-05-15", "Văn phòng Ban Quản lý"),
    local("bim-son", "phuong", "Uỷ ban nhân dân phường Bỉm Sơn"),
    local("quang-trung", "phuong", "Uỷ ban nhân dân phường Quang Trung"),
    local("dong-son", "phuong", "Uỷ ban nhân dân phường Đông Sơn"),
    local("ham-rong", "phuong", "Uỷ ban nhân dân phường Hàm Rồng"),
    local("nguyet-vien", "phuong", "Uỷ ban nhân dân phường Nguyệt Viên"),
    local("quang-phu", "phuong", "Uỷ ban nhân dân phường Quảng Phú"),
    local("tinh-gia", "phuong", "Uỷ ban nhân dân phường Tĩnh Gia"),
    local("nghi-son", "phuong", "Uỷ ban nhân dân phường Nghi Sơn"),
    local("ha-trung", "xa", "Uỷ ban nhân dân xã Hà Trung"),
    local("nga-son", "xa", "Uỷ ban nhân dân xã Nga Sơn"),
    local("hau-loc", "xa", "Uỷ ban nhân dân xã Hậu Lộc"),
    local("hoang-hoa", "xa", "Uỷ ban nhân dân xã Hoằng Hoá"),
    local("nong-cong", "xa", "Uỷ ban nhân dân xã Nông Cống"),
    local("trieu-son", "xa", "Uỷ ban nhân dân xã Triệu Sơn"),
    local("tho-xuan", "xa", "Uỷ ban nhân dân xã Thọ Xuân"),
    local("yen-dinh", "xa", "Uỷ ban nhân dân xã Yên Định"),
    local("thieu-hoa", "xa", "Uỷ ban nhân dân xã Thiệu Hoá"),
    local("vinh-loc", "xa", "Uỷ ban nhân dân xã Vĩnh Lộc"),
    local("kim-tan", "xa", "Uỷ ban nhân dân xã Kim Tân"),
    local("cam-thuy", "xa", "Uỷ ban nhân dân xã Cẩm Thuỷ"),
    local("ngoc-lac", "xa", "Uỷ ban nhân dân xã Ngọc Lặc"),
    local("ba-thuoc", "xa", "Uỷ ban nhân dân xã Bá Thước"),
    local("hoi-xuan", "xa", "Uỷ ban nhân dân xã Hồi Xuân"),
    local("quan-son", "xa", "Uỷ ban nhân dân xã Quan Sơn"),
    local("linh-son", "xa", "Uỷ ban nhân dân xã Linh Sơn"),
    local("thuong-xuan", "xa", "Uỷ ban nhân dân xã Thường Xuân"),
    local("nhu-thanh", "xa", "Uỷ ban nhân dân xã Như Thanh"),
    local("nhu-xuan", "xa", "Uỷ ban nhân dân xã Như Xuân"),
    local("muong-lat", "xa", "Uỷ ban nhân dân xã Mường Lát"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_a_hundred_units_each_after_the_one_above_it_and_none_of_them_twice() {
        assert_eq!(UNITS.len(), 100);
        let mut known: Vec<&str> = Vec::new();
        for unit in UNITS {
            assert!(unit.parent.is_none_or(|parent| known.contains(&parent)), "{}", unit.code);
            assert!(unit.since.parse::<dinh_model::Date>().is_ok(), "{}", unit.code);
            assert!(!known.contains(&unit.code), "{}", unit.code);
            known.push(unit.code);
        }
        assert!(UNITS.iter().filter(|unit| unit.parent == Some("tinhuy")).count() >= 5);
        assert_eq!(UNITS[BY_HAND].code, "btgdvtu");
    }
}
