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
    ("bulk.abandoned", "Huỷ đợt nhập hàng loạt", "Bulk import abandoned"),
    ("bulk.opened", "Mở đợt nhập hàng loạt", "Bulk import opened"),
    ("bulk.published", "Công bố đợt nhập hàng loạt", "Bulk import published"),
    ("call.failed", "Ứng dụng gặp lỗi", "Plugin failed"),
    ("call.trapped", "Ứng dụng dừng đột ngột", "Plugin broke off"),
    ("call.tripped", "Ứng dụng vượt giới hạn", "Plugin reached a limit"),
    ("catalog.defined", "Định nghĩa danh mục", "Catalog defined"),
    ("catalog.imported", "Nhập danh mục", "Catalog imported"),
    ("clearance.refused", "Từ chối đề nghị: nâng độ mật", "Refused: higher clearance"),
    ("clearance.request-lapsed", "Đề nghị quá hạn: nâng độ mật", "Request lapsed: higher clearance"),
    ("clearance.request-withdrawn", "Rút đề nghị: nâng độ mật", "Request withdrawn: higher clearance"),
    ("clearance.requested", "Đề nghị: nâng độ mật", "Asked for: higher clearance"),
    ("delegation.begun", "Uỷ quyền có hiệu lực", "Delegation begun"),
    ("delegation.ended", "Chấm dứt uỷ quyền", "Delegation ended"),
    ("delegation.refused", "Từ chối đề nghị: uỷ quyền", "Refused: delegation"),
    ("delegation.request-lapsed", "Đề nghị quá hạn: uỷ quyền", "Request lapsed: delegation"),
    ("delegation.request-withdrawn", "Rút đề nghị: uỷ quyền", "Request withdrawn: delegation"),
    ("delegation.requested", "Đề nghị: uỷ quyền", "Asked for: delegation"),
    ("evidence.exported", "Xuất nhật ký", "Evidence exported"),
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
    ("operator.break-glass", "Người vận hành can thiệp", "Operator overrode"),
    ("password.change-failed", "Đổi mật khẩu không thành", "Password change failed"),
    ("password.changed", "Đổi mật khẩu", "Password changed"),
    ("password.released", "Cấp lại mật khẩu trực tiếp", "Password released in person"),
    ("password.set", "Đặt mật khẩu tạm", "Password set"),
    ("permission.declared", "Khai báo quyền", "Permission declared"),
    ("plugin.installed", "Cài ứng dụng", "Plugin installed"),
    ("position.created", "Thêm chức vụ", "Position added"),
    ("position.held", "Giao chức vụ", "Position given"),
    ("position.released", "Thôi giữ chức vụ", "Position released"),
    ("public.granted", "Công khai nội dung", "Made public"),
    ("public.withdrawn", "Thôi công khai nội dung", "Public no more"),
    ("record.changed", "Sửa bản ghi", "Record changed"),
    ("record.created", "Thêm bản ghi", "Record created"),
    ("record.removed", "Xoá bản ghi", "Record removed"),
    ("role.defined", "Định nghĩa vai trò", "Role defined"),
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
    ("token.made", "Tạo mã truy cập", "Access token made"),
    ("token.make-failed", "Tạo mã truy cập không thành", "Access token not made"),
    ("token.revoked", "Thu hồi mã truy cập", "Access token revoked"),
    ("transfer.refused", "Từ chối đề nghị: chuyển đơn vị", "Refused: transfer"),
    ("transfer.request-lapsed", "Đề nghị quá hạn: chuyển đơn vị", "Request lapsed: transfer"),
    ("transfer.request-withdrawn", "Rút đề nghị: chuyển đơn vị", "Request withdrawn: transfer"),
    ("transfer.requested", "Đề nghị: chuyển đơn vị", "Asked for: transfer"),
    ("unit.created", "Tạo đơn vị", "Unit created"),
    ("unit.domain-added", "Thêm tên miền", "Domain name added"),
    ("unit.domain-removed", "Gỡ tên miền", "Domain name removed"),
    ("unit.ended", "Kết thúc đơn vị", "Unit ended"),
    ("unit.moved", "Chuyển đơn vị", "Unit moved"),
    ("unit.renamed", "Đổi tên đơn vị", "Unit renamed"),
    ("unit.succeeded", "Ghi đơn vị kế thừa", "Successor recorded"),
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
}
