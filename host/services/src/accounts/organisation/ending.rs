//! The end of a unit: refused while anything still belongs to it, so that nobody is left in a unit that is gone.
//!
//! ```text
//! units below last longer? ─ accounts, requests, transfers, delegations, held positions? ─▶ the unit has an end
//!                                                                                  and takes nobody any more
//! ```
//! Grants for the unit stay: its records are still there to be read. Its own head administrator stays to the end where
//! nobody above could take that place over, and leaves with the account afterwards ([`super::heads`]).

use std::fmt::Display;

use dinh_model::{AccountId, Date, DelegationId, PositionId, RequestId, Target, UnitId};
use dinh_store::Direction;

use super::{heads, positions, units};
use crate::accounts::requests::{self, Asked};
use crate::accounts::{Account, AccountState, Unit, delegations};
use crate::call::decode;
use crate::permissions::UNIT_MANAGE;
use crate::{Call, ServiceError, catalog, space};

/// Things of one kind that a refusal names one by one; those beyond are counted.
const NAMED: usize = 5;

/// Ends a unit's term: `until` is the first day on which it no longer exists. From then on nobody comes to it, and no
/// unit begins under it. Refused, with what is left and what to do about it, while accounts (its head apart, when there
/// is none above), open requests, transfers under way, delegations of grants for it, held positions, or units below
/// that last longer belong to it, or a catalog does. Needs `dinh.unit.manage` for it.
pub fn end_unit(call: &mut Call, id: UnitId, until: Date) -> Result<(), ServiceError> {
    let mut unit = units::get_unit(call, id)?;
    call.require(&UNIT_MANAGE, &Target::unit(id))?;
    if until <= unit.valid_from {
        return Err(ServiceError::refused(
            "term-backwards",
            units::subject(id),
            format!(
                "Đơn vị bắt đầu từ ngày {}: hãy chọn ngày kết thúc sau ngày đó.",
                unit.valid_from.strftime("%d/%m/%Y")
            ),
            format!("The unit began on {}; choose a last day after it.", unit.valid_from),
        ));
    }
    let left = Left::in_unit(call, &unit, until)?;
    if !left.is_nothing() {
        return Err(left.refusal(&unit));
    }
    unit.valid_until = Some(until);
    call.save(space::unit(id), &unit)?;
    call.evidence("unit.ended", units::subject(id), [("until", until.to_string())]);
    Ok(())
}

/// What still belongs to a unit. All of it is relied upon: what comes meanwhile makes the end conflict.
#[derive(Default)]
struct Left {
    /// Codes of units below it that last longer.
    below: Vec<String>,
    /// Logins.
    accounts: Vec<String>,
    requests: Vec<RequestId>,
    transfers: Vec<RequestId>,
    delegations: Vec<DelegationId>,
    positions: Vec<PositionId>,
    /// Names of catalogs that nobody would decide about.
    catalogs: Vec<String>,
}

impl Left {
    fn in_unit(call: &Call, unit: &Unit, until: Date) -> Result<Self, ServiceError> {
        let mut left = Self::default();
        for below in units::list_all_units(call, Some(unit.id))? {
            if below.valid_until.is_none_or(|end| end > until) {
                left.below.push(below.code);
            }
        }
        let last = last_head(call, unit)?;
        for item in call.transaction.range(&[space::ACCOUNT], Some(&[space::ACCOUNT + 1]), Direction::Forward)
        {
            let (key, stored) = item?;
            let account: Account = decode(&key, &stored.value)?;
            // One that waits is under the requests.
            let stands = matches!(account.state, AccountState::Active | AccountState::Suspended);
            if account.unit == unit.id && stands && last != Some(account.id) {
                left.accounts.push(account.login);
            }
        }
        for request in requests::open_in_unit(call, unit.id)? {
            match request.asked {
                Asked::Transfer { .. } => left.transfers.push(request.id),
                _ => left.requests.push(request.id),
            }
        }
        left.delegations = delegations::lent_for_unit(call, unit.id)?;
        for position in positions::positions_in(call, unit.id)? {
            let held = positions::holders(call, position.id)?;
            if held.iter().any(|held| held.term.until.is_none_or(|until| call.now() < until)) {
                left.positions.push(position.id);
            }
        }
        let owned = catalog::catalogs(call)?.into_iter().map(|catalog| catalog.definition);
        left.catalogs = owned.filter(|owned| owned.owner == Some(unit.id)).map(|owned| owned.name).collect();
        Ok(left)
    }

    fn is_nothing(&self) -> bool {
        let Self { below, accounts, requests, transfers, delegations, positions, catalogs } = self;
        below.is_empty()
            && accounts.is_empty()
            && requests.is_empty()
            && transfers.is_empty()
            && delegations.is_empty()
            && positions.is_empty()
            && catalogs.is_empty()
    }

    fn refusal(&self, unit: &Unit) -> ServiceError {
        let (mut vi, mut en) = (Vec::new(), Vec::new());
        let mut say = |of: Option<(usize, String)>, what: [&str; 2], remedy: [&str; 2]| {
            if let Some((count, named)) = of {
                let ([what_vi, what_en], [remedy_vi, remedy_en]) = (what, remedy);
                vi.push(format!("{count} {what_vi} ({named}): {remedy_vi}"));
                en.push(format!("{what_en}: {count} ({named}); {remedy_en}"));
            }
        };
        say(
            named(&self.below),
            ["đơn vị trực thuộc tồn tại lâu hơn", "units below that last longer"],
            ["hãy kết thúc hoặc chuyển đơn vị đó trước", "end or move them first"],
        );
        say(
            named(&self.accounts),
            ["tài khoản", "accounts"],
            ["hãy chuyển đơn vị hoặc đóng", "transfer or close them"],
        );
        say(
            named(&self.transfers),
            ["đề nghị chuyển đơn vị chưa xong", "transfers under way"],
            ["hãy phê duyệt, từ chối hoặc rút", "approve, refuse or withdraw them"],
        );
        say(
            named(&self.requests),
            ["đề nghị đang chờ", "open requests"],
            ["hãy phê duyệt, từ chối hoặc rút", "approve, refuse or withdraw them"],
        );
        say(named(&self.delegations), ["uỷ quyền", "delegations"], ["hãy kết thúc uỷ quyền", "end them"]);
        say(
            named(&self.positions),
            ["chức vụ còn người giữ", "held positions"],
            ["hãy cho thôi giữ chức vụ", "release their holders"],
        );
        say(
            named(&self.catalogs),
            ["danh mục do đơn vị quản lý", "catalogs that it owns"],
            ["hãy giao cho đơn vị khác", "hand them to another unit"],
        );
        ServiceError::refused(
            "unit-not-empty",
            units::subject(unit.id),
            format!("Chưa kết thúc được đơn vị “{}”: còn {}.", unit.name, vi.join("; ")),
            format!("The unit “{}” cannot end yet; {}.", unit.code, en.join("; ")),
        )
    }
}

/// The head that stays to the end, because nobody above could take over.
fn last_head(call: &Call, unit: &Unit) -> Result<Option<AccountId>, ServiceError> {
    let above = match unit.parent {
        Some(parent) => heads::head_of(call, parent)?,
        None => None,
    };
    match above {
        Some(_) => Ok(None),
        None => Ok(heads::own_head(call, unit.id)?.map(|head| head.account)),
    }
}

/// How many there are, and the first by name; none when there are none.
fn named(found: &[impl Display]) -> Option<(usize, String)> {
    let mut names: Vec<String> = found.iter().take(NAMED).map(ToString::to_string).collect();
    names.extend((found.len() > NAMED).then(|| "…".to_owned()));
    (!found.is_empty()).then(|| (found.len(), names.join(", ")))
}
