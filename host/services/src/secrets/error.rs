//! Why something sealed cannot be read or written.

use dinh_model::Language;

use super::KeyError;

/// Why something sealed cannot be read or written. `Display` is for logs and commands, [`text`](Self::text) for pages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Its key cannot be used now.
    #[error("what is sealed for {owner} is unavailable: {key}")]
    Key {
        /// Whose data it is: a plugin's id, or `dinh` for the platform's own.
        owner: String,
        /// Why.
        key: KeyError,
    },
    /// Its key was destroyed, and it with it.
    #[error("what was sealed for {owner} was destroyed with its key, and nobody can read it any more")]
    Destroyed {
        /// Whose data it was.
        owner: String,
    },
    /// It does not open: it was changed, or moved from where it was sealed.
    #[error("sealed data of {owner} was changed or moved and does not open; restore a backup or report this")]
    Altered {
        /// Whose data it is.
        owner: String,
    },
}

impl SealError {
    /// What to tell a person: nothing of files.
    pub fn text(&self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Key { .. }, Language::Vi) => {
                "Dữ liệu mật và dữ liệu cá nhân ở đây tạm thời không đọc được vì hệ thống thiếu khoá mở niêm phong. \
                 Vui lòng báo quản trị viên."
            }
            (Self::Key { .. }, Language::En) => {
                "What is confidential or personal here cannot be read at present: the platform lacks the key. \
                 Please tell the administrator."
            }
            (Self::Destroyed { .. }, Language::Vi) => {
                "Dữ liệu đã huỷ: khoá niêm phong của dữ liệu này đã bị huỷ, không ai đọc lại được."
            }
            (Self::Destroyed { .. }, Language::En) => {
                "This data was destroyed: its key is gone, and nobody can read it any more."
            }
            (Self::Altered { .. }, Language::Vi) => {
                "Dữ liệu niêm phong không mở được vì đã bị thay đổi. Vui lòng báo quản trị viên."
            }
            (Self::Altered { .. }, Language::En) => {
                "Sealed data was altered and does not open. Please tell the administrator."
            }
        }
    }
}
