//! What the limits of a plugin are called in front of people. Manifests and evidence spell them as
//! [`KEYS`](dinh_runtime::limits::KEYS) and [`Trip`](dinh_runtime::Trip) do.

use dinh_model::{Language, Localized};

/// The name of a limit, with its unit of measure; the name itself when it is not known here.
pub fn limit(name: &str, language: Language) -> String {
    let (vi, en) = match name {
        "cpu-milliseconds" => ("Thời gian tính toán (mili giây)", "Computing time (milliseconds)"),
        "wall-milliseconds" => ("Thời gian của một lượt gọi (mili giây)", "Time of a call (milliseconds)"),
        "memory-mebibytes" => ("Bộ nhớ (MiB)", "Memory (MiB)"),
        "memory-bytes" => ("Bộ nhớ (byte)", "Memory (bytes)"),
        "stack-bytes" => ("Ngăn xếp (byte)", "Stack (bytes)"),
        "rows-read" => ("Số dòng được đọc", "Rows read"),
        "records-written" => ("Số bản ghi được ghi", "Records written"),
        "host-bytes" => ("Dữ liệu trao đổi với nền tảng (byte)", "Bytes exchanged with the host"),
        "log-lines" => ("Số dòng nhật ký kỹ thuật", "Lines of the technical log"),
        "timers" => ("Số hẹn giờ trong một lượt gọi", "Timers of a call"),
        "plugin-timers" => ("Số hẹn giờ của ứng dụng", "Timers of the application"),
        "notices" => ("Số thông báo trong một lượt gọi", "Notices of a call"),
        "plugin-notices" => ("Số thông báo trong một ngày", "Notices a day"),
        "calls-per-minute" => ("Số lượt gọi trong một phút", "Calls a minute"),
        "calls-running" => ("Số lượt gọi chạy cùng lúc", "Calls that run at once"),
        "calls-waiting" => ("Số lượt gọi chờ", "Calls that wait"),
        "records" => ("Số bản ghi được lưu", "Records kept"),
        "storage-mebibytes" => ("Dung lượng được lưu (MiB)", "Storage (MiB)"),
        "storage-bytes" => ("Dung lượng được lưu (byte)", "Storage (bytes)"),
        other => return other.to_owned(),
    };
    Localized::new(vi, en).get(language).to_owned()
}

/// The same with the name itself, which the vendor looks for.
pub fn with_name(name: &str, language: Language) -> String {
    let words = limit(name, language);
    if words == name { words } else { format!("{words}, {name}") }
}

#[cfg(test)]
mod tests {
    use dinh_runtime::limits::KEYS;

    use super::*;

    #[test]
    fn every_limit_that_a_manifest_may_set_has_a_name_in_both_languages() {
        for key in KEYS {
            for language in [Language::Vi, Language::En] {
                assert_ne!(limit(key.name, language), key.name, "{language:?}");
            }
        }
    }
}
