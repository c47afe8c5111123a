//! Phiếu chi: asked for by one person, approved by a second, paid by a third.

/// How far a voucher is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Chờ duyệt.
    Requested,
    /// Không duyệt.
    Refused,
    /// Chờ chi.
    Approved,
    /// Đã chi.
    Paid,
    /// Đã chi, then undone by a counter-entry of the fund.
    Reversed,
    /// Huỷ before it was paid.
    Cancelled,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Requested, Self::Refused, Self::Approved, Self::Paid, Self::Reversed, Self::Cancelled];

    /// As it is stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Refused => "refused",
            Self::Approved => "approved",
            Self::Paid => "paid",
            Self::Reversed => "reversed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The stage of a key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.key() == key)
    }

    /// Whether money may still go out for it.
    pub fn is_committed(self) -> bool {
        matches!(self, Self::Requested | Self::Approved)
    }
}

/// What is done to a voucher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Duyệt chi.
    Approve,
    /// Không duyệt.
    Refuse,
    /// Đề nghị cho chi vượt số dư: said by whoever is to pay.
    Report,
    /// Cho chi vượt số dư.
    Override,
    /// Chi.
    Pay,
    /// Huỷ.
    Cancel,
    /// Thu hồi: a payment undone.
    Reverse,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The voucher is not at that stage.
    Stage,
    /// Whoever does it has had another part in it.
    Person,
}

/// The stage after a step, by somebody who had these earlier parts in the voucher: asked, approved, overrode, paid. No
/// two of asking, approving and paying are the same person's; whoever lets the balance fall below zero pays nothing of it,
/// and has not asked for it; a payment is undone by another than made it.
pub fn after<P: PartialEq>(
    stage: Stage,
    step: Step,
    by: &P,
    (asked, approved, overrode, paid): (&P, Option<&P>, Option<&P>, Option<&P>),
) -> Result<Stage, Refusal> {
    let (to, had) = match (stage, step) {
        (Stage::Requested, Step::Approve) => (Stage::Approved, by == asked),
        (Stage::Requested, Step::Refuse) => (Stage::Refused, by == asked),
        (Stage::Approved, Step::Override) => (Stage::Approved, by == asked),
        (Stage::Approved, Step::Pay | Step::Report) => {
            let to = if step == Step::Pay { Stage::Paid } else { Stage::Approved };
            (to, by == asked || approved == Some(by) || overrode == Some(by))
        }
        (Stage::Requested | Stage::Approved, Step::Cancel) => (Stage::Cancelled, false),
        (Stage::Paid, Step::Reverse) => (Stage::Reversed, paid == Some(by)),
        _ => return Err(Refusal::Stage),
    };
    if had { Err(Refusal::Person) } else { Ok(to) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn three_people_ask_approve_and_pay() {
        let parts = |approved, overrode, paid| (&"an", approved, overrode, paid);
        let asked = parts(None, None, None);
        assert_eq!(after(Stage::Requested, Step::Approve, &"an", asked), Err(Refusal::Person));
        assert_eq!(after(Stage::Requested, Step::Approve, &"binh", asked), Ok(Stage::Approved));
        let approved = parts(Some(&"binh"), None, None);
        for by in ["an", "binh"] {
            assert_eq!(after(Stage::Approved, Step::Pay, &by, approved), Err(Refusal::Person));
        }
        assert_eq!(after(Stage::Approved, Step::Pay, &"chau", approved), Ok(Stage::Paid));
        let overrode = parts(Some(&"binh"), Some(&"chau"), None);
        assert_eq!(after(Stage::Approved, Step::Pay, &"chau", overrode), Err(Refusal::Person));
        let paid = parts(Some(&"binh"), None, Some(&"chau"));
        assert_eq!(after(Stage::Paid, Step::Reverse, &"chau", paid), Err(Refusal::Person));
        assert_eq!(after(Stage::Paid, Step::Reverse, &"binh", paid), Ok(Stage::Reversed));
        assert_eq!(after(Stage::Paid, Step::Pay, &"dung", paid), Err(Refusal::Stage));
    }

    fn step() -> impl Strategy<Value = Step> {
        let steps = [
            Step::Approve,
            Step::Refuse,
            Step::Report,
            Step::Override,
            Step::Pay,
            Step::Cancel,
            Step::Reverse,
        ];
        proptest::sample::select(steps.to_vec())
    }

    proptest! {
        #[test]
        fn whatever_is_tried_who_asked_approved_and_paid_are_three(
            tried in proptest::collection::vec((step(), 0..4_u8), 0..40)
        ) {
            let (asked, mut stage) = (0_u8, Stage::Requested);
            let (mut approved, mut overrode, mut paid) = (None, None, None);
            for (step, by) in tried {
                let parts = (&asked, approved.as_ref(), overrode.as_ref(), paid.as_ref());
                let Ok(next) = after(stage, step, &by, parts) else { continue };
                match step {
                    Step::Approve => approved = Some(by),
                    Step::Override => overrode = Some(by),
                    Step::Pay => paid = Some(by),
                    _ => {}
                }
                stage = next;
            }
            if let Some(paid) = paid {
                prop_assert!(approved.is_some() && Some(paid) != approved && Some(asked) != approved);
                prop_assert!(paid != asked && Some(paid) != overrode);
            }
        }
    }
}
