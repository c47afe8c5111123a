//! The accounts, by number: whether each may act, what it holds, what it has borrowed.

use std::ops::Range;

use dinh_model::{AccountId, Label};

use crate::tree::too_large;
use crate::{AccountFact, CompileError};

/// What one person has lent another.
#[derive(Clone, Debug)]
pub(crate) struct Loan {
    pub lender: AccountId,
    pub rights: Range<u32>,
}

/// All accounts. Those that are not active hold nothing and have borrowed nothing, so that a check need
/// not ask.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// By number: none when unknown or not active.
    clearances: Vec<Option<Label>>,
    /// By number: where their compiled grants begin; one more at the end.
    starts: Vec<u32>,
    /// By number: where their loans begin; one more at the end.
    loan_starts: Vec<u32>,
    loans: Vec<Loan>,
}

impl People {
    /// Highest number of an account: accounts are looked up in arrays by number.
    pub const HIGHEST_NUMBER: usize = (1 << 22) - 1;

    pub fn new(roll: &Roll) -> Self {
        let clearance =
            |fact: &Option<AccountFact>| fact.filter(|fact| fact.active).map(|fact| fact.clearance);
        let size = roll.0.len() + 1;
        Self {
            clearances: roll.0.iter().map(clearance).collect(),
            starts: Vec::with_capacity(size),
            loan_starts: Vec::with_capacity(size),
            loans: Vec::new(),
        }
    }

    /// Says that compiled grants from `start` on are those of `account`; accounts come in order.
    pub fn begin_rights(&mut self, account: AccountId, start: u32) {
        fill(&mut self.starts, account.0 as usize + 1, start);
    }

    /// Says that there are no more compiled grants of people's own.
    pub fn end_rights(&mut self, end: u32) {
        let size = self.len() + 1;
        fill(&mut self.starts, size, end);
    }

    /// Adds a loan; borrowers come in order.
    pub fn push_loan(&mut self, borrower: AccountId, loan: Loan) {
        let start = u32::try_from(self.loans.len()).unwrap_or(u32::MAX);
        fill(&mut self.loan_starts, borrower.0 as usize + 1, start);
        self.loans.push(loan);
    }

    /// Says that there are no more loans.
    pub fn end_loans(&mut self) {
        let end = u32::try_from(self.loans.len()).unwrap_or(u32::MAX);
        let size = self.len() + 1;
        fill(&mut self.loan_starts, size, end);
    }

    /// How many numbers of accounts there are, also such as no account has.
    fn len(&self) -> usize {
        self.clearances.len()
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
        let loans = slot(&self.loan_starts, borrower);
        let loans = self.loans.get(loans.start as usize..loans.end as usize).unwrap_or_default();
        loans.iter().find(|loan| loan.lender == lender).map_or(0..0, |loan| loan.rights.clone())
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
        too_large("highest number of an account", size.saturating_sub(1), People::HIGHEST_NUMBER)?;
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

    pub fn get(&self, account: AccountId) -> Option<&AccountFact> {
        self.0.get(account.0 as usize)?.as_ref()
    }
}
