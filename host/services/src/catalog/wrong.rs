//! What can be wrong with an entry, in words.

use dinh_model::Language;

/// What can be wrong with an entry.
pub(super) enum Wrong {
    Code,
    Name,
    Hidden,
    Between,
    Long(u32),
    Attribute,
    Twice(u32),
    Term,
    UnknownCode,
    Itself,
    Cycle,
    OutsideParent,
    EndsBeforeChild(String),
    Succession,
    AfterSuccessor(String),
}

impl Wrong {
    /// What is wrong, and what to do about it.
    pub(super) fn words(&self, language: Language) -> (String, String) {
        let (message, remedy): (String, &str) = match (self, language) {
            (Self::Code, Language::Vi) => {
                ("mã có ký tự không dùng được".into(), "Chỉ dùng a–z, A–Z, 0–9, “.”, “-”, “_”, “/”.")
            }
            (Self::Code, Language::En) => (
                "a code with characters that cannot be used".into(),
                "Use a–z, A–Z, 0–9, “.”, “-”, “_”, “/” only.",
            ),
            (Self::Name, Language::Vi) => ("tên không có chữ hoặc số".into(), "Ghi tên đầy đủ."),
            (Self::Name, Language::En) => ("a name without letters or digits".into(), "Write the full name."),
            (Self::Long(most), Language::Vi) => (format!("dài hơn {most} ký tự"), "Rút ngắn lại."),
            (Self::Long(most), Language::En) => (format!("longer than {most} characters"), "Shorten it."),
            (Self::Twice(line), Language::Vi) => {
                (format!("mã đã có ở dòng {line}"), "Giữ lại một dòng cho mỗi mã.")
            }
            (Self::Twice(line), Language::En) => {
                (format!("the code is on line {line} already"), "Keep one line for each code.")
            }
            (Self::Hidden, Language::Vi) => ("có ký tự ẩn".into(), "Gõ lại không có ký tự đó."),
            (Self::Hidden, Language::En) => ("a hidden character".into(), "Type it without."),
            (Self::Between, Language::Vi) => {
                ("tên gọi khác có dấu “|”, là dấu ngăn cách".into(), "Bỏ dấu “|”.")
            }
            (Self::Between, Language::En) => {
                ("an alias with “|”, which stands between aliases".into(), "Leave it out.")
            }
            (Self::Attribute, Language::Vi) => {
                ("giá trị không đúng kiểu của thuộc tính".into(), "Xem kiểu của thuộc tính trong danh mục.")
            }
            (Self::Attribute, Language::En) => {
                ("a value that the attribute does not take".into(), "See the attribute's type.")
            }
            (Self::OutsideParent, Language::Vi) => (
                "hiệu lực không nằm trong hiệu lực của mã cấp trên".into(),
                "Sửa ngày hiệu lực của mã này hoặc của mã cấp trên.",
            ),
            (Self::OutsideParent, Language::En) => (
                "the term is not within that of the code above".into(),
                "Correct the term of this entry, or of the one above.",
            ),
            (Self::EndsBeforeChild(code), Language::Vi) => (
                format!("mã cấp dưới “{code}” còn hiệu lực ngoài thời gian này"),
                "Kết thúc hoặc chuyển các mã cấp dưới trước.",
            ),
            (Self::EndsBeforeChild(code), Language::En) => {
                (format!("{code:?} below it holds outside this term"), "End or move the codes below first.")
            }
            (Self::AfterSuccessor(code), Language::Vi) => (
                format!("mã kế thừa “{code}” bắt đầu trước hoặc cùng ngày"),
                "Kiểm tra ngày bắt đầu của cả hai mã.",
            ),
            (Self::AfterSuccessor(code), Language::En) => (
                format!("its successor {code:?} begins on that day or before"),
                "Check the first days of both.",
            ),
            (Self::Term, Language::Vi) => (
                "ngày kết thúc không sau ngày bắt đầu".into(),
                "Ngày kết thúc là ngày đầu tiên mã không còn hiệu lực.",
            ),
            (Self::Term, Language::En) => (
                "the term does not end after it begins".into(),
                "`valid_until` is the first day on which the code no longer holds.",
            ),
            (Self::UnknownCode, Language::Vi) => (
                "mã này không có trong tệp và trong danh mục".into(),
                "Sửa mã, hoặc thêm một dòng cho mã này.",
            ),
            (Self::UnknownCode, Language::En) => (
                "this code is neither in the file nor in the catalog".into(),
                "Correct the code, or add a line for it.",
            ),
            (Self::Itself, Language::Vi) => ("mã trỏ đến chính nó".into(), "Để trống hoặc ghi mã khác."),
            (Self::Itself, Language::En) => {
                ("the entry names itself".into(), "Leave it empty, or name another code.")
            }
            (Self::Cycle, Language::Vi) => {
                ("các mã cấp trên tạo thành vòng".into(), "Sửa mã cấp trên để không quay lại chính mã này.")
            }
            (Self::Cycle, Language::En) => (
                "the codes above lead back to this one".into(),
                "Correct the parent so that it does not lead back.",
            ),
            (Self::Succession, Language::Vi) => {
                ("mã tiền thân không bắt đầu trước mã này".into(), "Kiểm tra ngày bắt đầu của cả hai mã.")
            }
            (Self::Succession, Language::En) => {
                ("the predecessor does not begin before this entry".into(), "Check the first days of both.")
            }
        };
        (message, remedy.to_owned())
    }
}
