//! What the details of evidence are called on the page that lists it. What is exported, and what is verified, has them as
//! they were written.

use dinh_model::{Label, Language, Localized, UnitId};

use super::desk::Desk;

/// One detail as a reader has it: `số dòng: 7`. A name that is not known here stays as it was written.
pub fn detail(desk: &Desk<'_>, name: &str, value: &str) -> String {
    let units = ["unit", "home", "parent"];
    let unit = units.contains(&name).then(|| value.parse().ok().map(UnitId)).flatten();
    let value = match unit {
        Some(unit) => desk.unit_name(unit),
        None => self::value(value, desk.language()),
    };
    format!("{}: {value}", self::name(name, desk.language()))
}

/// The name of a detail.
fn name(name: &str, language: Language) -> String {
    let (vi, en) = match name {
        "added" => ("thêm mới", "added"),
        "basis" => ("căn cứ", "basis"),
        "changed" => ("sửa", "changed"),
        "changes" => ("theo dõi thay đổi", "follows changes"),
        "channel" => ("kênh", "channel"),
        "clearance" => ("tiếp cận đến độ mật", "cleared to"),
        "code" => ("mã", "code"),
        "command" => ("lệnh", "command"),
        "consumer" => ("bên đọc", "read by"),
        "count" => ("số lượng", "count"),
        "dataset" => ("bộ dữ liệu", "dataset"),
        "day" => ("ngày", "day"),
        "due" => ("hạn trả lời", "answer due"),
        "factor" => ("lớp xác thực thứ hai", "second factor"),
        "fields" => ("trường", "fields"),
        "filter" => ("lọc theo", "filter"),
        "form" => ("biểu mẫu", "form"),
        "from" => ("từ", "from"),
        "grant" => ("phân quyền số", "grant"),
        "hash-renewed" => ("làm mới mã băm mật khẩu", "password hash renewed"),
        "home" => ("đơn vị sở hữu", "home unit"),
        "how" => ("cách đọc", "how"),
        "in-time" => ("đúng hạn", "in time"),
        "keep" => ("được lưu giữ", "may keep"),
        "kind" => ("loại", "kind"),
        "label" => ("độ mật", "label"),
        "limit" => ("giới hạn", "limit"),
        "must-change-password" => ("phải đổi mật khẩu", "must change the password"),
        "narrowed" => ("đã thu hẹp", "narrowed"),
        "oldest-ended" => ("kết thúc phiên cũ nhất", "oldest session ended"),
        "own" => ("chỉ của bản thân", "own records"),
        "package" => ("gói cài đặt", "package"),
        "parent" => ("đơn vị cấp trên", "unit above"),
        "part" => ("phần", "part"),
        "permission" => ("quyền", "permission"),
        "permissions" => ("số quyền", "permissions"),
        "reason" => ("lý do", "reason"),
        "records" => ("số bản ghi", "records"),
        "request" => ("đề nghị số", "request"),
        "role" => ("vai trò", "role"),
        "route" => ("trang", "page"),
        "rows" => ("số dòng", "rows"),
        "rule" => ("quy tắc", "rule"),
        "session" => ("phiên", "session"),
        "system-user" => ("người dùng hệ điều hành", "system user"),
        "table" => ("bảng", "table"),
        "tables" => ("các bảng", "tables"),
        "unit" => ("đơn vị", "unit"),
        "units" => ("các đơn vị", "units"),
        "until" => ("đến", "until"),
        "used" => ("đã dùng", "used"),
        "allowed" => ("cho phép", "allowed"),
        "version" => ("phiên bản", "version"),
        "wanted" => ("dữ liệu cần đọc", "wanted"),
        "wrapped-by" => ("khoá bọc", "wrapped by"),
        other => return other.to_owned(),
    };
    Localized::new(vi, en).get(language).to_owned()
}

/// What a value says; texts stay as they are.
fn value(value: &str, language: Language) -> String {
    let (vi, en) = match value {
        "true" => ("có", "yes"),
        "false" | "none" => ("không", "no"),
        "page" => ("trang", "page"),
        "token" => ("mã truy cập", "token"),
        text => {
            let label = Label::ALL.into_iter().find(|label| label.as_str() == text);
            return label.map_or(text, |label| label.name(language)).to_owned();
        }
    };
    Localized::new(vi, en).get(language).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_have_their_words_and_strange_ones_stay() {
        assert_eq!(name("rows", Language::Vi), "số dòng");
        assert_eq!(name("rows", Language::En), "rows");
        assert_eq!(name("of-tomorrow", Language::Vi), "of-tomorrow");
        assert_eq!(value("confidential", Language::Vi), Label::Confidential.name(Language::Vi));
        assert_eq!(value("false", Language::Vi), "không");
        assert_eq!(value("/catalogs", Language::Vi), "/catalogs");
    }
}
