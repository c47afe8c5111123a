//! Closed lists of words that no shared catalog has.

use dinh_sdk::prelude::*;

/// A word: its code, in Vietnamese, in English.
pub(crate) type Word = (&'static str, &'static str, &'static str);

/// What becomes of somebody.
pub(crate) const STATUSES: &[Word] = &[
    ("candidate", "Chờ tuyển dụng", "To be recruited"),
    ("working", "Đang công tác", "In service"),
    ("retired", "Đã nghỉ hưu", "Retired"),
    ("left", "Thôi công tác", "Left"),
];

/// Đối tượng.
pub(crate) const CATEGORIES: &[Word] = &[
    ("can-bo", "Cán bộ", "Elected cadre"),
    ("cong-chuc", "Công chức", "Civil servant"),
    ("vien-chuc", "Viên chức", "Public employee"),
    ("hop-dong", "Lao động hợp đồng", "Contract worker"),
];

/// Forms of discipline of officials.
pub(crate) const DISCIPLINE: &[Word] = &[
    ("khien-trach", "Khiển trách", "Reprimand"),
    ("canh-cao", "Cảnh cáo", "Warning"),
    ("ha-bac-luong", "Hạ bậc lương", "Lower step"),
    ("giang-chuc", "Giáng chức", "Demotion"),
    ("cach-chuc", "Cách chức", "Removal from office"),
    ("buoc-thoi-viec", "Buộc thôi việc", "Dismissal"),
];

/// Blood groups.
pub(crate) const BLOOD: &[Word] = &[("A", "A", "A"), ("B", "B", "B"), ("AB", "AB", "AB"), ("O", "O", "O")];

/// Whose relatives.
pub(crate) const SIDES: &[Word] =
    &[("ban-than", "Bản thân", "Own side"), ("vo-chong", "Bên vợ/chồng", "Spouse's side")];

/// Papers of an officer's file (thành phần hồ sơ; Thông tư 11/2012/TT-BNV, to be checked against what is in force). Which of
/// them a file has to have is a parameter.
pub(crate) const PAPERS: &[Word] = &[
    ("ly-lich", "Quyển lý lịch cán bộ, công chức", "Curriculum vitae"),
    ("so-yeu", "Sơ yếu lý lịch (mẫu 2C)", "Record sheet, signed"),
    ("khai-sinh", "Bản sao giấy khai sinh", "Birth certificate"),
    ("van-bang", "Văn bằng, chứng chỉ", "Diplomas and certificates"),
    ("suc-khoe", "Giấy chứng nhận sức khoẻ", "Certificate of health"),
    ("tuyen-dung", "Quyết định tuyển dụng", "Decision of recruitment"),
    ("danh-gia", "Bản tự kiểm điểm, phiếu đánh giá", "Yearly assessment"),
    ("tai-san", "Bản kê khai tài sản, thu nhập", "Declaration of assets"),
    (OF_MEMBERS, "Lý lịch đảng viên", "Record of Party membership"),
    ("khac", "Giấy tờ khác", "Other"),
];

/// The paper that only members of the Party have.
pub(crate) const OF_MEMBERS: &str = "dang-vien";

/// The word of a code; the code itself where it is not in the list.
pub(crate) fn word<'a>(words: &[Word], code: &'a str, language: Language) -> &'a str {
    words.iter().find(|(known, ..)| *known == code).map_or(code, |(_, vi, en)| language.of(vi, en))
}

/// The list as the choices of a field.
pub(crate) fn choices(words: &[Word], language: Language) -> Vec<Choice> {
    words.iter().map(|(code, vi, en)| Choice::new(*code, language.of(*vi, *en))).collect()
}
