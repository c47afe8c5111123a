//! How many rows of a day each contract has given.

use std::collections::HashMap;

use dinh_model::{ContractId, Date};
use parking_lot::Mutex;

/// Rows given today, by contract. Kept in memory and with the evidence of each read, so that a restart goes on from
/// what is durable.
#[derive(Debug, Default)]
pub struct Quotas(Mutex<HashMap<ContractId, (Date, u64)>>);

impl Quotas {
    /// Adds `rows` of a day, at least one: also that there is none is an answer. What would be more than `most` uses up
    /// what is left, so that nobody finds out by being refused again and again.
    /// `stored` says what is durable of the day, asked once for a contract and day.
    pub(super) fn spend<E>(
        &self,
        contract: ContractId,
        today: Date,
        rows: u64,
        most: u64,
        stored: impl FnOnce() -> Result<u64, E>,
    ) -> Result<Result<u64, u64>, E> {
        let mut all = self.0.lock();
        let used = match all.get(&contract) {
            Some((day, used)) if *day == today => *used,
            _ => stored()?,
        };
        let after = used.saturating_add(rows.max(1));
        let fits = after <= most;
        all.insert(contract, (today, after.min(most.max(used))));
        Ok(if fits { Ok(after) } else { Err(used) })
    }

    /// What was given on a day.
    pub(crate) fn used(&self, contract: ContractId, today: Date) -> Option<u64> {
        self.0.lock().get(&contract).filter(|(day, _)| *day == today).map(|(_, used)| *used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_gives_as_many_rows_as_agreed_and_the_next_begins_anew() {
        let quotas = Quotas::default();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let spend = |day, rows| quotas.spend(ContractId(1), day, rows, 10, || Ok::<_, ()>(4)).unwrap();
        assert_eq!(spend(day("2026-11-23"), 6), Ok(10), "four were durable before");
        assert_eq!(spend(day("2026-11-23"), 1), Err(10));
        assert_eq!(quotas.used(ContractId(1), day("2026-11-23")), Some(10));
        assert_eq!(
            quotas.spend(ContractId(1), day("2026-11-24"), 10, 10, || Ok::<_, ()>(0)).unwrap(),
            Ok(10)
        );
    }
}
