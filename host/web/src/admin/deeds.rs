//! The words of the evidence: what each deed is called.

use dinh_model::Language;

/// Deeds that the evidence knows, with their official words. Others are shown as they are spelled.
pub const DEEDS: &[(&str, &str, &str)] = &[
    ("access.refused", "Từ chối quyền", "Right refused"),
    ("account.activated", "Mở lại tài khoản", "Account activated"),
    ("account.cleared", "Nâng độ mật được tiếp cận", "Clearance raised"),
    ("account.closed", "Đóng tài khoản", "Account closed"),
    ("account.created", "Tạo tài khoản", "Account created"),
    ("account.refused", "Từ chối đề nghị: mở tài khoản", "Refused: new account"),
    ("account.released", "Mở khoá đăng nhập", "Lock-out released"),
    ("account.request-lapsed", "Đề nghị quá hạn: mở tài khoản", "Request lapsed: new account"),
    ("account.request-withdrawn", "Rút đề nghị: mở tài khoản", "Request withdrawn: new account"),
    ("account.requested", "Đề nghị: mở tài khoản", "Asked for: new account"),
    ("account.suspended", "Tạm khoá tài khoản", "Account suspended"),
    ("account.transferred", "Chuyển đơn vị", "Account transferred"),
    ("account.updated", "Sửa tài khoản", "Account changed"),
    ("account.viewed", "Xem tài khoản", "Account looked at"),
    ("accounts.refused", "Từ chối đề nghị: mở tài khoản từ tệp", "Refused: accounts from a file"),
    (
        "accounts.request-lapsed",
        "Đề nghị quá hạn: mở tài khoản từ tệp",
        "Request lapsed: accounts from a file",
    ),
    (
        "accounts.request-withdrawn",
        "Rút đề nghị: mở tài khoản từ tệp",
        "Request withdrawn: accounts from a file",
    ),
    ("accounts.requested", "Đề nghị: mở tài khoản từ tệp", "Asked for: accounts from a file"),
    ("bulk.abandoned", "Huỷ đợt nhập hàng loạt", "Bulk import abandoned"),
    ("bulk.opened", "Mở đợt nhập hàng loạt", "Bulk import opened"),
    ("bulk.published", "Công bố đợt nhập hàng loạt", "Bulk import published"),
    ("call.failed", "Ứng dụng gặp lỗi", "Plugin failed"),
    ("call.trapped", "Ứng dụng dừng đột ngột", "Plugin broke off"),
    ("call.tripped", "Ứng dụng vượt giới hạn", "Plugin reached a limit"),
    ("catalog.changed", "Sửa danh mục dùng chung", "Catalog changed"),
    ("catalog.defined", "Định nghĩa danh mục", "Catalog defined"),
    ("catalog.refused", "Từ chối đề nghị: sửa danh mục", "Refused: catalog entries"),
    ("catalog.request-lapsed", "Đề nghị quá hạn: sửa danh mục", "Request lapsed: catalog entries"),
    ("catalog.request-withdrawn", "Rút đề nghị: sửa danh mục", "Request withdrawn: catalog entries"),
    ("catalog.requested", "Đề nghị: sửa danh mục", "Asked for: catalog entries"),
    ("changes.begin-not-heard", "Ứng dụng không nhận báo mở đầu", "Begin of changes not heard"),
    ("changes.dropped", "Bỏ qua bản ghi tạm gác", "Parked record given up"),
    ("changes.end-not-heard", "Ứng dụng không nhận báo chấm dứt", "End of changes not heard"),
    ("changes.parked", "Tạm gác bản ghi không xử lý được", "Record parked"),
    ("changes.retried", "Báo lại bản ghi tạm gác", "Parked record told again"),
    ("changes.told", "Báo thay đổi cho ứng dụng", "Changes told"),
    ("clearance.refused", "Từ chối đề nghị: nâng độ mật", "Refused: higher clearance"),
    ("clearance.request-lapsed", "Đề nghị quá hạn: nâng độ mật", "Request lapsed: higher clearance"),
    ("clearance.request-withdrawn", "Rút đề nghị: nâng độ mật", "Request withdrawn: higher clearance"),
    ("clearance.requested", "Đề nghị: nâng độ mật", "Asked for: higher clearance"),
    ("clock.accepted", "Chấp nhận đồng hồ của máy chủ", "Clock accepted"),
    ("clock.set-back", "Đồng hồ của máy chủ bị lùi", "Clock set back"),
    ("contract.approved", "Đồng ý chia sẻ dữ liệu", "Contract agreed to"),
    ("contract.refused", "Từ chối chia sẻ dữ liệu", "Contract refused"),
    ("contract.replaced", "Thoả thuận được thay thế", "Contract replaced"),
    ("contract.requested", "Đề nghị chia sẻ dữ liệu", "Contract asked for"),
    ("contract.revoked", "Chấm dứt thoả thuận chia sẻ", "Contract ended"),
    ("contract.shortened", "Rút ngắn thời hạn thoả thuận", "Contract ends earlier"),
    ("contract.withdrawn", "Rút đề nghị chia sẻ", "Contract request withdrawn"),
    ("copies.due", "Bản sao hết hạn giữ", "Copies due for removal"),
    ("copies.justified", "Bản sao được giữ tiếp", "Copies may be kept on"),
    ("dataset.offered", "Cung cấp bộ dữ liệu", "Dataset offered"),
    ("dataset.read", "Đọc dữ liệu chia sẻ", "Shared data read"),
    ("delegation.begun", "Uỷ quyền có hiệu lực", "Delegation begun"),
    ("delegation.ended", "Chấm dứt uỷ quyền", "Delegation ended"),
    ("delegation.refused", "Từ chối đề nghị: uỷ quyền", "Refused: delegation"),
    ("delegation.request-lapsed", "Đề nghị quá hạn: uỷ quyền", "Request lapsed: delegation"),
    ("delegation.request-withdrawn", "Rút đề nghị: uỷ quyền", "Request withdrawn: delegation"),
    ("delegation.requested", "Đề nghị: uỷ quyền", "Asked for: delegation"),
    ("evidence.exported", "Xuất nhật ký", "Evidence exported"),
    ("file.brought", "Tải tệp lên", "File brought"),
    ("file.removed", "Xoá tệp", "File removed"),
    ("file.viewed", "Tải tệp về", "File downloaded"),
    ("form.submitted", "Gửi biểu mẫu", "Form submitted"),
    ("grant.given", "Cấp quyền", "Right given"),
    ("grant.refused", "Từ chối đề nghị: cấp quyền", "Refused: grant"),
    ("grant.request-lapsed", "Đề nghị quá hạn: cấp quyền", "Request lapsed: grant"),
    ("grant.request-withdrawn", "Rút đề nghị: cấp quyền", "Request withdrawn: grant"),
    ("grant.requested", "Đề nghị: cấp quyền", "Asked for: grant"),
    ("grant.withdrawn", "Thu hồi quyền", "Right withdrawn"),
    ("head.left", "Thôi quản trị tối cao", "Head administrator left"),
    ("head.named", "Chỉ định quản trị tối cao", "Head administrator named"),
    ("head.refused", "Từ chối đề nghị: quản trị tối cao", "Refused: head administrator"),
    ("head.request-lapsed", "Đề nghị quá hạn: quản trị tối cao", "Request lapsed: head administrator"),
    ("head.request-withdrawn", "Rút đề nghị: quản trị tối cao", "Request withdrawn: head administrator"),
    ("head.requested", "Đề nghị: quản trị tối cao", "Asked for: head administrator"),
    ("holding.refused", "Từ chối đề nghị: giao chức vụ", "Refused: position"),
    ("holding.request-lapsed", "Đề nghị quá hạn: giao chức vụ", "Request lapsed: position"),
    ("holding.request-withdrawn", "Rút đề nghị: giao chức vụ", "Request withdrawn: position"),
    ("holding.requested", "Đề nghị: giao chức vụ", "Asked for: position"),
    ("house.begun", "Khởi tạo hệ thống", "Platform begun"),
    ("job.cancelled", "Huỷ việc chạy nền", "Job cancelled"),
    ("job.failed", "Việc chạy nền dừng vì lỗi", "Job failed"),
    ("job.finished", "Việc chạy nền đã xong", "Job finished"),
    ("job.retried", "Chạy tiếp việc chạy nền", "Job retried"),
    ("job.started", "Giao việc chạy nền", "Job started"),
    ("key.created", "Tạo khoá niêm phong", "Sealing key made"),
    ("key.destroyed", "Huỷ khoá niêm phong", "Sealing key destroyed"),
    ("key.rotated", "Thay khoá niêm phong", "Sealing key rotated"),
    ("label.declassified", "Giải mật", "Declassified"),
    ("notice.sent", "Ứng dụng gửi thông báo", "Notice sent"),
    ("operator.break-glass", "Người vận hành can thiệp", "Operator overrode"),
    ("page.printed", "In trang", "Page printed"),
    ("password.change-failed", "Đổi mật khẩu không thành", "Password change failed"),
    ("password.changed", "Đổi mật khẩu", "Password changed"),
    ("password.released", "Cấp lại mật khẩu trực tiếp", "Password released in person"),
    ("password.set", "Đặt mật khẩu tạm", "Password set"),
    ("passwords.handed-out", "Giao danh sách mật khẩu tạm", "Temporary passwords handed out"),
    ("permission.declared", "Khai báo quyền", "Permission declared"),
    ("plugin.installed", "Cài ứng dụng", "Plugin installed"),
    ("plugin.quarantined", "Tạm ngừng ứng dụng lỗi liên tiếp", "Plugin quarantined"),
    ("plugin.recovered", "Ứng dụng hoạt động lại", "Plugin works again"),
    ("plugin.released", "Cho ứng dụng hoạt động lại", "Plugin released"),
    ("plugin.suspended", "Tạm ngừng ứng dụng", "Plugin suspended"),
    ("plugin.turned-away", "Ứng dụng không qua được kiểm tra khi cài", "Plugin turned away"),
    ("position.created", "Thêm chức vụ", "Position added"),
    ("position.held", "Giao chức vụ", "Position given"),
    ("position.released", "Thôi giữ chức vụ", "Position released"),
    ("public.granted", "Công khai nội dung", "Made public"),
    ("public.withdrawn", "Thôi công khai nội dung", "Public no more"),
    ("record.changed", "Sửa bản ghi", "Record changed"),
    ("record.created", "Thêm bản ghi", "Record created"),
    ("record.read", "Xem nội dung có độ mật", "Labelled data read"),
    ("record.removed", "Xoá bản ghi", "Record removed"),
    ("role.defined", "Định nghĩa vai trò", "Role defined"),
    ("root.refused", "Từ chối đề nghị: lập đơn vị gốc", "Refused: another root"),
    ("root.request-lapsed", "Đề nghị quá hạn: lập đơn vị gốc", "Request lapsed: another root"),
    ("root.request-withdrawn", "Rút đề nghị: lập đơn vị gốc", "Request withdrawn: another root"),
    ("root.requested", "Đề nghị: lập đơn vị gốc", "Asked for: another root"),
    ("rule.refused", "Từ chối theo quy định", "Refused by a rule"),
    ("second-factor.enrol-failed", "Đăng ký xác thực hai lớp không thành", "Second factor not enrolled"),
    ("second-factor.enrolled", "Đăng ký xác thực hai lớp", "Second factor enrolled"),
    ("second-factor.remove-failed", "Gỡ xác thực hai lớp không thành", "Second factor not removed"),
    ("second-factor.removed", "Gỡ xác thực hai lớp", "Second factor removed"),
    ("second-factor.reset", "Cấp lại xác thực hai lớp", "Second factor reset"),
    ("service.admitted", "Cấp quyền cho ứng dụng", "Plugin given a right"),
    ("service.dismissed", "Thu hồi quyền của ứng dụng", "Plugin's right withdrawn"),
    ("session.acting", "Bắt đầu làm thay", "Began to act for another"),
    ("session.acting-ended", "Thôi làm thay", "Stopped acting for another"),
    ("session.closed", "Đăng xuất", "Signed out"),
    ("session.ended", "Kết thúc phiên", "Session ended"),
    ("session.opened", "Đăng nhập", "Signed in"),
    ("session.refused", "Đăng nhập không thành", "Sign-in refused"),
    ("sessions.ended", "Kết thúc các phiên", "Sessions ended"),
    ("table.exported", "Xuất bảng ra tệp", "Table exported"),
    ("timer.dropped", "Bỏ qua hẹn giờ tạm gác", "Parked timer given up"),
    ("timer.fired", "Hẹn giờ của ứng dụng đến hạn", "Timer fired"),
    ("timer.parked", "Tạm gác hẹn giờ không xử lý được", "Timer parked"),
    ("timer.retried", "Cho hẹn giờ tạm gác chạy lại", "Parked timer fires again"),
    ("token.made", "Tạo mã truy cập", "Access token made"),
    ("token.make-failed", "Tạo mã truy cập không thành", "Access token not made"),
    ("token.revoked", "Thu hồi mã truy cập", "Access token revoked"),
    ("transfer.refused", "Từ chối đề nghị: chuyển đơn vị", "Refused: transfer"),
    ("transfer.request-lapsed", "Đề nghị quá hạn: chuyển đơn vị", "Request lapsed: transfer"),
    ("transfer.request-withdrawn", "Rút đề nghị: chuyển đơn vị", "Request withdrawn: transfer"),
    ("transfer.requested", "Đề nghị: chuyển đơn vị", "Asked for: transfer"),
    ("unit-move.refused", "Từ chối đề nghị: chuyển đơn vị cấp trên", "Refused: move of a unit"),
    ("unit-move.request-lapsed", "Đề nghị quá hạn: chuyển đơn vị cấp trên", "Request lapsed: move of a unit"),
    (
        "unit-move.request-withdrawn",
        "Rút đề nghị: chuyển đơn vị cấp trên",
        "Request withdrawn: move of a unit",
    ),
    ("unit-move.requested", "Đề nghị: chuyển đơn vị cấp trên", "Asked for: move of a unit"),
    ("unit.created", "Tạo đơn vị", "Unit created"),
    ("unit.domain-added", "Thêm tên miền", "Domain name added"),
    ("unit.domain-removed", "Gỡ tên miền", "Domain name removed"),
    ("unit.ended", "Kết thúc đơn vị", "Unit ended"),
    ("unit.moved", "Chuyển đơn vị", "Unit moved"),
    ("unit.renamed", "Đổi tên đơn vị", "Unit renamed"),
    ("unit.succeeded", "Ghi đơn vị kế thừa", "Successor recorded"),
    ("waiver.agreed", "Đồng ý miễn trừ", "Waiver agreed to"),
    ("waiver.asked", "Đề nghị miễn trừ", "Waiver asked for"),
    ("waiver.refused", "Từ chối miễn trừ", "Waiver refused"),
    (
        "witness.contradicted",
        "Nhật ký trái với bản lưu của bên chứng kiến",
        "The witness keeps another evidence",
    ),
];

/// What a deed is called; the way it is spelled where it has no words.
pub fn title(action: &str, language: Language) -> &str {
    match DEEDS.iter().find(|(known, ..)| *known == action) {
        None => action,
        Some((_, vi, en)) => match language {
            Language::Vi => vi,
            Language::En => en,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeds_stand_once_and_in_order() {
        assert!(DEEDS.windows(2).all(|pair| matches!(pair, [(one, ..), (next, ..)] if one < next)));
    }

    /// The source files of the host's crates, without their tests.
    fn sources(dir: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.file_name().unwrap().to_string_lossy().into_owned();
            if entry.is_dir() {
                if !["tests", "examples", "target"].contains(&&*name) {
                    sources(&entry, found);
                }
            } else if name.ends_with(".rs") && name != "tests.rs" {
                let text = std::fs::read_to_string(&entry).unwrap();
                found.push(text.split("#[cfg(test)]").next().unwrap_or_default().to_owned());
            }
        }
    }

    /// What follows a call that leaves evidence, or names a deed, up to the end of what it is given.
    const MARKS: [&str; 6] =
        [".evidence(", ".evidence_about(", "entry(", ".record(", "action: ", "let action = "];

    /// Whether it is spelled like a deed: `thing.done`.
    fn is_deed(text: &str) -> bool {
        let word = |word: &str| dinh_model::ids::is_name(word, 40);
        text.split_once('.').is_some_and(|(thing, done)| word(thing) && word(done))
    }

    #[test]
    fn every_deed_that_leaves_evidence_has_its_words() {
        let web = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
        let mut texts = Vec::new();
        sources(web.parent().unwrap(), &mut texts);
        let mut deeds = std::collections::BTreeSet::new();
        for text in &texts {
            for (at, mark) in MARKS.iter().flat_map(|mark| text.match_indices(mark)) {
                let rest = &text[at + mark.len()..];
                let end = rest.find(';').unwrap_or(rest.len());
                let literals = rest[..end].split('"').skip(1).step_by(2);
                deeds.extend(literals.filter(|literal| is_deed(literal)).map(str::to_owned));
            }
        }
        assert!(deeds.len() > 50, "the sources are read: {deeds:?}");
        let untold: Vec<_> = deeds.iter().filter(|deed| title(deed, Language::Vi) == deed.as_str()).collect();
        assert!(untold.is_empty(), "without words in this table: {untold:?}");
    }
}
