//! What can be lent, and who consents.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, GrantId};
use jiff::SignedDuration;

use super::{BORROWED, under};
use crate::accounts::{AccountState, StoredGrant, grants, heads, people, positions, units};
use crate::{Call, ServiceError};

/// The longest delegation: whoever is away for longer is replaced.
pub const LONGEST_DAYS: i64 = 366;
/// Most grants in one delegation.
pub const MOST_GRANTS: usize = 100;

/// Goes on only if this can be lent: asked when it is asked for, and again when it is consented to.
pub(in crate::accounts) fn check(
    call: &Call,
    lender: AccountId,
    borrower: AccountId,
    lent: &[GrantId],
    term: Term,
) -> Result<(), ServiceError> {
    if lender == borrower {
        return Err(refused(
            "delegation-to-oneself",
            lender,
            "Không thể uỷ quyền cho chính mình.",
            "Nobody lends rights to themselves.",
        ));
    }
    for account in [lender, borrower] {
        let account = people::get_account(call, account)?;
        if account.state != AccountState::Active {
            return Err(refused(
                "delegation-to-the-active",
                account.id,
                format!(
                    "Tài khoản “{}” không hoạt động, không thể uỷ quyền hoặc nhận uỷ quyền.",
                    account.login
                ),
                format!("The account “{}” is not active; it can neither lend nor borrow.", account.login),
            ));
        }
    }
    in_bounds(call, lender, term)?;
    if lent.is_empty() || lent.len() > MOST_GRANTS {
        return Err(ServiceError::invalid(
            format!("Hãy chọn từ 1 đến {MOST_GRANTS} phân quyền để uỷ quyền."),
            format!("Choose 1 to {MOST_GRANTS} grants to lend."),
        ));
    }
    for id in lent {
        is_the_lenders(call, lender, grants::get_grant(call, *id)?)?;
    }
    Ok(())
}

/// Whether the actor is the head administrator whose consent a delegation between these two needs. Being the head is
/// nothing that can be lent.
pub(in crate::accounts) fn is_consent(
    call: &Call,
    lender: AccountId,
    borrower: AccountId,
) -> Result<bool, ServiceError> {
    let Actor::Person { account, on_behalf_of: None } = *call.actor() else { return Ok(false) };
    Ok(consenting(call, lender, borrower)? == Some(account))
}

/// The head administrator whose consent a delegation between these two needs: that of the lender's unit, or of the
/// next above who is neither of them.
pub(in crate::accounts) fn consenting(
    call: &Call,
    lender: AccountId,
    borrower: AccountId,
) -> Result<Option<AccountId>, ServiceError> {
    let mut next = Some(people::get_account(call, lender)?.unit);
    while let Some(unit) = next {
        let Some(head) = heads::head_of(call, unit)? else { return Ok(None) };
        if head.account != lender && head.account != borrower {
            // A suspended account is no head, but the rules about heads are not relied upon here.
            let state = people::get_account(call, head.account)?.state;
            return Ok((state == AccountState::Active).then_some(head.account));
        }
        next = units::get_unit(call, head.unit)?.parent;
    }
    Ok(None)
}

fn in_bounds(call: &Call, lender: AccountId, term: Term) -> Result<(), ServiceError> {
    units::checked(term, people::subject(lender))?;
    let Some(until) = term.until else {
        return Err(refused(
            "delegation-has-an-end",
            lender,
            "Uỷ quyền phải có ngày kết thúc.",
            "A delegation has an end; give its last day.",
        ));
    };
    if until <= call.now() {
        return Err(refused(
            "term-is-over",
            lender,
            "Thời hạn uỷ quyền đã qua: hãy chọn “Đến hết ngày” từ hôm nay trở đi.",
            "The term of the delegation is already over; choose a last day from today on.",
        ));
    }
    let longest = SignedDuration::from_hours(24 * LONGEST_DAYS);
    if until.duration_since(term.from) > longest {
        return Err(refused(
            "delegation-too-long",
            lender,
            format!("Uỷ quyền dài tối đa {LONGEST_DAYS} ngày: hãy chọn ngày kết thúc sớm hơn."),
            format!("A delegation lasts {LONGEST_DAYS} days at most; let it end earlier."),
        ));
    }
    Ok(())
}

/// Goes on only with a grant that the lender has in their own right.
fn is_the_lenders(call: &Call, lender: AccountId, grant: StoredGrant) -> Result<(), ServiceError> {
    if has(call, lender, &grant)? {
        return Ok(());
    }
    for borrowed in under(call, BORROWED, lender)? {
        if borrowed.is_in_force(call.now()) && borrowed.grants.contains(&grant.id) {
            return Err(of_a_delegation(lender));
        }
    }
    Err(refused(
        "delegation-of-ones-own",
        lender,
        format!("Người uỷ quyền không có phân quyền {}: chỉ uỷ quyền được quyền của chính mình.", grant.id),
        format!("The lender does not hold grant {}; one lends one's own rights only.", grant.id),
    ))
}

/// Whether an account has a grant, directly or by a position it holds now.
pub(super) fn has(call: &Call, account: AccountId, grant: &StoredGrant) -> Result<bool, ServiceError> {
    if grant.withdrawn.is_some() {
        return Ok(false);
    }
    match grant.to {
        Grantee::Account(to) => Ok(to == account),
        Grantee::Position(position) => {
            let held = positions::held_by(call, account)?;
            Ok(held.iter().any(|held| held.position == position && held.term.contains(call.now())))
        }
    }
}

pub(super) fn of_a_delegation(lender: AccountId) -> ServiceError {
    refused(
        "delegation-of-a-delegation",
        lender,
        "Quyền nhận uỷ quyền không được uỷ quyền lại cho người khác.",
        "Rights that were lent are not lent on.",
    )
}

fn refused(
    rule: &'static str,
    subject: AccountId,
    vi: impl Into<String>,
    en: impl Into<String>,
) -> ServiceError {
    ServiceError::refused(rule, people::subject(subject), vi, en)
}
