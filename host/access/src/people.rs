//! The accounts, by number: whether each may act, what it holds, what it has borrowed.

use std::ops::Range;

use dinh_model::{AccountId, Label};

use crate::resolve::{Accounts, Lent};
use crate::rights::{Rights, offset};
use crate::tree::too_large;
use crate::{AccountFact, CompileError};

/// What one person has lent another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loan {
    pub lender: AccountId,
    pub rights: Range<u32>,
}

/// All accounts. Those that are not active hold nothing and have borrowed nothing, so that a check need
/// not ask.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct People {
    /// By number: none when unknown or not active.
    clearances: Vec<Option<Label>>,
    /// By number: where their compiled grants begin; one more at the end.
    starts: Vec<u32>,
    /// By number: where their loans begin; one more at the end.
    loan_starts: Vec<u32>,
    loans: Vec<Loan>,
}

/// Highest number of an account: accounts are looked up in arrays by number.
pub(crate) const HIGHEST_ACCOUNT: usize = (1 << 22) - 1;

impl People {
    /// People with their own compiled grants, nothing lent yet. `starts` has one more than `clearances`.
    pub fn new(clearances: Vec<Option<Label>>, starts: Vec<u32>) -> Self {
        let loan_starts = Vec::with_capacity(starts.len());
        Self { clearances, starts, loan_starts, loans: Vec::new() }
    }

    /// Adds what a borrower was lent, with its rights; borrowers come in order.
    pub fn push_loan(&mut self, lent: &Lent, rights: &mut Rights) {
        let start = offset(rights.len());
        for (right, span, grant) in &lent.rights {
            rights.push(*right, *span, *grant);
        }
        self.keep_loan(lent.borrower, Loan { lender: lent.lender, rights: start..offset(rights.len()) });
    }

    /// Adds a loan whose rights are there; borrowers come in order.
    pub fn keep_loan(&mut self, borrower: AccountId, loan: Loan) {
        fill(&mut self.loan_starts, borrower.0 as usize + 1, offset(self.loans.len()));
        self.loans.push(loan);
    }

    /// Says that there are no more loans.
    pub fn end_loans(&mut self) {
        let size = self.clearances.len() + 1;
        fill(&mut self.loan_starts, size, offset(self.loans.len()));
    }

    /// People, nothing lent yet, of whom some have so many other grants of their own than before, or may act
    /// otherwise; they come in order. Beside them the grants of the others: what lies before each of those
    /// some, and what lies behind the last.
    pub fn replacing(
        &self,
        replaced: impl ExactSizeIterator<Item = (AccountId, Option<Label>, usize)> + Clone,
    ) -> (Self, Vec<Range<u32>>) {
        let highest = replaced.clone().map(|(account, ..)| account.0 as usize + 1).max();
        let size = self.clearances.len().max(highest.unwrap_or(0));
        let end = self.end_of_own();
        let mut clearances = self.clearances.clone();
        clearances.resize(size, None);
        let mut starts = self.starts.clone();
        starts.resize(size + 1, end);
        let mut kept = Vec::with_capacity(replaced.len() + 1);
        // How much later, modulo 2³², what follows begins; and how far that was done.
        let (mut later, mut done, mut copied) = (0_u32, 0, 0);
        for (account, clearance, count) in replaced {
            let number = account.0 as usize;
            if let Some(slot) = clearances.get_mut(number) {
                *slot = clearance;
            }
            let old = starts.get(number..).and_then(<[u32]>::first_chunk::<2>).copied();
            let [start, end] = old.unwrap_or([end, end]);
            for start in starts.get_mut(done..=number).unwrap_or_default() {
                *start = start.wrapping_add(later);
            }
            kept.push(copied..start);
            (copied, done) = (end, number + 1);
            later = later.wrapping_add(offset(count)).wrapping_sub(end - start);
        }
        for start in starts.get_mut(done..).unwrap_or_default() {
            *start = start.wrapping_add(later);
        }
        kept.push(copied..end);
        (Self::new(clearances, starts), kept)
    }

    /// How many numbers of accounts there are, also such as no account has.
    pub fn len(&self) -> usize {
        self.clearances.len()
    }

    /// What a person has borrowed, by lender.
    pub fn loans_of(&self, borrower: AccountId) -> &[Loan] {
        let loans = slot(&self.loan_starts, borrower);
        self.loans.get(loans.start as usize..loans.end as usize).unwrap_or_default()
    }

    /// Everybody who has borrowed something, in order, with what.
    pub fn loans(&self) -> impl Iterator<Item = (AccountId, &[Loan])> {
        let borrowed = |(number, pair): (u32, &[u32])| {
            let &[start, end] = pair else { return None };
            let loans = self.loans.get(start as usize..end as usize)?;
            (!loans.is_empty()).then_some((AccountId(number), loans))
        };
        (0..).zip(self.loan_starts.windows(2)).filter_map(borrowed)
    }

    /// Where people's own grants end and what is lent begins.
    pub fn end_of_own(&self) -> u32 {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Whose own grant lies at an index.
    pub fn holder(&self, index: u32) -> AccountId {
        let after = self.starts.partition_point(|start| *start <= index);
        AccountId(u32::try_from(after.saturating_sub(1)).unwrap_or(u32::MAX))
    }

    /// What a person is cleared for; none when unknown or not active.
    pub fn clearance(&self, account: AccountId) -> Option<Label> {
        self.clearances.get(account.0 as usize).copied().flatten()
    }

    /// The compiled grants of a person's own.
    #[inline]
    pub fn own(&self, account: AccountId) -> Range<u32> {
        slot(&self.starts, account)
    }

    /// The compiled grants that one person has lent another.
    pub fn lent(&self, borrower: AccountId, lender: AccountId) -> Range<u32> {
        self.loans_of(borrower)
            .iter()
            .find(|loan| loan.lender == lender)
            .map_or(0..0, |loan| loan.rights.clone())
    }

    /// The compiled grants a person uses: their own, or what `lender` lent them.
    pub fn rights(&self, account: AccountId, lender: Option<AccountId>) -> Range<u32> {
        lender.map_or_else(|| self.own(account), |lender| self.lent(account, lender))
    }
}

/// The same start for all numbers up to `size` that have none yet.
fn fill(starts: &mut Vec<u32>, size: usize, start: u32) {
    if starts.len() < size {
        starts.resize(size, start);
    }
}

#[inline]
fn slot(starts: &[u32], account: AccountId) -> Range<u32> {
    match starts.get(account.0 as usize..).and_then(<[u32]>::first_chunk::<2>) {
        Some([start, end]) => *start..*end,
        None => 0..0,
    }
}

/// Accounts by number while compiling.
pub(crate) struct Roll(Vec<Option<AccountFact>>);

impl Roll {
    pub fn new(facts: &[AccountFact]) -> Result<Self, CompileError> {
        let size = facts.iter().map(|fact| fact.id.0 as usize + 1).max().unwrap_or(0);
        too_large("highest number of an account", size.saturating_sub(1), HIGHEST_ACCOUNT)?;
        let mut roll = vec![None; size];
        for fact in facts {
            if let Some(slot) = roll.get_mut(fact.id.0 as usize)
                && slot.replace(*fact).is_some()
            {
                return Err(CompileError::Twice { what: "account", id: fact.id.to_string() });
            }
        }
        Ok(Self(roll))
    }

    /// How many numbers of accounts there are, also such as no account has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// By number: what those who may act are cleared for.
    pub fn clearances(&self) -> Vec<Option<Label>> {
        let clearance =
            |fact: &Option<AccountFact>| fact.filter(|fact| fact.active).map(|fact| fact.clearance);
        self.0.iter().map(clearance).collect()
    }
}

impl Accounts for Roll {
    fn account(&self, account: AccountId) -> Option<&AccountFact> {
        self.0.get(account.0 as usize)?.as_ref()
    }
}
