//! Why nobody was signed in, and what the person is told.

use std::time::Duration;

use dinh_model::{Language, Timestamp};

use crate::ServiceError;
use crate::accounts::temporary;

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name and password do not belong together, or the account may not sign in; which of these is not said.
    #[error("this name and password do not belong together")]
    Refused,
    /// The password is right; a code of the second factor is asked for, with [`Platform::sign_in_second`].
    #[error("a code of the second factor is needed")]
    SecondFactor {
        /// Stands for the first step, for five minutes; opens nothing by itself.
        ticket: String,
    },
    /// The password is right, and a temporary one whose days are over. Nobody is told who did not know it.
    #[error("this temporary password has expired")]
    Expired,
    /// The code is wrong, or was used already.
    #[error("the code is wrong, or was used already")]
    WrongCode,
    /// The ticket is over, or the password was changed meanwhile.
    #[error("the code came too late; sign in again")]
    TooLate,
    /// Too many failures for this name, whether or not an account has it.
    #[error("too many failed attempts; this name is locked until {until}")]
    Locked {
        /// When it opens by itself; an administrator can release it earlier.
        until: Timestamp,
    },
    /// Too many attempts from this address or at the same time.
    #[error("too many attempts; try again in {} s", .retry_after.as_secs())]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The platform could not tell.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl SignInError {
    /// What to tell the person.
    pub fn text(&self, language: Language) -> String {
        match (language, self) {
            (_, Self::Service(error)) => error.text(language),
            (Language::Vi, Self::Refused) => "Tên đăng nhập hoặc mật khẩu không đúng.".into(),
            (Language::En, Self::Refused) => "The name or the password is wrong.".into(),
            (Language::Vi, Self::SecondFactor { .. }) => {
                "Hãy nhập mã xác thực trên điện thoại, hoặc một mã khôi phục.".into()
            }
            (Language::En, Self::SecondFactor { .. }) => {
                "Enter the code that your phone shows, or a recovery code.".into()
            }
            (_, Self::Expired) => temporary::expired().get(language).to_owned(),
            (Language::Vi, Self::WrongCode) => {
                "Mã xác thực không đúng hoặc đã dùng rồi. Hãy chờ mã mới và kiểm tra giờ của điện thoại.".into()
            }
            (Language::En, Self::WrongCode) => {
                "The code is wrong or was used already. Wait for the next one, and check the clock of your phone.".into()
            }
            (Language::Vi, Self::TooLate) => "Đã quá thời gian nhập mã. Vui lòng đăng nhập lại.".into(),
            (Language::En, Self::TooLate) => "The code came too late. Please sign in again.".into(),
            (Language::Vi, Self::Locked { until }) => format!(
                "Nhập sai nhiều lần: tên đăng nhập này tạm khoá đến {}. Quản trị viên có thể mở khoá sớm hơn.",
                clock_time(*until)
            ),
            (Language::En, Self::Locked { until }) => format!(
                "Too many failed attempts: this name is locked until {}. An administrator can release it earlier.",
                clock_time(*until)
            ),
            (Language::Vi, Self::Throttled { retry_after }) => {
                format!("Quá nhiều lần thử. Vui lòng thử lại sau {} giây.", retry_after.as_secs())
            }
            (Language::En, Self::Throttled { retry_after }) => {
                format!("Too many attempts. Try again in {} seconds.", retry_after.as_secs())
            }
        }
    }
}

/// Hour and minute in Vietnam.
fn clock_time(moment: Timestamp) -> String {
    let local = jiff::tz::Offset::constant(7).to_datetime(moment);
    format!("{:02}:{:02}", local.hour(), local.minute())
}
