//! Why a component was not compiled.

use std::fmt;

use dinh_child::{Bound, ChildError};
use dinh_model::{Language, Localized};

use crate::Trip;

/// Why a component was not compiled. `Display` is the English of logs and commands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompileError {
    /// It is not valid, or not of what this host runs; why.
    Invalid(String),
    /// Compiling it reached a limit: `compile-memory-bytes`, `compile-cpu-milliseconds`, `compile-wall-milliseconds`,
    /// `compile-stack-bytes` or `native-code-bytes`.
    Limit(Trip),
    /// Others were being compiled all the time that one may wait.
    Busy,
    /// The compiler could not be started, or ended as it never should; what is known of it.
    Failed(String),
}

impl CompileError {
    /// What came of it, for monitoring: the limit where one was reached.
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::Limit(trip) => trip.what,
            Self::Busy => "busy",
            Self::Failed(_) => "failed",
        }
    }

    /// Whether the component is to blame: it would be refused again.
    pub fn is_of_the_component(&self) -> bool {
        matches!(self, Self::Invalid(_) | Self::Limit(_))
    }

    /// What happened and what to do about it.
    pub fn text(&self) -> Localized {
        let (vi, en) = match self {
            Self::Invalid(why) => (
                format!("không biên dịch được thành phần: {why}; hãy dựng lại bằng `dinh plugin build DIR`"),
                format!(
                    "the component cannot be compiled: {why}; build it anew with `dinh plugin build DIR`"
                ),
            ),
            Self::Limit(trip) => {
                let Trip { used, allowed, .. } = trip;
                let unit = unit(trip.what);
                let (vi, en) = (unit.get(Language::Vi), unit.get(Language::En));
                (
                    format!(
                        "biên dịch thành phần đã dùng {used} trên {allowed} {vi}; hãy làm cho nó nhỏ hơn: bỏ phần \
                         không dùng, chia nhỏ các hàm lớn, hoặc chia thành hai phần mềm"
                    ),
                    format!(
                        "compiling the component used {used} of {allowed} {en}; make it smaller: leave out what is \
                         not used, split up large functions, or make two plugins of it"
                    ),
                )
            }
            Self::Busy => (
                "máy chủ đang biên dịch các thành phần khác; hãy thử lại sau ít phút".to_owned(),
                "the server is compiling other components; try again in some minutes".to_owned(),
            ),
            Self::Failed(what) => (
                format!(
                    "trình biên dịch không hoàn thành ({what}); hãy thử lại và xem bộ nhớ còn trống của máy chủ"
                ),
                format!(
                    "the compiler did not finish ({what}); try again, and look at the machine's free memory"
                ),
            ),
        };
        Localized { vi, en }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for CompileError {}

impl From<ChildError> for CompileError {
    fn from(error: ChildError) -> Self {
        match error {
            ChildError::Limit { bound, used, allowed } => {
                Self::Limit(Trip { what: what(bound), used, allowed })
            }
            other => Self::Failed(other.to_string()),
        }
    }
}

fn what(bound: Bound) -> &'static str {
    match bound {
        Bound::Memory => "compile-memory-bytes",
        Bound::Cpu => "compile-cpu-milliseconds",
        Bound::Wall => "compile-wall-milliseconds",
        Bound::Stack => "compile-stack-bytes",
        Bound::Answer => "native-code-bytes",
    }
}

fn unit(what: &str) -> Localized {
    let (vi, en) = match what {
        "compile-memory-bytes" => ("byte bộ nhớ", "bytes of memory"),
        "compile-cpu-milliseconds" => ("mili giây thời gian xử lý", "milliseconds of processor time"),
        "compile-wall-milliseconds" => ("mili giây", "milliseconds"),
        "compile-stack-bytes" => ("byte ngăn xếp", "bytes of stack"),
        _ => ("byte mã máy", "bytes of native code"),
    };
    Localized { vi: vi.to_owned(), en: en.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_says_how_much_was_used_of_how_much_in_both_languages() {
        let trip = ChildError::Limit { bound: Bound::Cpu, used: 120_000, allowed: 120_000 };
        let error = CompileError::from(trip);
        assert_eq!(error.outcome(), "compile-cpu-milliseconds");
        let Localized { vi, en } = error.text();
        assert!(en.contains("used 120000 of 120000 milliseconds of processor time; make it smaller"), "{en}");
        assert!(vi.contains("đã dùng 120000 trên 120000 mili giây thời gian xử lý; hãy"), "{vi}");
    }
}
